"""A group of hotels that has given a million times: rows as the services would have left them, written in bulk.

Twenty properties in four zones and three currencies, 3,000 people, three years up to now, the days busier and quieter by
season; each property has a budget for the year. The same seed gives the same world. No event tells of what was given: the
reading of the log begins after it.
"""

import math
import random
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Max

from empower import clock
from empower.incidents.models import Category, Guest, Incident, IncidentGuest, Resolution
from empower.journal.models import Account, EntrySeal, JournalEntry, Posting
from empower.journal.services import allot_budget
from empower.policies.services import open_property
from empower.spending.models import Approval, Authority, Gesture, Reversal, Spend
from empower.staff.models import Department, Employee, Property
from tests import factories as make

from .copies import copy
from .rows import Rows, nothing_asked

DAYS = 3 * 365
PLACES = [
    ("America/Los_Angeles", "USD"), ("America/New_York", "USD"), ("Europe/Paris", "EUR"), ("Asia/Tokyo", "JPY"),
    ("America/New_York", "USD"),
]  # fmt: skip
DEPARTMENTS = ("front_desk", "dining", "housekeeping", "spa", "concierge", "engineering", "events", "pool")
PAID, SPENT, AVAILABLE = "liabilities:folio_credit", "budget:spent", "budget:available"
LIMIT = {"USD": 200_000, "EUR": 200_000, "JPY": 300_000}
TABLES = (
    Guest, Incident, IncidentGuest, Resolution, Authority, Spend, Approval, JournalEntry, Posting, EntrySeal, Reversal,
)  # fmt: skip
REFERS_TO = {
    "incident_id": Incident, "guest_id": Guest, "authority_id": Authority, "spend_id": Spend, "entry_id": JournalEntry,
    "reverses_id": JournalEntry,
}  # fmt: skip
A_MILLION = 1_000_000


