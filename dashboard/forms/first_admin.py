"""The first person of an empty installation."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from dashboard.forms.teams import one_line
from dashboard.models.user import User


class FirstAdminForm(forms.Form):
    """The first person of an empty installation and their team."""

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 8 characters, not a common one, and not like your e-mail.",
    )
    team_name = forms.CharField(label="Team", max_length=100, help_text="Who shares the accounts, for example Acme.")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password

    def clean_team_name(self) -> str:
        return one_line(self.cleaned_data["team_name"])
