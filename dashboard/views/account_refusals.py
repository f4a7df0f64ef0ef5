"""What comes of a key: the verdict as a message, a refusal as an error of the form."""

from django.contrib import messages
from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.models.account import Account
from dashboard.sync.accounts import Connected
from dashboard.sync.buttons import Busy
from dashboard.sync.entries import note_refusal
from dashboard.sync.testing import Outcome, Verdict, refusal_of
from dashboard.views.actor import actor_of
from dashboard.views.polling import SignedIn


def tell(request: SignedIn, verdict: Verdict, name: str = "") -> None:
    """What a test found; `name` where the page is of more than that account."""
    say = messages.success if verdict.outcome is Outcome.WORKS else messages.warning
    say(request, f"{name}: {verdict.sentence}" if name else verdict.sentence)


def why_not(connected: Connected) -> str | SafeString:
    """The sentence of a refusal, with the way to the account that is in its place already."""
    if connected.twin is None:
        return connected.verdict.sentence
    url = reverse("account", args=[connected.twin.pk])
    return format_html(
        '{} <a class="accent" href="{}">Open {}</a>', connected.verdict.sentence, url, connected.twin.name
    )


def note_astray(request: SignedIn, account: Account, url: str) -> None:
    """A form that was refused anyway, with an address where nobody may be sent, is told in the audit all the same."""
    verdict = refusal_of(url)
    if verdict and verdict.leads_astray:
        note_refusal(account, url, "", verdict, actor_of(request))


def busy_form(form: Form, why: Busy) -> None:
    form.add_error(None, f"Busy, try again. {why.sentence} Nothing was changed; the key has to be pasted again.")


def status_of(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200
