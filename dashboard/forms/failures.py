"""What people type in about a group of failures."""

import re
from typing import Any

from django import forms

from dashboard.models.triage import Refused, check_patience

MOST_DIGITS = 18
_NUMBER = re.compile(r"\s*(?:.*/failures/|#)?(\d{1,18})/?\s*", re.ASCII)


class WholeNumber(forms.CharField):
    """A number, however absurd: what it may be is for those to say who know what it is. None for nothing."""

    def __init__(self, label: str, required: bool = False) -> None:
        missing = f"{label} is missing."
        super().__init__(label=label, required=required, strip=True, error_messages={"required": missing})

    def to_python(self, value: object) -> Any:
        text = str(super().to_python(value))
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(f"{self.label}: write it as a whole number, such as 5.")
        return int(digits[:MOST_DIGITS]) * (-1 if text.startswith("-") else 1)

    def validate(self, value: object) -> None:
        if value is None:
            super().validate("")


class IgnoreForm(forms.Form):
    """For how long a group is out of sight."""

    days = WholeNumber("Days")
    more = WholeNumber("How many more")
    hours = WholeNumber("Hours")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        if not self.errors:
            try:
                check_patience(told["days"], told["more"], told["hours"])
            except Refused as why:
                raise forms.ValidationError(why.sentence) from None
        return told


class OwnerForm(forms.Form):
    """Who shall have a group; nothing: nobody."""

    owner = WholeNumber("Who")

    def clean(self) -> dict[str, Any]:
        if "owner" not in self.data:
            raise forms.ValidationError("Say who shall have it.")
        return self.cleaned_data


class OtherForm(forms.Form):
    """Another group, by its number, as `12`, `#12` or its address."""

    other = forms.CharField(error_messages={"required": "Say which group: its number stands on its page."})

    def clean_other(self) -> int:
        found = _NUMBER.fullmatch(self.cleaned_data["other"])
        if found is None:
            raise forms.ValidationError("Groups have numbers, such as #12. This is none.")
        return int(found[1])


def why_not(form: forms.Form) -> str:
    """The first thing that is wrong with it."""
    return next((str(sentence) for sentences in form.errors.values() for sentence in sentences), "")
