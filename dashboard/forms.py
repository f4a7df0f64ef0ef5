"""What people type in. Whether a key is good is asked in sync; here only what can be told without Studio."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from dashboard.models.account import Account
from dashboard.models.team import Team
from dashboard.models.user import User
from dashboard.upstream.errors import PrivateAddress
from dashboard.upstream.network import BadUrl, check_url, origin_of

NAME_TAKEN = "The team has an account of this name already."


class AccountForm(forms.Form):
    """A Studio project to watch. The key is never shown again, not even after an error."""

    team = forms.ModelChoiceField(Team.objects.none(), empty_label=None)
    name = forms.CharField(max_length=100, help_text="How your team calls this project, for example Production.")
    url = forms.CharField(label="API address", max_length=500, help_text="Leave it unless you run your own Studio.")
    key = forms.CharField(
        label="API key",
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, teams: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["url"].initial = account.url if account else settings.TASK_API_URL
        if len(teams) == 1:
            self.fields["team"].initial = teams[0].pk
            self.fields["team"].widget = forms.HiddenInput()
        if account:
            del self.fields["team"]
            self.fields["name"].initial = account.name
            self.fields["key"].required = False
            self.fields["key"].label = "New API key"

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].strip()
        if not key.isprintable() or not key.isascii() or " " in key:
            raise forms.ValidationError("An API key has no spaces or special characters in it.")
        return key

    def clean_url(self) -> str:
        try:
            return check_url(self.cleaned_data["url"], settings.ALLOW_PRIVATE_UPSTREAMS)
        except (BadUrl, PrivateAddress) as error:
            raise forms.ValidationError(error.sentence) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._forget_login()
        url = cleaned.get("url")
        if self.account and url and not cleaned.get("key") and origin_of(url) != origin_of(self.account.url):
            self.add_error("key", "Another server needs the key again: a key is only sent where it was meant to go.")
        team = self.account.team if self.account else cleaned.get("team")
        others = Account.objects.filter(team=team, name=cleaned.get("name"))
        if team and others.exclude(pk=self.account.pk if self.account else None).exists():
            self.add_error("name", NAME_TAKEN)
        return cleaned

    def _forget_login(self) -> None:
        """A refused address that may hold a password is not drawn again."""
        name = self.add_prefix("url")
        if self.has_error("url") and "@" in self.data.get(name, ""):
            self.data = {field: self.data.get(field) for field in self.data} | {name: ""}


class FirstAdminForm(forms.Form):
    """The first person of an empty installation and their team."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="At least 8 characters."
    )
    team_name = forms.CharField(label="Team", max_length=100, help_text="Who shares the accounts, for example Acme.")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class NoteForm(forms.Form):
    """A note about a task."""

    text = forms.CharField(
        label="Note",
        max_length=4000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
        error_messages={"required": "There is nothing in the note yet."},
    )
