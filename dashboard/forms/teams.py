"""What people type in about teams. Who may do it is asked in the views; here only what can be told without them."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from dashboard.models.team import Role, Team
from dashboard.models.user import User
from dashboard.visible import visible

NO_ROLE = "There is no such role."
LONGEST_DAYS = 36_500


def _role_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=Role.choices, error_messages={"invalid_choice": NO_ROLE}, **options)


def one_line(name: str) -> str:
    """A name with single spaces. Raises ValidationError where something in it cannot be seen."""
    line = " ".join(name.split())
    if line != visible(line):
        raise forms.ValidationError("A name is one line of text.")
    return line


class NewTeamForm(forms.Form):
    """A team of one's own."""

    name = forms.CharField(max_length=100, help_text="Who shares the accounts, for example Video platform.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if Team.objects.filter(memberships__user=self.user, name=name).exists():
            raise forms.ValidationError("You are in a team of this name already.")
        return name


class TeamForm(forms.Form):
    """A team's name, and how long its ended tasks are kept."""

    name = forms.CharField(max_length=100)
    keep_tasks_days = forms.IntegerField(
        label="Keep ended tasks, in days",
        required=False,
        min_value=0,
        max_value=LONGEST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "as this server does"}),
        error_messages={"invalid": "A whole number of days, or nothing."},
    )

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = _role_field(initial=Role.VIEWER)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    """What a member may do from now on."""

    role = _role_field()


class PasswordForm(forms.Form):
    """The password of somebody who joins and is new here."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
        help_text="At least 8 characters, not a common one, and not like your e-mail.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password
