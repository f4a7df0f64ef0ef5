"""What people say about a view: its name, what it shows, and whose it is. Who may do it is asked with the verbs."""

from django import forms

from dashboard import search
from dashboard.clock import now_ms
from dashboard.conditions import Unclear
from dashboard.forms.accounts import KEY_LIKE
from dashboard.forms.teams import one_line
from dashboard.models.saved_view import LONGEST_NAME
from dashboard.models.view_query import LONGEST, LONGEST_TYPED, Unreadable, ViewQuery


class NameForm(forms.Form):
    """A name for a view."""

    name = forms.CharField(max_length=LONGEST_NAME, error_messages={"required": "A view needs a name."})

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if KEY_LIKE.search(name):
            raise forms.ValidationError("That looks like a key. A name is for people to read.")
        return name


class ViewForm(NameForm):
    """A new view. `query` is the part of the board's URL after the question mark."""

    query = forms.CharField(required=False, max_length=LONGEST_TYPED)

    def clean_query(self) -> ViewQuery:
        query = read_query(self.cleaned_data["query"])
        _check(query.q)
        if query.is_empty:
            raise forms.ValidationError("Nothing is filtered yet. Choose on the board what the view is to show.")
        return query


def _check(q: str) -> None:
    try:
        search.read(q, now_ms())
    except Unclear as unclear:
        raise forms.ValidationError(f"This search cannot be read. {unclear.sentence}") from None


def read_query(text: str) -> ViewQuery:
    """Raises ValidationError for what is no filter of the board, or one that is too long to be kept."""
    try:
        query = ViewQuery.read(text)
    except Unreadable:
        raise forms.ValidationError("This filter cannot be read.") from None
    if len(str(query)) > LONGEST:
        raise forms.ValidationError("This filter is too long to be kept.")
    return query
