"""What people say about a new token. Offered is only what they may give away themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django import forms

from dashboard.clock import DAY, now_ms
from dashboard.forms.teams import NO_ROLE, one_line
from dashboard.models.account import Account
from dashboard.models.rights import Right
from dashboard.models.team import Membership, Role
from dashboard.models.token import LONGEST, MOST_OPEN, Token
from dashboard.models.user import User

USUAL_DAYS = 90
DAYS = (7, 30, USUAL_DAYS, 365)
MOST_DAYS = 366
NOT_YOURS = "One of these accounts is not there, or not yours to open."


class Offer(NamedTuple):
    """An account that a person may open to a script, and their own role in its team."""

    account: Account
    role: Role


def offers_of(user: User) -> list[Offer]:
    """By team and name."""
    roles = dict(Membership.objects.filter(user=user).values_list("team_id", "role"))
    accounts = Account.objects.visible_to(user, Right.HAVE_TOKENS).select_related("team")
    return [Offer(one, Role(roles[one.team_id])) for one in accounts.order_by("team__name", "team_id", "name", "id")]


class TokenForm(forms.Form):
    """`expires` is a number of days or a day; `until` the same day from a field of its own, and it goes before."""

    name = forms.CharField(max_length=LONGEST, error_messages={"required": "Say what it is for."})
    role = forms.ChoiceField(choices=Role.choices, error_messages={"invalid_choice": NO_ROLE})
    expires = forms.CharField(required=False, max_length=10)
    until = forms.CharField(required=False, max_length=10)

    def __init__(self, *args: Any, owner: User, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.offers = owner, offers
        data: Any = self.data
        only = [str(offers[0].account.pk)] if len(offers) == 1 else []
        self.chosen_ids = set(data.getlist("accounts") if self.is_bound else only)

    @property
    def chosen(self) -> list[Offer]:
        return [offer for offer in self.offers if str(offer.account.pk) in self.chosen_ids]

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        mine = Token.objects.open_at(now_ms()).filter(owner=self.owner)
        if mine.filter(name=name).exists():  # also when the page with the new one is loaded again
            raise forms.ValidationError("You have a token of this name already.")
        if mine.count() >= MOST_OPEN:
            raise forms.ValidationError(f"You have {MOST_OPEN} tokens. Revoke one that nobody uses.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = self.chosen
        if len(chosen) < len(self.chosen_ids):
            self.add_error(None, NOT_YOURS)
        elif not chosen:
            self.add_error(None, "Choose at least one account.")
        if "role" in cleaned:
            self._keep_below(Role(cleaned["role"]))
        cleaned["expires_at"] = self._expires_at(cleaned.get("until") or cleaned.get("expires") or str(USUAL_DAYS))
        return cleaned

    def _keep_below(self, role: Role) -> None:
        """Nobody gives away more than they have."""
        for account, own in self.chosen:
            if not own.covers(role):
                name, team = account.name, account.team.name
                sentence = f"You are {own.label.lower()} in {team}: a token for {name} cannot be more."
                self.add_error("role", sentence)
                return

    def _expires_at(self, text: str) -> int | None:
        if text.isascii() and text.isdecimal():
            if int(text) in DAYS:
                return now_ms() + int(text) * DAY
        elif (at := _end_of(text)) is not None and now_ms() < at <= now_ms() + MOST_DAYS * DAY:
            return at
        self.add_error("expires", "Choose one of these times, or a day from today to a year ahead.")
        return None


def _end_of(text: str) -> int | None:
    """The last moment of a day such as 2027-01-31, UTC."""
    try:
        day = date.fromisoformat(text)
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000 + DAY - 1
    except (ValueError, OverflowError):
        return None
