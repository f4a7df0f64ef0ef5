"""The views that somebody may open: everybody's, their own, and those of their teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from dashboard.models.account import Account
from dashboard.models.rights import Right, may
from dashboard.models.saved_view import SavedView
from dashboard.models.seen import SeenTeam, teams_of
from dashboard.models.user import User
from dashboard.models.view_query import ViewQuery
from dashboard.views.system_views import SYSTEM_VIEWS


@dataclass(frozen=True)
class SeenView:
    """`saved` is None for a view that everybody has. `query` is what its link says."""

    name: str
    query: ViewQuery
    saved: SavedView | None = None

    @property
    def url(self) -> str:
        return url_of(self.query)


def url_of(query: ViewQuery) -> str:
    told = str(query)
    return f"{reverse('board')}?{told}" if told else reverse("board")


class SeenViews:
    """What a page tells one person about views. Queries: teams, views, and accounts where one is named."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def teams(self) -> list[SeenTeam]:
        return teams_of(self.user.pk)

    @cached_property
    def accounts(self) -> dict[int, str]:
        """The names of those that the person sees, by id."""
        return dict(Account.objects.visible_to(self.user).values_list("pk", "name"))

    @cached_property
    def _saved(self) -> list[SeenView]:
        teams = [team.id for team in self.teams if may(team.role, Right.SEE)]
        marks = ", ".join(["%s"] * len(teams)) or "NULL"
        # By hand: each page of the board asks it, and the ORM takes longer to write it than the database to answer.
        found = SavedView.objects.raw(
            "SELECT * FROM dashboard_savedview "  # noqa: S608  only marks are put in
            f"WHERE user_id = %s OR team_id IN ({marks}) ORDER BY name, id",
            [self.user.pk, *teams],
        )
        return [SeenView(view.name, ViewQuery.read(view.query).of_team(view.team_id), view) for view in found]

    def system(self, team: int | None) -> list[SeenView]:
        """They stay within the team that is looked at."""
        return [SeenView(name, query.of_team(team)) for name, query in SYSTEM_VIEWS.items()]

    @property
    def mine(self) -> list[SeenView]:
        return [view for view in self._saved if view.saved and view.saved.user_id]

    def of_team(self, team: int) -> list[SeenView]:
        return [view for view in self._saved if view.saved and view.saved.team_id == team]

    @property
    def in_teams(self) -> list[SeenView]:
        return [view for team in self.teams for view in self.of_team(team.id)]

    def leads(self, query: ViewQuery) -> bool:
        """Whether there is still something where it leads: who has left a team sees nothing of it."""
        knows_team = query.team is None or query.team in {team.id for team in self.teams}
        return knows_team and (query.account is None or query.account in self.accounts)

    @property
    def only_team(self) -> int | None:
        return self.teams[0].id if len(self.teams) == 1 else None

    @property
    def may_keep(self) -> bool:
        return any(may(team.role, Right.KEEP_PRIVATE_VIEWS) for team in self.teams)

    @property
    def teams_to_keep_for(self) -> Sequence[SeenTeam]:
        return [team for team in self.teams if may(team.role, Right.KEEP_TEAM_VIEWS)]
