"""What the page of a group of failures shows."""

from functools import cached_property
from types import SimpleNamespace

from dashboard import units
from dashboard.clock import DAY, iso, short
from dashboard.families import Family
from dashboard.models.chosen_failures import DAYS_DRAWN, Chosen, Span, Summed
from dashboard.models.decision import Decision
from dashboard.models.failure import LONGEST_MESSAGE, Failure, newest_of
from dashboard.models.group import PRESSING, Group, State
from dashboard.models.listed_groups import Listed, ListedGroups
from dashboard.models.rights import Right, roles_with
from dashboard.models.seen import Freshness
from dashboard.models.team import Membership
from dashboard.samples import MOST_READ, Sample, samples_of
from dashboard.views.failure_chart import days_of, hours_of
from dashboard.views.failure_held import HeldGroup
from dashboard.views.failure_tasks import FailedTasks, Place
from dashboard.views.failure_words import deed_of, patience_of, verdict_of
from dashboard.views.failures_words import STATES, plain_title, title_html
from dashboard.views.freshness import freshness_of
from dashboard.views.polling import poll_url
from dashboard.views.shell import initials_of
from dashboard.views.similar import similar_to
from dashboard.visible import visible

INTERVAL = 10
MOST_DEEDS = 100
SHOWN = 240


