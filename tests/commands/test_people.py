"""`create_team` and `add_member`: people come in by the command line, passwords by standard input."""

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from dashboard.models import Actor, AuditEntry, Membership, Role, Team, User
from dashboard.models.inviting import invite, join
from dashboard.models.roster import start_team

Type = Callable[[str], None]
PASSWORD = "a long password"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Type:
    """`typed("secret")` is what stands on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def run(*arguments: str, **options: str) -> str:
    out = io.StringIO()
    call_command(*arguments, **options, stdout=out)
    return out.getvalue()


def roles() -> dict[str, str]:
    return {membership.user.email: membership.role for membership in Membership.objects.select_related("user")}


@pytest.mark.django_db
class TestCreateTeam:
    def test_a_team_gets_its_first_admin(self, typed: Type) -> None:
        typed(PASSWORD)
        assert "Acme" in run("create_team", "Acme", admin="Ann@Example.com")
        assert roles() == {"ann@example.com": "admin"}
        assert User.objects.get().check_password(PASSWORD)

    def test_it_is_noted_as_the_operators_act(self, typed: Type) -> None:
        typed(PASSWORD)
        run("create_team", "Acme", admin="ann@example.com")
        entry = AuditEntry.objects.get(what="team.created")
        assert (entry.who, entry.via, entry.team_id) == ("the server's operator", "command", Team.objects.get().pk)
        assert PASSWORD not in entry.after

    def test_an_existing_users_password_is_left_alone(self, typed: Type) -> None:
        User.objects.create_user("ann@example.com", "her own password")
        typed("another password")
        run("create_team", "Acme", admin="ANN@example.com")
        assert User.objects.get().check_password("her own password")

    @pytest.mark.parametrize(
        ("name", "email", "password", "sentence"),
        [
            ("Acme", "ann@example.com", "short", "too short"),
            ("Acme", "ann@example.com", "", "too short"),
            ("Acme", "ann", PASSWORD, "valid email"),
            ("", "ann@example.com", PASSWORD, "1 to 100 characters"),
            ("x" * 101, "ann@example.com", PASSWORD, "1 to 100 characters"),
        ],
    )
    def test_what_cannot_be_is_one_sentence_and_changes_nothing(
        self, name: str, email: str, password: str, sentence: str, typed: Type
    ) -> None:
        typed(password)
        with pytest.raises(CommandError, match=sentence):
            run("create_team", name, admin=email)
        assert not User.objects.exists()
        assert not Team.objects.exists()

    def test_a_name_stands_once(self, typed: Type) -> None:
        Team.objects.create(name="Acme")
        with pytest.raises(CommandError, match="There is a team named Acme already"):
            run("create_team", "Acme", admin="ann@example.com")


@pytest.mark.django_db
class TestSomebodyWhoCameByAnInvitation:
    """Whoever opened its link chose the password, and nobody has proved whose e-mail it is."""

    @pytest.fixture(autouse=True)
    def _invited_by_bob(self) -> None:
        Team.objects.create(name="Acme")
        bob = User.objects.create_user("bob@example.com", PASSWORD)
        films = start_team("Films", bob, Actor(bob.email, bob.pk))
        invitation = invite(films.pk, "ceo@example.com", Role.SUPPORT, Actor(bob.email, bob.pk))
        join(invitation, User(email="ceo@example.com"), Actor("somebody"))

    @pytest.mark.parametrize("command", ["add_member", "create_team"])
    def test_is_refused_with_what_is_known_of_them_until_the_operator_is_sure(self, command: str) -> None:
        told = {
            "add_member": ["add_member", "CEO@example.com", "--team=Acme", "--role=admin"],
            "create_team": ["create_team", "New", "--admin=ceo@example.com"],
        }[command]
        with pytest.raises(CommandError, match=r"here since \d{4}-\d\d-\d\d, in Films as support.*--existing"):
            run(*told)
        assert Membership.objects.filter(user__email="ceo@example.com").count() == 1
        assert Team.objects.count() == 2
        assert "in Films as support" in run(*told, "--existing")
        assert Membership.objects.filter(user__email="ceo@example.com", role=Role.ADMIN).count() == 1

    def test_takes_another_role_in_the_team_that_invited_them(self) -> None:
        run("add_member", "ceo@example.com", team="Films", role="viewer")
        assert roles()["ceo@example.com"] == "viewer"


@pytest.mark.django_db
class TestAddMember:
    @pytest.fixture(autouse=True)
    def _team(self) -> None:
        Team.objects.create(name="Acme")

    def test_somebody_new_joins_with_a_role(self, typed: Type) -> None:
        typed(PASSWORD)
        run("add_member", "Bob@Example.com", team="Acme", role="viewer")
        assert roles() == {"bob@example.com": "viewer"}
        assert User.objects.get().check_password(PASSWORD)

    def test_a_member_takes_the_new_role_and_keeps_the_password(self, typed: Type) -> None:
        typed(PASSWORD)
        run("add_member", "bob@example.com", team="Acme", role="viewer")
        typed("another password")
        run("add_member", "bob@example.com", team="Acme", role="support")
        assert roles() == {"bob@example.com": "support"}
        assert User.objects.get().check_password(PASSWORD)

    def test_both_acts_are_noted(self, typed: Type) -> None:
        for role in ("viewer", "support"):
            typed(PASSWORD)
            run("add_member", "bob@example.com", team="Acme", role=role)
        entries = AuditEntry.objects.filter(what="member.role_changed").order_by("id")
        assert [(entry.subject, entry.before, entry.after) for entry in entries] == [
            ("bob@example.com", "{}", '{"role": "viewer"}'),
            ("bob@example.com", '{"role": "viewer"}', '{"role": "support"}'),
        ]

    def test_the_last_admin_stays_one(self) -> None:
        Team.objects.get().add(User.objects.create_user("ann@example.com"), Role.ADMIN)
        with pytest.raises(CommandError, match="Make somebody else admin first"):
            run("add_member", "ann@example.com", team="Acme", role="viewer")
        assert roles() == {"ann@example.com": "admin"}

    def test_of_teams_with_equal_names_one_is_told_by_its_number(self, typed: Type) -> None:
        second = Team.objects.create(name="Acme")
        with pytest.raises(CommandError, match=f"several teams named Acme.*#{second.pk}"):
            run("add_member", "bob@example.com", team="Acme", role="viewer")
        typed(PASSWORD)
        run("add_member", "bob@example.com", team=f"#{second.pk}", role="viewer")
        assert Membership.objects.get().team == second

    def test_a_team_that_somebody_named_like_a_number_stands_in_for_no_other(self, typed: Type) -> None:
        first = Team.objects.get()
        Team.objects.create(name=f"#{first.pk}")
        typed(PASSWORD)
        run("add_member", "bob@example.com", team=f"#{first.pk}", role="viewer")
        assert Membership.objects.get().team == first

    def test_an_unknown_team_is_one_sentence(self, typed: Type) -> None:
        with pytest.raises(CommandError, match="There is no team named Nobody"):
            run("add_member", "bob@example.com", team="Nobody", role="viewer")

    @pytest.mark.parametrize(("email", "password"), [("bob", PASSWORD), ("bob@example.com", "1234")])
    def test_what_cannot_be_changes_nothing(self, email: str, password: str, typed: Type) -> None:
        typed(password)
        with pytest.raises(CommandError):
            run("add_member", email, team="Acme", role="viewer")
        assert not User.objects.exists()

    def test_an_unknown_role_is_refused(self) -> None:
        with pytest.raises(CommandError, match="invalid choice"):
            call_command("add_member", "bob@example.com", "--team", "Acme", "--role", "king")
