"""The very rows behind a figure that no other list can ask for: which they are, and those that it is out of beside them.

From the facts, by the same conditions as the counts: so many rows as the figure says.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from empower.spending.models import ApprovalStatus, Judged, Spend

from .costs import BINS, first_acts
from .facts import GIVEN, same_cause_before
from .families.declines import LOST, told_no_and_known
from .families.promises import KEPT, promises_due
from .families.splits import first_parts
from .timing import first_own_yes

_VERBAL = Q(status__in=[ApprovalStatus.TO_CONFIRM, ApprovalStatus.CONFIRMED, ApprovalStatus.DENIED])

#: Requests by what became of them.
_REQUESTS = {name: Q(status=name) for name in ("answered", "approved", "declined", "open", "denied")} | {
    "requests": Q(),
    "verbal": _VERBAL,
}
_ACTS = {"acts": Q()} | {f"acts_{how}": Q(judged_as=how) for how in Judged.values}


@dataclass(frozen=True)
class Rows:
    """``counted``: the rows (incidents, spends or requests); ``rest``: those of its denominator that are not, or None."""

    counted: object
    rest: object = None


def rows_of(selection, name, part=0, currency=None):
    """The `Rows` behind the figure of this ``name``; KeyError for one that has none here.

    ``part``: which twentieth of the limit (0 to 19), or by how many minutes; ``currency``: of acts, one alone. A query or
    two to find them.
    """
    if name in _ACTS:
        acts = selection.spends().filter(GIVEN).filter(_ACTS[name])
        return Rows(acts.filter(currency=currency) if currency else acts)
    if name in _REQUESTS:
        return Rows(selection.requests().filter(_REQUESTS[name]))
    return _FOUND[name](selection, part)


def _given(selection):
    given = Spend.objects.order_by().filter(GIVEN, incident=OuterRef("pk"))
    return given.filter(gesture__code=selection.gesture) if selection.gesture else given


def _of(incidents, condition):
    return Rows(incidents.filter(condition), incidents.filter(~condition))


def _use(selection, part):
    return _of(selection.recoveries(), Exists(_given(selection).filter(judged_as=Judged.OWN)))


def _use_at_a_cost(selection, part):
    own = _given(selection).filter(judged_as=Judged.OWN, cost__gt=F("reversed_cost"))
    return _of(selection.recoveries(), Exists(own))


def _autonomy(selection, part):
    given = _given(selection)
    own, others = given.filter(judged_as=Judged.OWN), given.exclude(judged_as=Judged.OWN)
    return _of(selection.recoveries().filter(status="resolved"), Exists(own) & ~Exists(others))


def _recurrence(selection, part):
    return _of(selection.recoveries(), Exists(same_cause_before()))


def _needless_asks(selection, part):
    return Rows(selection.requests().filter(_REQUESTS["answered"]), selection.requests().exclude(_REQUESTS["answered"]))


def _limit_use(selection, part):
    """The first own act of each scope whose own acts came to this twentieth of its limit: see `costs.limit_use`."""
    acts = first_acts(selection).filter(limit__gt=0).alias(twentieths=BINS * F("sum"))
    acts = acts.filter(twentieths__gte=part * F("limit"))
    # The last one has all that is above the limit too.
    return _spends(acts if part == BINS - 1 else acts.filter(twentieths__lt=(part + 1) * F("limit")))


def _yes_own(selection, part):
    told = selection.recoveries().annotate(ended=first_own_yes(selection)).filter(ended__isnull=False)
    return _within(told, "reported_at", part, selection.recoveries())


def _yes_asked(selection, part):
    asked = selection.requests().filter(spend__external_id="")
    answered = asked.filter(status__in=[ApprovalStatus.APPROVED, ApprovalStatus.DECLINED])
    if not part:
        # Who waits, or waited in vain, is in the median too.
        return Rows(answered, asked.filter(status__in=[ApprovalStatus.OPEN, ApprovalStatus.EXPIRED]))
    return _within(answered.annotate(ended=F("decided_at")), "requested_at", part, selection.requests())


def _within(told, begins, minutes, rows):
    """Those that had ``ended`` so soon; all that had, for no minutes. Half a second more is read as none (`timing.seconds`)."""
    if not minutes:
        return Rows(rows.filter(pk__in=told.values("pk")))
    until = F(begins) + timedelta(minutes=minutes, milliseconds=500)
    soon, late = told.filter(ended__lte=until), told.filter(ended__gt=until)
    return Rows(rows.filter(pk__in=soon.values("pk")), rows.filter(pk__in=late.values("pk")))


def _decline_regret(selection, part):
    return _of(told_no_and_known(selection), LOST)


def _promises_kept(selection, part):
    due = promises_due(selection)
    # What was never handed over is not kept either.
    return Rows(due.filter(KEPT), due.exclude(pk__in=due.filter(KEPT).values("pk")))


def _reached_in_parts(selection, part):
    """The first own act of each scope that came to 95 % of its limit by several: see `costs.limit_use`."""
    acts = first_acts(selection).alias(hundredths=100 * F("sum"))
    return _spends(acts.filter(limit__gt=0, acts__gt=1, hundredths__gte=95 * F("limit")))


def _spends(values):
    return Rows(Spend.objects.order_by().filter(pk__in=values.values("pk")))


def _in_parts_above(over):
    """The first act of each sum that passes the limit: see `families.splits`."""
    return lambda selection, part: Rows(Spend.objects.order_by().filter(pk__in=first_parts(selection, over)))


_FOUND = {
    "decline_regret": _decline_regret,
    "promises_kept": _promises_kept,
    "limit_reached_in_parts": _reached_in_parts,
    "in_parts_above_the_limit_incident": _in_parts_above("incident"),
    "in_parts_above_the_limit_guest_day": _in_parts_above("guest_day"),
    "use": _use,
    "use_at_a_cost": _use_at_a_cost,
    "autonomy": _autonomy,
    "recurrence": _recurrence,
    "needless_asks": _needless_asks,
    "limit_use": _limit_use,
    "yes_own": _yes_own,
    "yes_asked": _yes_asked,
}

#: Of these each row is the first act of a sum.
OF_SUMS = (
    "limit_use", "limit_reached_in_parts", "in_parts_above_the_limit_incident", "in_parts_above_the_limit_guest_day",
)  # fmt: skip

#: The names that there are, of each kind of row.
OF_INCIDENTS = ("use", "use_at_a_cost", "autonomy", "recurrence", "yes_own")
OF_SPENDS = (*_ACTS, "promises_kept", *OF_SUMS)
OF_REQUESTS = (*_REQUESTS, "needless_asks", "yes_asked", "decline_regret")

#: How many parts a name may be asked for: the twentieths of a limit.
PARTS = {"limit_use": BINS}
