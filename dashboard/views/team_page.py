"""What the team page shows: its members, invitations, tokens and settings, to each as their role allows."""

from types import SimpleNamespace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dashboard.clock import iso, now_ms
from dashboard.forms.teams import InvitationForm, TeamForm
from dashboard.models.invitation import Invitation
from dashboard.models.rights import Right, may, roles_with
from dashboard.models.team import Membership, Role, Team
from dashboard.models.token import Token
from dashboard.models.user import User
from dashboard.views.polling import SignedIn, link
from dashboard.views.shell import initials_of
from dashboard.views.team_words import ROLE_MEANS


def team_url(team: Team, part: str = "") -> str:
    return link(reverse("team"), {"team": team.pk}) + (f"#{part}" if part else "")


def team_page(
    request: SignedIn,
    own: Membership,
    refusal: str = "",
    invite_form: InvitationForm | None = None,
    settings_form: TeamForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was refused on top; `own` is the membership of who looks."""
    team, can = own.team, may(own.role, Right.MANAGE_MEMBERS)
    told = {"name": team.name, "keep_tasks_days": team.keep_tasks_days}
    context = {
        "team": team,
        "own": own,
        "can": can,
        "refusal": refusal,
        "members": _members(own, can),
        "roles": [(role.value, role.label, ROLE_MEANS[role]) for role in Role],
        "teams": _others(request.user, team),
        "settings_form": settings_form or TeamForm(initial=told),
        "server_keeps": settings.KEEP_TASKS_DAYS,
    }
    if can:
        context |= {"tokens": _tokens(team), **invitations(request, team, invite_form)}
    return render(request, "team/page.html", context, status=status)


def _others(user: User, team: Team) -> list[SimpleNamespace]:
    """All teams of the user, if there are several, to go from one to the next."""
    mine = Team.objects.filter(memberships__user=user).order_by("name", "pk")
    teams = [SimpleNamespace(name=one.name, url=team_url(one), is_current=one.pk == team.pk) for one in mine]
    return teams if len(teams) > 1 else []


def _members(own: Membership, can: bool) -> list[SimpleNamespace]:
    found = list(Membership.objects.filter(team=own.team).select_related("user").order_by("user__email"))
    admins = [member for member in found if may(member.role, Right.MANAGE_MEMBERS) and member.user.is_active]
    beyond = _beyond(own.user, [member.user_id for member in found]) if can else set()
    return [
        SimpleNamespace(
            id=member.pk,
            email=member.user.email,
            initials=initials_of(member.user.email),
            is_me=member.pk == own.pk,
            is_active=member.user.is_active,
            role=member.role,
            role_label=Role(member.role).label,
            role_means=ROLE_MEANS[Role(member.role)],
            joined_iso=iso(member.joined_at),
            is_last_admin=admins == [member],
            can_reset=can and not settings.EMAIL_HOST and member.pk != own.pk and member.user_id not in beyond,
        )
        for member in found
    ]


def _beyond(user: User, members: list[int]) -> set[int]:
    """Those of the people who are in a team, too, that the user does not administer."""
    administered = Membership.objects.filter(user=user, role__in=roles_with(Right.MANAGE_MEMBERS)).values("team")
    elsewhere = Membership.objects.filter(user__in=members).exclude(team__in=administered)
    return set(elsewhere.values_list("user_id", flat=True))


def can_reset(user: User, person: User) -> bool:
    """Whether the user administers all teams of the other person."""
    return user.pk != person.pk and not _beyond(user, [person.pk])


def invitations(request: HttpRequest, team: Team, form: InvitationForm | None = None) -> dict[str, object]:
    """The part about invitations: the pending ones with their links, and the form."""
    now, pending = now_ms(), list(Invitation.objects.pending().filter(team=team))
    only_mailed = _only_mailed(pending)
    rows = [_row(request, one, now, one.email in only_mailed) for one in pending]
    return {"invitations": rows, "invite_form": form or InvitationForm()}


def _only_mailed(pending: list[Invitation]) -> set[str]:
    """Those whose link would let whoever opens it choose a password for an e-mail: that it is theirs is proved by the
    mail, so where mail is set up nobody else sees the link."""
    if not settings.EMAIL_HOST:
        return set()
    emails = {one.email for one in pending}
    return emails - set(User.objects.filter(email__in=emails).values_list("email", flat=True))


def _row(request: HttpRequest, one: Invitation, now: int, is_only_mailed: bool) -> SimpleNamespace:
    return SimpleNamespace(
        id=one.pk,
        email=one.email,
        role=one.role,
        role_label=Role(one.role).label,
        by=one.invited_by_name,
        link="" if is_only_mailed else link_of(request, one),
        expires_iso=iso(one.expires_at),
        is_open=not one.closed_by(now),
        is_only_mailed=is_only_mailed,
    )


def link_of(request: HttpRequest, invitation: Invitation) -> str:
    """The whole address that the invited opens."""
    path = reverse("join", args=[invitation.sign])
    return f"{settings.BASE_URL.rstrip('/')}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


def _tokens(team: Team) -> list[SimpleNamespace]:
    """Working tokens of members that open accounts of this team; of other teams' accounts nothing is said."""
    found = (
        Token.objects.open_at(now_ms())
        .filter(accounts__team=team, accounts__removed_at=None, owner__memberships__team=team)
        .distinct()
        .select_related("owner")
        .prefetch_related("accounts")
        .order_by("owner__email", "name", "pk")
    )
    return [_token(token, team) for token in found]


def _token(token: Token, team: Team) -> SimpleNamespace:
    opens = [account.name for account in token.accounts.all() if account.team_id == team.pk and not account.removed_at]
    return SimpleNamespace(
        id=token.pk,
        name=token.name,
        hint=token.hint,
        owner=token.owner.email,
        role_label=Role(token.role).label,
        accounts=", ".join(sorted(opens)),
        used_iso=iso(token.last_used_at),
        used_from=token.last_used_from,
        expires_iso=iso(token.expires_at),
    )
