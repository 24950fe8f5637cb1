"""What is counted: in whose eyes, on which days, in which part of the house; and by what it is told apart.

Every count begins here, with what the person may see: a property's people see that property's figures (the figures, not
each other's acts), leaders and auditors those of every property, the superuser none.

A spend and an entry of the journal belong to the department that they carry, an incident to its own. With a gesture,
an incident counts when that gesture was given on it, or asked for.
"""

from dataclasses import dataclass, replace
from functools import cached_property, wraps

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce

from empower import clock
from empower.incidents.models import Incident
from empower.incidents.querysets import of_ones_property
from empower.journal.models import AccountKind, Posting
from empower.spending.models import Approval, ApprovalStatus, Judged, Spend
from empower.spending.queries.as_of import NOW, Moments
from empower.staff.models import Property

from .catalogues import causes
from .columns import Written, column_of
from .moment import eyes_of, settled
from .period import Period, by_zone, today_in

DIMENSIONS = (
    "property", "department", "category", "gesture", "outcome", "month", "week", "day", "role", "tenure",
)  # fmt: skip

#: What a question can be narrowed by.
FILTERS = ("property", "department", "category", "gesture", "kind")

#: What says something about the people of a team, and what needs a spend to be told apart by.
OF_SPENDS = frozenset({"gesture", "role", "tenure"})


