"""What people write about tasks."""

from django import forms


class NoteForm(forms.Form):
    """A note about a task."""

    text = forms.CharField(
        label="Note",
        max_length=4000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
        error_messages={"required": "There is nothing in the note yet."},
    )
