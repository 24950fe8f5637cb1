"""Where the history stands while it is lived: the houses and people as rows, the catalogue, the diary, the dice."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from empower import clock
from empower.incidents.models import Category, Touchpoint
from empower.policies.queries import deputies_in_force
from empower.spending.models import Gesture
from empower.spending.permissions import can_decide
from empower.staff.models import Employee, Role, rank

from .diary import Diary
from .guests import GuestBook
from .places import HOUSES
from .seasons import months_back

#: How long a history is, in months.
MONTHS = 18


@dataclass
class Hotel:
    """A house of the demo and its rows. ``people``: (Person, Employee) of those who work there by now."""

    house: object
    property: object
    departments: dict
    people: list
    guests: GuestBook

    @property
    def zone(self):
        return ZoneInfo(self.house.timezone)


class World:
    """Made by `opening.open_world`, which fills ``hotels`` and ``people``."""

    def __init__(self, *, seed, scale):
        self.seed, self.scale = seed, scale
        now = clock.now()
        #: What was before this moment is the same all day; what is open now stands by the hour.
        self.anchor = datetime.combine(now.date(), time(), UTC)
        self.hour = now.replace(minute=0, second=0, microsecond=0)
        self.first_day = months_back(self.anchor.date(), MONTHS)
        self.diary = Diary()
        self.hotels, self.people = {}, {}
        self.categories = {one.code: one for one in Category.objects.select_related("parent")}
        self.touchpoints = {one.code: one for one in Touchpoint.objects.all()}
        self.gestures = {one.code: one for one in Gesture.objects.all()}
        self.houses = HOUSES

    def dice(self, *name):
        """Dice of their own for each course, so that one more incident here changes none there."""
        return Random(":".join(map(str, (self.seed, *name))))  # noqa: S311 - a story, no secret

    def days_ago(self, days, hours=0):
        return self.anchor - timedelta(days=days, hours=hours)

    def enter(self, moment, course, *, until=None):
        """From ``moment`` on let ``course`` happen, up to the anchor, or to ``until``; not at all if it is later."""
        self.diary.enter(moment, course, until=until or self.anchor)

    def deciders(self, approval):
        """Who of the cast may answer this request, those whom the clock points to first."""
        here = Employee.objects.deciding_for(approval.property_id).order_by("pk")
        asked = [person for person in here if person.role == approval.asked_role]
        if approval.with_deputy:
            found = deputies_in_force(absent_ids=[person.pk for person in asked]).values()
            asked = [deputy for deputies in found for deputy in deputies] + asked
        above = sorted(
            (one for one in here if one.rank > rank(approval.asked_role)), key=lambda one: (one.rank, one.pk)
        )
        return [person for person in [*asked, *above] if can_decide(person, approval)]

    def of_role(self, code, role):
        """The employees of a house with this role, by name; the leaders are everybody's."""
        if role == Role.LEADER:
            return [self.people["chen"]]
        return [row for person, row in self.hotels[code].people if person.role == role]
