"""What a no leads to: how it ended for the guest, and whether who was told no still decides for themself."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from empower.incidents.models import Outcome
from empower.spending.models import ApprovalStatus, Judged, Spend

from ..facts import GIVEN, key_of
from ..figures import share
from ..selection import counted_once, keys
from .family import Family

DAYS = 30

#: A request that was cut: approved, for less than was asked for.
CUT = Q(status=ApprovalStatus.APPROVED, spend__asked_amount__gt=F("spend__amount"))
DECLINED = Q(status=ApprovalStatus.DECLINED)
DENIED = Q(status=ApprovalStatus.DENIED)

_KNOWN = Q(
    spend__incident__status="resolved",
    spend__incident__outcome__in=[Outcome.RECOVERED, Outcome.DELIGHTED, Outcome.LOST],
)

#: Of these, those that ended so.
LOST = Q(spend__incident__outcome=Outcome.LOST)


@dataclass(frozen=True)
class AfterNo:
    """Requests that got a no, of so many ``people``: of those known, after how many (and before) they acted themselves."""

    people: int = 0
    known: int = 0
    acted: int = 0
    acted_before: int = 0


def told_no_and_known(selection):
    """The requests of the period that were declined or cut, whose incident's end is known."""
    return selection.requests().filter(DECLINED | CUT).filter(_KNOWN)


@counted_once
def count_regrets(selection, by=()):
    """{key: (lost, known)}: of the requests of the period declined or cut, whose incident's end is known, how many lost.

    One query.
    """
    found = selection.told_apart(told_no_and_known(selection), by)
    counts = {"known": Count("pk"), "lost": Count("pk", filter=LOST)}
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): (row["lost"], row["known"]) for row in rows if row["known"]}


@counted_once
def count_after_no(selection, by=()):
    """{key: AfterNo}: of the requests of the period declined, cut or denied, after how many the same person gave something
    of their own accord within 30 days, and before how many in the 30 days before they asked.

    Known is who did, and of whom 30 days have passed. One query, with a look into each person's acts by index.
    """
    window, now = timedelta(days=DAYS), selection.now
    own = Spend.objects.order_by().filter(GIVEN, judged_as=Judged.OWN, employee=OuterRef("employee"))
    after = own.filter(occurred_at__gt=OuterRef("decided_at"), occurred_at__lte=OuterRef("decided_at") + window)
    before = own.filter(occurred_at__lt=OuterRef("requested_at"), occurred_at__gte=OuterRef("requested_at") - window)
    found = selection.requests().filter(DECLINED | CUT | DENIED)
    found = selection.told_apart(found, by).annotate(has_acted=Exists(after), had_acted=Exists(before))
    is_known = Q(has_acted=True) | Q(decided_at__lte=now - window)
    counts = {
        "people": Count("employee", distinct=True),
        "known": Count("pk", filter=is_known),
        "acted": Count("pk", filter=Q(has_acted=True)),
        "acted_before": Count("pk", filter=is_known & Q(had_acted=True)),
    }
    rows = found.values(*keys(by)).annotate(**counts) if by else [found.aggregate(**counts)]
    return {key_of(row, by): AfterNo(**{name: row[name] for name in counts}) for row in rows if row["people"]}


def _regrets(selection, by):
    found = count_regrets(selection, by)
    return set(found), lambda key: (share("decline_regret", *found.get(key, (0, 0))),)


def _after_no(selection, by):
    found = count_after_no(selection, by)

    def figures_of(key):
        one = found.get(key, AfterNo())
        return (
            share("use_after_decline", one.acted, one.known),
            share("use_before_decline", one.acted_before, one.known),
        )

    return set(found), figures_of


def _people_told_no(selection, by):
    return {key: one.people for key, one in count_after_no(selection, by).items()}


REGRETS = Family(_regrets)
AFTER_NO = Family(_after_no, people=_people_told_no)