class GroupPage:
    """The attributes are what the template shows. `patiences`: for how many days one can ignore it, by one button each.
    `refusal`: which form was refused, why, and what was typed in it."""

    patiences = ((1, "1 day"), (7, "1 week"))

    def __init__(self, held: HeldGroup, place: Place, refusal: SimpleNamespace | None = None) -> None:
        self._held, self._group, self._place = held, held.group, place
        self.refusal = refusal or SimpleNamespace(act="", sentence="", typed={})
        self.id, self.turn, self.state = held.group.pk, held.group.turn, held.group.state
        self.title, self.plain_title = title_html(held.group.title), plain_title(held.group.title)
        self.seen = STATES[State(held.group.state)]
        self.owner = visible(held.group.owner_name)
        self.initials = initials_of(held.group.owner_name) if held.group.owner_name else ""
        self.is_mine = held.group.owner_id == held.user_id
        self.is_pressing = held.group.state in PRESSING
        self.can_triage, self.can_retry = held.allows(Right.TRIAGE), held.allows(Right.RETRY)
        self.open_tasks = held.group.open_tasks
        self.user_id = held.user_id

    @property
    def poll_url(self) -> str:
        return poll_url(self._held.path("failure-live"), self._held.token, {**self._place.told, "turn": self.turn})

    @property
    def interval(self) -> int:
        return 15 if self._held.sight.freshness is Freshness.STOPPED else INTERVAL

    @property
    def freshness(self) -> SimpleNamespace:
        told = freshness_of(self._held.sight)
        told.as_of_iso = iso(self._held.sight.as_of_at)
        return told

    @cached_property
    def family(self) -> Family:
        return self._group.known_family

    @cached_property
    def _patterns(self) -> list[int]:
        return self._group.pattern_ids

    @cached_property
    def _recent(self) -> Summed:
        """As the list of causes has them."""
        return self._sums(Span.last(DAYS_DRAWN, self._held.sight.now))

    @cached_property
    def _whole(self) -> Summed:
        """Of all that was ever seen."""
        recent, first_at = Span.last(DAYS_DRAWN, self._held.sight.now), self._group.first_at
        return self._recent if first_at >= recent.from_at else self._sums(Span(first_at - first_at % DAY, recent.to_at))

    def _sums(self, span: Span) -> Summed:
        sight, group = self._held.sight, self._group
        chosen = Chosen((group.team_id,), tuple(sight.ids), span, sight.now)
        listed = Listed(*(getattr(group, name) for name in Listed._fields))
        return ListedGroups(chosen).sums([listed])[group.pk] if sight.ids else Summed()

    @property
    def tasks(self) -> int:
        """As the list has it; of a group that it would not show now, since it began."""
        return self._recent.tasks or self._whole.tasks

    @property
    def verdict(self) -> tuple[str, str]:
        return verdict_of(self._whole, self.open_tasks, self.family)

    @property
    def patience(self) -> SimpleNamespace | None:
        return patience_of(self._group)

    @property
    def facts(self) -> list[SimpleNamespace]:
        """Label, text; or a time."""
        group, sums = self._group, self._whole
        told = [
            ("Tasks", self._number_in_words, 0),
            ("Still failed", units.count(group.open_tasks), 0),
            ("Accounts", self._account_names, 0),
            ("Types", ", ".join(visible(name) for name, _ in sums.types.most_common(9)), 0),
            ("First seen", "", group.first_at),
            ("Last seen", "", group.last_at),
            ("Family", self.family.name, 0),
            ("Group", f"#{group.pk}", 0),
        ]
        return [
            SimpleNamespace(label=label, text=text, iso=iso(at), at=short(at)) for label, text, at in told if text or at
        ]

    @property
    def _number_in_words(self) -> str:
        whole, recent = self._whole.tasks, self._recent.tasks
        if whole == recent:
            return units.count(whole)
        return f"{units.count(whole)} in all, {units.count(recent) if recent else 'none'} in {DAYS_DRAWN} days"

    @property
    def _account_names(self) -> str:
        names = sorted(account.name for account in self._held.sight.accounts if account.id in self._whole.accounts)
        return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

    @cached_property
    def samples(self) -> list[SimpleNamespace]:
        """Messages that differ most, of the newest."""
        newest = [one.id for one in newest_of(self._patterns, self._held.sight.ids, MOST_READ)]
        messages = dict(Failure.objects.filter(pk__in=newest).values_list("pk", "message"))
        return [self._sample(sample) for sample in samples_of(messages[pk] for pk in newest if pk in messages)]

    def _sample(self, sample: Sample) -> SimpleNamespace:
        text, is_cut = visible(sample.text) or "No message", len(sample.text) >= LONGEST_MESSAGE
        times = f"{units.count(sample.times)} times" if sample.times > 1 else "once"
        if sample.is_shape:
            times = f"{units.count(sample.times)} of this shape"
        return SimpleNamespace(head=text[:SHOWN], text=text, is_long=len(text) > SHOWN, is_cut=is_cut, times=times)

    @property
    def days(self) -> SimpleNamespace:
        return days_of(self._recent, self._held.sight.now, self._decisions, self._group)

    @property
    def hours(self) -> SimpleNamespace:
        return hours_of(self._recent, self._held.sight.now)

    @cached_property
    def listed(self) -> FailedTasks:
        return FailedTasks(self._held, self._patterns, self._place)

    @cached_property
    def patterns(self) -> list[SimpleNamespace]:
        """What was merged into it."""
        merged = Group.objects.filter(merged_into=self._group.pk).order_by("pk")[:MOST_DEEDS]
        return [SimpleNamespace(id=one.pk, title=title_html(one.title)) for one in merged]

    @cached_property
    def _decisions(self) -> list[Decision]:
        """Of it and of what was merged into it, the oldest first; each merge is told once."""
        told = Decision.objects.filter(group__in=self._patterns).order_by("-at", "-pk")[: 2 * MOST_DEEDS]
        ours = [one for one in told if one.group_id == self._group.pk or one.what not in ("merged", "unmerged")]
        return ours[:MOST_DEEDS][::-1]

    @property
    def deeds(self) -> list[SimpleNamespace]:
        return [deed_of(decision, self._group) for decision in self._decisions]

    @cached_property
    def people(self) -> list[SimpleNamespace]:
        """Whom it can be given to."""
        able = Membership.objects.filter(
            team=self._group.team_id, role__in=roles_with(Right.TRIAGE), user__is_active=True
        )
        rows = able.order_by("user__email").values_list("user", "user__email")
        return [SimpleNamespace(id=pk, email=visible(email), owns=pk == self._group.owner_id) for pk, email in rows]

    @cached_property
    def similar(self) -> list[SimpleNamespace]:
        """Other groups that it may be one with."""
        return [
            SimpleNamespace(
                id=one.pk,
                title=title_html(one.title),
                plain_title=plain_title(one.title),
                tasks=f"{units.count(number)} task{'s' * (number != 1)}",
            )
            for one, number in similar_to(self._group)
        ]
