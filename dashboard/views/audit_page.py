"""One page of the audit as people read it."""

import json
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.urls import reverse

from dashboard.clock import iso
from dashboard.models.account import Account
from dashboard.models.seen import SeenTeam
from dashboard.models.trail import Line, Member, Trail, members_of
from dashboard.views.audit_query import AuditQuery
from dashboard.views.audit_words import ACTS, GROUPS, field_name, sentence_of, shown
from dashboard.visible import visible

SIZE = 50
OF_TASKS = ("task", "note")
SIGNING = GROUPS["signing"][1]
USUAL = "browser"  # is not repeated on every line
LONG = 100  # Characters of details that a line bears; longer ones open on request.


class AuditPage:
    """The attributes are what `audit/page.html` shows."""

    def __init__(self, query: AuditQuery, team: SeenTeam, teams: list[SeenTeam]) -> None:
        self.query, self.team = query, team
        self.typed, self.mistakes = query.typed, query.mistakes
        self.csv_url, self.plain_url = query.url("audit-csv"), query.plain_url
        self.teams = [
            SimpleNamespace(name=one.name, current=one.id == team.id, url=f"{reverse('audit')}?team={one.id}")
            for one in teams
        ]

    @cached_property
    def members(self) -> list[Member]:
        return members_of(self.team.id)

    @property
    def acts(self) -> list[SimpleNamespace]:
        """The choices of the filter: groups, each with its words."""
        chosen = self.typed["what"]
        return [
            SimpleNamespace(
                word=group,
                name=name,
                current=group == chosen,
                acts=[SimpleNamespace(word=w, label=act.label, current=w == chosen) for w, act in acts.items()],
            )
            for group, (name, acts) in GROUPS.items()
        ]

    @cached_property
    def _lines(self) -> tuple[list[Line], bool, bool]:
        """The page's lines, and whether there are newer and older ones."""
        query = self.query
        if query.mistakes:
            return [], False, False
        trail = Trail(self.team.id, self.members, query.wanted)
        if query.newer:
            lines = trail.next_newer(SIZE + 1, query.newer)
            return lines[-SIZE:], len(lines) > SIZE, True
        lines = trail.newest(SIZE + 1, query.older)
        return lines[:SIZE], query.older is not None, len(lines) > SIZE

    @property
    def entries(self) -> list[SimpleNamespace]:
        return [self._entry(line) for line in self._lines[0]]

    @property
    def newer_url(self) -> str:
        lines, has_newer, _ = self._lines
        return self.query.url(newer=lines[0].key) if lines and has_newer else ""

    @property
    def older_url(self) -> str:
        lines, _, has_older = self._lines
        return self.query.url(older=lines[-1].key) if lines and has_older else ""

    @property
    def kept(self) -> str:
        days = settings.KEEP_AUDIT_DAYS
        return f"Kept for {days:,} days." if days else "Kept for ever."

    @property
    def empty(self) -> SimpleNamespace:
        """Why there is nothing to see, and the way on."""
        if self.query.is_filtered:
            text = "No entry matches all of these filters."
            return SimpleNamespace(title="Nothing matches", text=text, url=self.plain_url, label="Clear the filters")
        if not self.query.is_first_page:
            text = "The list ends here."
            return SimpleNamespace(
                title="Nothing further", text=text, url=self.plain_url, label="To the newest entries"
            )
        text = "Sign-ins, changes of keys, members and settings, retries and exports will stand here."
        return SimpleNamespace(title="Nothing has happened yet", text=text, url="", label="")

    def _entry(self, line: Line) -> SimpleNamespace:
        before, after = _opened(line.before), _opened(line.after)
        head, tail, ending, names_subject, told = sentence_of(line.what, before, after)
        told |= {name for name, value in after.items() if value == line.subject and name not in before}
        details = [_detail(name, before, after) for name in {**before, **after} if name not in told]
        if not names_subject and line.what in SIGNING and line.subject not in ("", line.who):
            head, names_subject = f"{head} for ", True  # the operator's act on somebody's sign-in
        return SimpleNamespace(
            id=line.id,
            iso=iso(line.at),
            who=visible(line.who),
            who_url=self.query.url(who=line.who) if line.user_id else "",
            what=line.what,
            label=ACTS[line.what].label if line.what in ACTS else line.what,
            head=head,
            subject=visible(line.subject) if names_subject else "",
            is_id=line.what.partition(".")[0] in OF_TASKS,
            subject_url=self._url_of(line) if names_subject else "",
            tail=tail,
            ending=visible(ending),
            address=visible(line.address),
            via="" if line.via == USUAL and line.address else visible(line.via),
            details=details,
            is_long=sum(len(d.name) + len(d.before or "") + len(d.after) for d in details) > LONG,
        )

    def _url_of(self, line: Line) -> str:
        """Where the subject is to be seen, if it is still there. A forgotten task has a page that says so."""
        kind = line.what.partition(".")[0]
        if not line.subject:
            return ""
        if kind in OF_TASKS:
            return reverse("task", args=[line.subject])
        if kind in ("account", "key"):
            pk = self._accounts.get(line.subject)
            return reverse("account", args=[pk]) if pk else ""
        return ""

    @cached_property
    def _accounts(self) -> dict[str, int]:
        """The team's accounts by name; read only if an entry on the page names one."""
        present = Account.objects.filter(team_id=self.team.id, removed_at=None)
        return dict(present.values_list("name", "pk"))


def _opened(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _detail(name: str, before: dict[str, Any], after: dict[str, Any]) -> SimpleNamespace:
    """`before` is None where the entry tells of one time only."""
    sides = [visible(shown(name, side[name])) for side in (before, after) if name in side]
    return SimpleNamespace(
        name=visible(field_name(name)), before=sides[0] if len(sides) == 2 else None, after=sides[-1]
    )