@dataclass(frozen=True)
class Selection:
    """A question, as everybody asks it: page, API and export. Codes are the reference data's; None is no filter.

    ``as_of``: at which moments the tables are read. Its counts are made inside ``as_of.tables()``. ``facts_alone``: no
    roll-up is read, as a referee asks.
    """

    user: object
    period: Period
    property: str | None = None
    department: str | None = None
    category: str | None = None
    gesture: str | None = None
    kind: str | None = None
    as_of: Moments = NOW
    facts_alone: bool = False

    def but(self, **changes):
        """The same question but for these, at the same moment: what was read of the roll-ups' state serves it too."""
        other = replace(self, **changes)
        other.__dict__.update((name, told) for name, told in self.__dict__.items() if name == "_kept")
        return other

    @cached_property
    def now(self):
        """The moment at which the question stands: the present, or the earlier one as of which it is asked."""
        return min(self.as_of.earliest or clock.now(), clock.now())

    @cached_property
    def properties(self):
        """The properties that are counted: those that the person sees, or the one of them that was asked for."""
        seen = Property.objects.visible_to(self.user)
        return seen.filter(code=self.property) if self.property else seen

    @cached_property
    def houses(self):
        """{zone: the ids of those properties that are there}. One query, once."""
        return by_zone((pk, zone) for pk, zone, _currency in self._places)

    @cached_property
    def zone_of(self):
        """{id: zone} of the same."""
        return {house: zone for zone, houses in self.houses.items() for house in houses}

    @cached_property
    def timezones(self):
        """The zones of those properties."""
        return sorted(self.houses)

    @cached_property
    def today(self):
        """The latest local day that has begun at one of those properties, as the question stands."""
        return today_in(self.timezones, self.now)

    def last_day_in(self, timezone):
        """The last day counted there: the period's, or today where that is not over."""
        today = clock.local_day(self.now, timezone)
        return min(self.period.ends or today, today)

    @cached_property
    def currencies(self):
        """The currencies of those properties. One query, once."""
        return sorted({currency for _pk, _zone, currency in self._places})

    @cached_property
    def _places(self):
        """(id, zone, currency) of those properties. One query, once, for both of these."""
        found = self.properties.order_by("pk").values_list("pk", "timezone", "currency")
        return self.settled("places", lambda: list(found))

    def settled(self, what, ask):
        """`moment.settled` of what rests on ``what``, on whose eyes these are and on the property asked for."""
        return ask() if self.as_of else settled((what, eyes_of(self.user), self.property), ask)

    @cached_property
    def category_ids(self):
        """The ids of the category and of all below it. One query, once; none where no category was asked for."""
        return None if self.category is None else _with_all_below(self.category)

    def incidents(self, *, all_of_them=False):
        """The incidents that occurred in the period, void ones out, of both kinds unless one was asked for.

        ``all_of_them``: they are read to the last one, and not looked into for some.
        """
        there = self.period.covers(self.houses, field="occurred_at")
        return self._of_the_period(self.incidents_ever(), there, all_of_them)

    def incidents_ever(self):
        """The same whenever they occurred."""
        found = Incident.objects.visible_to(self.user).not_void().order_by()
        found = self._here(found, "department", "category", "kind")
        if self.gesture:
            given = Spend.objects.filter(incident=OuterRef("pk"), gesture__code=self.gesture)
            found = found.filter(Exists(given))
        return found

    def recoveries(self, *, all_of_them=False):
        """I of the formulas: the recovery incidents among `incidents`."""
        return self.incidents(all_of_them=all_of_them).filter(kind="recovery")

    def spends(self, *, all_of_them=False):
        """Every spend of the period, whatever became of it.

        What was asked for and approved was given when it was approved, and that is when the journal has it; all else
        when it was given or asked for. ``all_of_them``: they are read to the last one, and not looked into for somebody's.
        """
        was_approved = Approval.objects.order_by().filter(spend=OuterRef("pk"), status=ApprovalStatus.APPROVED)
        by_yes = Q(judged_as=Judged.APPROVED) & Exists(was_approved)
        found = self.spends_ever().annotate(act_at=Case(When(by_yes, then=F("posted_at")), default=F("occurred_at")))
        if self.period.is_open:
            return found.filter(self.period.covers(self.houses, field="act_at"))
        # Each of the two moments in the period, in words that an index understands; then whether it is the one that counts.
        granted = self.period.covers(self.houses, field="posted_at", also=Q(judged_as=Written(Judged.APPROVED)))
        at_once = self.period.covers(self.houses, field="occurred_at")
        found = self._of_the_period(found, granted | at_once, all_of_them)
        return found.filter((granted & by_yes) | (at_once & ~by_yes))

    def own_acts(self):
        """Of `spends` those of somebody's own accord: nobody's yes was waited for, so each counts when it was given."""
        own = self.spends_ever().filter(judged_as=Judged.OWN).annotate(act_at=F("occurred_at"))
        return own.filter(self.period.covers(self.houses, field="occurred_at"))

    def spends_ever(self):
        """The same whenever they were given or asked for."""
        found = of_ones_property(Spend.objects.order_by(), self.user)
        found = self._here(found, "department", "incident__category", "incident__kind")
        return found.filter(gesture__code=self.gesture) if self.gesture else found

    def requests(self):
        """Every request that was made in the period."""
        return self.requests_ever().filter(self.period.covers(self.houses, field="requested_at"))

    def requests_ever(self):
        """The same whenever they were made: what waits now may be older than the period."""
        found = of_ones_property(Approval.objects.order_by(), self.user)
        found = self._here(found, "spend__department", "spend__incident__category", "spend__incident__kind")
        return found.filter(spend__gesture__code=self.gesture) if self.gesture else found

    def expenses(self):
        """The expense postings of the acts of the period, sealed entries only.

        A reversal belongs to the day of the act that it reverses, so both are read by the day of that act; an unmatched
        credit reverses none and has its own day. It is no spend, so a question about one gesture leaves it out.
        """
        found = of_ones_property(Posting.objects.sealed().order_by(), self.user).filter(
            account__kind=AccountKind.EXPENSE
        )
        found = found.annotate(act_at=Coalesce("entry__reverses__occurred_at", "entry__occurred_at"))
        found = self._here(found, "department", None, None)
        if self.category_ids is not None or self.kind:
            incidents = Incident.objects.order_by()
            if self.category_ids is not None:
                incidents = incidents.filter(category__in=self.category_ids)
            if self.kind:
                incidents = incidents.filter(kind=self.kind)
            found = found.filter(incident_id__in=incidents.values("pk"))
        if self.gesture:
            given = Spend.objects.order_by().filter(gesture__code=self.gesture)
            found = found.filter(entry__spend_id__in=given.values("pk"))
        return found.filter(self.period.covers(self.houses, field="act_at"))

    def _of_the_period(self, found, there, all_of_them):
        """``found`` of which ``there`` (a Q that an index tells) is so.

        Where ``all_of_them`` are read, SQLite would read them, and the rows of other tables that belong to them, in the order
        of the index: of a year of a million spends that takes four times as long as in the order in which they lie.
        """
        if not all_of_them or connection.vendor != "sqlite" or self.as_of or self.period.is_open:
            return found.filter(there)
        return found.filter(pk__in=found.model._base_manager.filter(there).order_by().values("pk"))

    def _here(self, found, department, category, kind):
        found = found.filter(property__in=self.properties) if self.property else found
        if self.department:
            found = found.filter(**{f"{department}__code": self.department})
        if category and self.category_ids is not None:
            found = found.filter(**{f"{category}__in": self.category_ids})
        if kind and self.kind:
            found = found.filter(**{kind: self.kind})
        return found

    # --- told apart ------------------------------------------------------------------------------------------------

    def told_apart(self, found, by):
        """``found`` with a text column ``by_0``, ``by_1`` for each dimension of ``by``; "" where a row has none."""
        return found.annotate(**{f"by_{place}": column_of(found.model, name, self) for place, name in enumerate(by)})


def counted_once(count):
    """Makes ``count(selection, by, ...)`` remember its answer with the selection, which lives for one question.

    Several figures rest on the same counts, and so agree with each other while others write.
    """

    @wraps(count)
    def remembered(selection, by=(), **how):
        answers = selection.__dict__.setdefault("_answers", {})
        asked = (count.__qualname__, tuple(by), *sorted(how.items()))
        if asked not in answers:
            answers[asked] = count(selection, tuple(by), **how)
        return answers[asked]

    return remembered


def keys(by):
    """The names of the columns that `told_apart` adds."""
    return [f"by_{place}" for place in range(len(by))]


def _with_all_below(code):
    children, next_ones, found = {}, [], set()
    for pk, parent, of, _name in causes():
        children.setdefault(parent, []).append(pk)
        if of == code:
            next_ones.append(pk)
    while next_ones:
        one = next_ones.pop()
        if one not in found:
            found.add(one)
            next_ones += children.get(one, [])
    return found
