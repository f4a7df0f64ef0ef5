"""What people do about a group of failures. Each act is a form with the turn of the group in which it was made."""

from collections.abc import Callable
from types import SimpleNamespace

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from dashboard.forms.failures import IgnoreForm, OtherForm, OwnerForm, why_not
from dashboard.forms.notes import NoteForm
from dashboard.models.group import Group, State
from dashboard.models.rights import Right
from dashboard.models.triage import Act, Moved, Outpaced, Refused
from dashboard.models.uniting import merge as join
from dashboard.models.uniting import unmerge as part
from dashboard.views.failure import group_page
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failure_words import deed_of
from dashboard.views.failures_words import STATES, plain_title, title_html
from dashboard.views.polling import SignedIn, signed_in
from dashboard.visible import visible

NOT_KEPT = ("csrfmiddlewaretoken", "turn")
AGAIN = {
    "resolve": "Resolve it all the same",
    "ignore": "Ignore it all the same",
    "reopen": "Open it all the same",
    "assign": "Change who has it all the same",
    "merge": "Merge it all the same",
    "unmerge": "Take it out all the same",
    "notes": "Write the note there",
}
"""By the act, what its button says where others were faster."""
THERE = {
    "resolve": "Resolve that one",
    "ignore": "Ignore that one",
    "reopen": "Open that one",
    "assign": "Change who has that one",
    "merge": "Merge that one",
    "notes": "Write it there",
}
"""The same where the group was merged into another."""


@signed_in
@require_POST
def resolve(request: SignedIn, pk: int) -> HttpResponse:
    return _do(request, pk, "resolve", Form(request.POST), _resolve)


def _resolve(act: Act) -> str:
    act.resolve()
    return "Resolved. The next failure of this kind opens it again."


@signed_in
@require_POST
def ignore(request: SignedIn, pk: int) -> HttpResponse:
    """For so many `days`, or until so many `more` tasks fail within `hours`."""
    form = IgnoreForm(request.POST)
    return _do(request, pk, "ignore", form, lambda act: _ignore(act, form))


def _ignore(act: Act, form: Form) -> str:
    act.ignore(**form.cleaned_data)
    return "Ignored. It opens again by itself."


@signed_in
@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    return _do(request, pk, "reopen", Form(request.POST), _reopen)


def _reopen(act: Act) -> str:
    act.reopen()
    return "Open again."


@signed_in
@require_POST
def assign(request: SignedIn, pk: int) -> HttpResponse:
    """To the `owner`, by the number of the person; empty: to nobody."""
    form = OwnerForm(request.POST)
    return _do(request, pk, "assign", form, lambda act: _assign(act, form))


def _assign(act: Act, form: Form) -> str:
    group = act.assign(form.cleaned_data["owner"])
    return f"{visible(group.owner_name)} has it now." if group.owner_name else "Nobody has it now."


@signed_in
@require_POST
def merge(request: SignedIn, pk: int) -> HttpResponse:
    """`into` another group, by its number."""
    form = OtherForm({"other": request.POST.get("into", "")})
    return _do(request, pk, "merge", form, lambda act: _merge(act, form))


def _merge(act: Act, form: Form) -> str:
    root = join(act, form.cleaned_data["other"])
    return f"Merged into “{plain_title(root.title)}”. What fails so from now on counts there too."


@signed_in
@require_POST
def unmerge(request: SignedIn, pk: int) -> HttpResponse:
    """Take one `pattern` out again."""
    form = OtherForm({"other": request.POST.get("pattern", "")})
    return _do(request, pk, "unmerge", form, lambda act: _unmerge(act, form))


def _unmerge(act: Act, form: Form) -> str:
    pattern = part(act, form.cleaned_data["other"])
    return f"“{plain_title(pattern.title)}” is a group of its own again."


@signed_in
@require_POST
def notes(request: SignedIn, pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    return _do(request, pk, "notes", form, lambda act: _note(act, form))


def _note(act: Act, form: Form) -> str:
    act.note(form.cleaned_data["text"])
    return "The note is kept."


def _do(request: SignedIn, pk: int, name: str, form: Form, deed: Callable[[Act], str]) -> HttpResponse:
    """Do it and say so; or say why not, and give back what was typed."""
    held = HeldGroup.or_404(request, pk)
    held.demand(Right.TRIAGE)
    try:
        turn = _turn_of(request)
        if not form.is_valid():
            return _refused(request, held, name, why_not(form), 422)
        done = deed(held.act(request, turn))
    except Outpaced as why:
        return _outpaced(request, name, why)
    except Moved as why:
        return _moved(request, name, held, why)
    except Refused as why:
        return _refused(request, held, name, why.sentence, 409)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("failure", args=[pk]))


def _turn_of(request: SignedIn) -> int | None:
    """Raises Refused."""
    text = request.POST.get("turn", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused("This form was damaged on its way. Nothing was changed.")
    return int(text) if text else None


def _refused(request: SignedIn, held: HeldGroup, name: str, sentence: str, status: int) -> HttpResponse:
    """The group's page, with the form as it was filled in."""
    typed = {field: value for field, value in request.POST.items() if field not in NOT_KEPT}
    return group_page(request, held, SimpleNamespace(act=name, sentence=visible(sentence), typed=typed), status)


def _outpaced(request: SignedIn, name: str, why: Outpaced) -> HttpResponse:
    """It was decided about after the form was made: what, and the same act once more, in the present turn."""
    others = any(decision.by_id != request.user.pk for decision in why.meanwhile)
    context: dict[str, object] = {
        "heading": "Somebody was faster" if others else "This has changed since you looked",
        "deeds": [deed_of(decision, why.group) for decision in why.meanwhile],
        "button": AGAIN[name],
    }
    return _ask_again(request, name, why.group, context)


def _moved(request: SignedIn, name: str, held: HeldGroup, why: Moved) -> HttpResponse:
    newest = held.asked.decisions.filter(what="merged").order_by("-pk")[:1]
    context: dict[str, object] = {
        "heading": "This group was merged",
        "deeds": [deed_of(decision, held.asked) for decision in newest],
        "button": THERE.get(name, ""),
    }
    return _ask_again(request, name, why.root, context)


def _ask_again(request: SignedIn, name: str, group: Group, context: dict[str, object]) -> HttpResponse:
    context |= {
        "group": group,
        "title": title_html(group.title),
        "seen": STATES[State(group.state)],
        "owner": visible(group.owner_name),
        "url": reverse("failure", args=[group.pk]),
        "act_url": reverse(f"failure-{name}", args=[group.pk]),
        "fields": [(field, value) for field, value in request.POST.items() if field not in NOT_KEPT],
        "text": visible(request.POST.get("text", "")) if name == "notes" else "",
    }
    return render(request, "failures/meanwhile.html", context, status=409)