class World:
    """``spends`` of them, over ``properties`` houses."""

    def __init__(self, spends, *, properties=20, people=150, seed=1, now=None):
        self.chance = random.Random(seed)
        self.spends = spends
        self.now = now or datetime.now(UTC).replace(microsecond=0)
        self.ids = dict.fromkeys(TABLES, 0)
        self.rows = {model: Rows(model) for model in TABLES}
        self.is_filled = Spend.objects.exists()
        if not self.is_filled:
            make.EmployeeFactory(username="chen", role="leader", property=None, department=None)
            for number in range(properties):
                self._house(number, people)
        self.chen = Employee.objects.get(username="chen")
        self.houses = [_as_it_is(house) for house in Property.objects.filter(code__startswith="H").order_by("code")]
        self.gm = Employee.objects.get(username="gm0")
        self.categories = list(Category.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
        self.gestures = list(Gesture.objects.filter(is_active=True).order_by("pk"))

    def _house(self, number, people):
        zone, currency = PLACES[number % len(PLACES)]
        property = open_property(
            actor=None, code=f"H{number:02}", name=f"House {number}", currency=currency, timezone=zone,
            limit=LIMIT[currency],
        )  # fmt: skip
        teams = [Department.objects.create(property=property, code=code, name=code) for code in DEPARTMENTS]
        make.EmployeeFactory(username=f"gm{number}", role="general_manager", property=property, department=None)
        Employee.objects.bulk_create(
            Employee(
                username=f"h{number}p{one}", code=f"h{number}p{one}", name=f"Person {one}", role="frontline", property=property,
                department=teams[one % len(teams)], joined_on=(self.now - timedelta(days=37 * one + 10)).date(), password="!",
            )
            for one in range(people)
        )  # fmt: skip
        for code in _codes():
            _account(code, currency)

    def fill(self):
        """Writes it all, and then a budget for each property and calendar year.

        On PostgreSQL more than a million are a million, and copies of it.
        """
        times = self.spends // A_MILLION if connection.vendor == "postgresql" else 1
        with nothing_asked([model._meta.db_table for model in TABLES]):
            self._make(self.spends // max(1, times), self._moment)
            if times > 1:
                copy(TABLES, self.ids, REFERS_TO, times - 1)
        for house, *_more in self.houses:
            for year in range(self.now.year - 2, self.now.year + 1):
                begins, ends = date(year, 1, 1), date(year, 12, 31)
                amount = 2_000 * max(1, times) * LIMIT[house.currency]
                allot_budget(actor=None, property=house, amount=amount, begins_on=begins, ends_on=ends)

    def fill_the_last_day(self, spends):
        """So many more, all of the last day. Answers the id of the last one before them."""
        for model in TABLES:
            # Others have written meanwhile.
            self.ids[model] = model.objects.aggregate(last=Max("pk"))["last"] or 0
        last = self.ids[Spend]
        with nothing_asked([model._meta.db_table for model in TABLES]):
            self._make(spends, lambda: self.now - timedelta(seconds=self.chance.randrange(86_400)))
        return last

    def _make(self, spends, moment):
        made = 0
        while made < spends:
            made += self._incident(moment())
        for rows in self.rows.values():
            rows.write()

    def _moment(self):
        while True:
            day = self.chance.randrange(DAYS)
            if self.chance.random() < 0.75 + 0.25 * math.sin(day / 58):
                return self.now - timedelta(days=day, seconds=self.chance.randrange(86_400))

    def _add(self, model, **values):
        self.ids[model] += 1
        self.rows[model].add(id=self.ids[model], **values)
        return self.ids[model]

    def _incident(self, at):
        chance = self.chance
        house = chance.choice(self.houses)
        property, teams, staff, _accounts = house
        told = at + timedelta(minutes=chance.choice([0, 0, 2, 9, 40]))
        is_recovery = chance.random() < 0.85
        is_old = self.now - at > timedelta(days=10)
        is_resolved = chance.random() < (0.999 if is_old else 0.8)
        resolved = min(self.now, told + timedelta(minutes=math.exp(chance.gauss(4, 1.2)))) if is_resolved else None
        outcome = chance.choices(["recovered", "delighted", "lost", "unknown", ""], [60, 12, 12, 10, 6])[0]
        guest = self._add(
            Guest, property_id=property.pk, kind="guest", name="A guest", recorded_at=told, updated_at=told
        )
        incident = self._add(
            Incident, kind="recovery" if is_recovery else "delight", status="resolved" if is_resolved else "open",
            property_id=property.pk, department_id=chance.choice([*teams, None]),
            category_id=chance.choice([*self.categories, None]), occurred_at=at, reported_at=told, recorded_at=told,
            resolved_at=resolved, outcome=outcome if is_resolved else "", updated_at=told,
        )  # fmt: skip
        before = chance.choice([None, 1, 2, 3, 4])
        after = chance.choice([None, 5, 7, 8, 9]) if is_resolved else None
        self._add(
            IncidentGuest, incident_id=incident, guest_id=guest, feeling_before=before, feeling_after=after,
            outcome=outcome if is_resolved else "",
        )  # fmt: skip
        if is_resolved:
            self._add(Resolution, incident_id=incident, resolved_at=resolved, outcome=outcome)
        given = chance.choices([0, 1, 2, 3], [15, 60, 20, 5])[0]
        for _one in range(given):
            self._spend(house, chance.choice(staff), incident, guest, min(self.now, told + self._while()))
        return given

    def _while(self):
        return timedelta(seconds=int(math.exp(self.chance.gauss(5.4, 1.1))))

    def _spend(self, house, person, incident, guest, at):
        chance = self.chance
        property, _teams, _staff, _accounts = house
        (employee, team), gesture, limit = person, chance.choice(self.gestures), LIMIT[property.currency]
        amount = 0 if gesture.is_free else chance.choice([2_500, 5_000, 7_500, 12_000, 20_000, 45_000]) + (
            chance.randrange(2_000) if chance.random() < 0.4 else 0
        )  # fmt: skip
        if chance.random() < 0.01 and not gesture.is_free:
            amount = limit - chance.choice([0, 0, 500])
        asked = chance.random() < 0.04 and amount > 0
        answered = min(self.now, at + timedelta(minutes=math.exp(chance.gauss(2.2, 1))))
        status = chance.choices(["approved", "declined", "expired", "answered"], [70, 12, 8, 10])[0] if asked else ""
        if status and self.now - at < timedelta(hours=3):
            status = "open"
        stands = status in ("", "approved", "answered")
        judged = "" if not stands else "approved" if status == "approved" else "own"
        cost = amount * gesture.cost_ratio // 10_000
        back = amount if stands and amount and chance.random() < 0.02 else 0
        authority = self._add(
            Authority, scope="incident", key=f"{employee}:{guest}:{incident}:{self.ids[Spend]}", currency=property.currency,
            own_limit=limit, own=(amount - back) if judged == "own" else 0, approved=amount if judged == "approved" else 0,
        )  # fmt: skip
        posted = (answered if status == "approved" else at) if stands else None
        spend = self._add(
            Spend, incident_id=incident, guest_id=guest, employee_id=employee, property_id=property.pk, department_id=team,
            gesture_id=gesture.pk, amount=amount, cost=cost, currency=property.currency, judged_as=judged,
            status="reversed" if back else "posted" if stands else "pending" if status == "open" else status,
            reversed_amount=back, reversed_cost=cost if back else 0, limit_in_force=limit, authority_id=authority,
            occurred_at=at, recorded_at=at, posted_at=posted, updated_at=at,
        )  # fmt: skip
        if status:
            decided = answered if status in ("approved", "declined") else None
            # What waits goes on waiting for as long as the measurements may take: nothing was set aside for it.
            expires = clock.now() + timedelta(days=3) if status == "open" else at + timedelta(hours=2)
            self._add(
                Approval, spend_id=spend, employee_id=employee, property_id=property.pk, status=status, requested_at=at,
                expires_at=expires, decided_at=decided, decided_by_id=self.chen.pk if decided else None, updated_at=at,
            )  # fmt: skip
        if stands and cost:
            entry = self._book(house, gesture, "spend", cost, incident, spend, person, posted)
            if back:
                mirror = self._book(
                    house, gesture, "reversal", -cost, incident, spend, person, posted, reverses_id=entry
                )
                self._add(
                    Reversal, spend_id=spend, amount=amount, cost=cost, entry_id=mirror, reversed_at=posted,
                    recorded_at=posted,
                )  # fmt: skip

    def _book(self, house, gesture, kind, cost, incident, spend, person, at, **more):
        property, _teams, _staff, accounts = house
        entry = self._add(
            JournalEntry, kind=kind, property_id=property.pk, currency=property.currency, occurred_at=at, recorded_at=at,
            spend_id=spend, **more,
        )  # fmt: skip
        legs = (f"expenses:recovery:{gesture.account}", cost), (PAID, -cost), (SPENT, cost), (AVAILABLE, -cost)
        for code, amount in legs:
            self._add(
                Posting, entry_id=entry, account_id=accounts[code], amount=amount, property_id=property.pk,
                department_id=person[1], employee_id=person[0], incident_id=incident,
            )  # fmt: skip
        self.rows[EntrySeal].add(entry_id=entry, sealed_at=at)
        return entry


def _as_it_is(house):
    """(property, its departments, (person, department) of its staff, its accounts), all but the first by their ids."""
    teams = list(house.departments.order_by("pk").values_list("pk", flat=True))
    staff = list(house.employees.filter(role="frontline").order_by("pk").values_list("pk", "department_id"))
    return house, teams, staff, {code: _account(code, house.currency) for code in _codes()}


def _codes():
    return [PAID, SPENT, AVAILABLE, *sorted({f"expenses:recovery:{one.account}" for one in Gesture.objects.all()})]


def _account(code, currency):
    kind = {"liabilities": "liability", "budget": "budget", "expenses": "expense"}[code.split(":")[0]]
    return Account.objects.get_or_create(code=code, currency=currency, defaults={"name": code, "kind": kind})[0].pk
