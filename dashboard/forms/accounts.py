"""What people type in about accounts. Whether a key is good is asked in sync; here only what is told without Studio."""

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from dashboard.models.account import Account
from dashboard.models.team import Team
from dashboard.upstream.errors import PrivateAddress
from dashboard.upstream.network import BadUrl, check_url, origin_of
from dashboard.visible import visible

NAME_TAKEN = "The team has an account of this name already."
ANOTHER_SERVER = "Another server needs the key again: a key is only sent where it was meant to go."
KEY_LIKE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class KeyField(forms.CharField):
    """A Studio API key. It is never shown again, not even after an error."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"})
        usual: dict[str, Any] = {"label": "API key", "max_length": 500, "widget": widget}
        super().__init__(**usual | options)

    @sensitive_variables()
    def clean(self, value: Any) -> str:
        key: str = super().clean(value).strip()
        if not key.isprintable() or not key.isascii() or " " in key:
            raise forms.ValidationError("An API key has no spaces or special characters in it.")
        return key


class NamedAccountForm(forms.Form):
    """What an account is called and where it is asked. What may be a secret in the wrong field is not drawn again."""

    name = forms.CharField(max_length=100, help_text="How your team calls this project, for example Production.")
    url = forms.CharField(label="API address", max_length=500, help_text="Leave it unless you run your own Studio.")
    key = KeyField()

    account: Account | None = None

    def clean_name(self) -> str:
        name = re.sub(" {2,}", " ", unicodedata.normalize("NFC", self.cleaned_data["name"]))
        if name != visible(name) or "\n" in name or "\t" in name:
            raise forms.ValidationError("A name has no control characters in it.")
        if KEY_LIKE.search(name):
            raise forms.ValidationError("That looks like a key. Everybody in the team reads the name.")
        return name

    def clean_url(self) -> str:
        if KEY_LIKE.search(self.cleaned_data["url"]):
            raise forms.ValidationError("There is a key in the address. Everybody in the team reads the address.")
        try:
            return check_url(self.cleaned_data["url"], settings.ALLOW_PRIVATE_UPSTREAMS)
        except (BadUrl, PrivateAddress) as error:
            raise forms.ValidationError(error.sentence) from None

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key = self.data.get(self.add_prefix("key"), "").strip()
        for name in ("name", "url"):
            if key and key in self.data.get(self.add_prefix(name), ""):
                self.add_error(name, "The key belongs into its own field.")
                self._forget(name)
        for name in ("name", "url"):
            if self.has_error(name) and KEY_LIKE.search(self.data.get(self.add_prefix(name), "")):
                self._forget(name)
        if self.has_error("url") and "@" in self.data.get(self.add_prefix("url"), ""):
            self._forget("url")
        self._check_name_is_free(cleaned)
        return cleaned

    def _check_name_is_free(self, cleaned: dict[str, Any]) -> None:
        team = self.account.team if self.account else cleaned.get("team")
        if team is None or not cleaned.get("name"):
            return
        others = Account.objects.filter(team=team, name__iexact=cleaned["name"], removed_at=None)
        if others.exclude(pk=self.account.pk if self.account else None).exists():
            self.add_error("name", NAME_TAKEN)

    def _forget(self, field: str) -> None:
        name = self.add_prefix(field)
        self.data = {told: self.data.get(told) for told in self.data} | {name: ""}


class AccountForm(NamedAccountForm):
    """A Studio project to watch."""

    team = forms.ModelChoiceField(
        Team.objects.none(), empty_label=None, error_messages={"invalid_choice": "You are no admin of such a team."}
    )
    field_order = ("team", "name", "key", "url")

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["url"].initial = settings.TASK_API_URL
        if len(teams) == 1:
            self.fields["team"].initial = teams[0].pk
            self.fields["team"].widget = forms.HiddenInput()


class SettingsForm(NamedAccountForm):
    """An account's name and address. The key is asked for only where another server would get it."""

    field_order = ("name", "url", "key")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["name"].initial, self.fields["url"].initial = account.name, account.url
        self.fields["name"].help_text = ""
        self.fields[
            "url"
        ].help_text = "Another server needs the key again: a key is only sent where it was meant to go."
        self.fields["key"].required = False
        self.fields["key"].label = "API key for this server"

    @property
    def touches_the_key(self) -> bool:
        """Whether a key was given, or an address to which the one we hold would be sent."""
        url = self.data.get(self.add_prefix("url"), "").strip().rstrip("/")
        return bool(self.data.get(self.add_prefix("key"))) or url != self.account.url  # type: ignore[union-attr]

    @property
    def asks_for_the_key(self) -> bool:
        return self.is_bound and self.has_error("key")

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        url, account = cleaned.get("url"), self.account
        if account and url and not cleaned.get("key") and origin_of(url) != origin_of(account.url):
            self.add_error("key", ANOTHER_SERVER)
        return cleaned


class KeyForm(forms.Form):
    """A new key for an account."""

    key = KeyField(label="New API key")

    def __init__(self, *args: Any, has_focus: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "new_%s"} | kwargs)
        if has_focus:
            self.fields["key"].widget.attrs["autofocus"] = True

    def tell_what_goes(self, present: str, previous: str) -> None:
        """There is one step back: of three keys the oldest goes. Both are hints, empty for none."""
        if present and previous:
            self.fields["key"].help_text = f"{present} is kept then, and {previous} is deleted."


class DeletingForm(forms.Form):
    """The account's name as a sign that it is meant, and what becomes of its history."""

    name = forms.CharField(max_length=200)
    history = forms.ChoiceField(choices=[("keep", "keep"), ("remove", "remove")])

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if _bare(name) != _bare(self.account.name):
            raise forms.ValidationError("This is not the account's name. Nothing was deleted.")
        return name

    def clean_history(self) -> str:
        history: str = self.cleaned_data["history"]
        if history == "keep" and self.account.archived_at:
            raise forms.ValidationError("Its history is kept already.")
        return history


def _bare(name: str) -> str:
    """The name as a page shows it, however it was put together."""
    return " ".join(unicodedata.normalize("NFC", name).split())
