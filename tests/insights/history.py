"""A small past, lived at random through the services: nobody's cast, every kind of act, four time zones, three currencies.

What came in later draws from a chance of its own, so that the same seed still lives the same incidents.
"""

import random
from datetime import UTC, datetime, timedelta

from empower import clock
from empower.audit.services import record_event
from empower.incidents.models import Category, Guest
from empower.incidents.services import log_incident, merge_guests, record_follow_up, reopen_incident
from empower.journal.services import book_credit
from empower.policies.services import write_policy
from empower.spending.models import Approval, Gesture, Spend
from empower.spending.services import (
    approve_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    give_spend,
    hand_over_spend,
    resolve_incident,
    reverse_spend,
    void_incident,
    withdraw_spend,
)
from tests import factories as make

BEGINS = datetime(2026, 9, 20, 8, tzinfo=UTC)
"""Before it no policy is in force: the scene is set there."""

A_PAST = {"seed": 3, "incidents": 45, "hours": 36}
"""The one that the ordinary run lives, once, for all who need no past in particular; `make test-long` lives more."""

LIMITS = {"USD": 200_000, "EUR": 200_000, "JPY": 300_000}


class Past:
    """Lives ``incidents`` incidents, ``hours`` apart at most, from `BEGINS` on."""

    def __init__(self, scene, *, seed, incidents=40, hours=40):
        self.chance, self.late_chance = random.Random(seed), random.Random(f"late {seed}")
        self.scene = scene
        self.houses = [
            (scene.lax, [scene.maria, scene.tomas, scene.omar, *scene.more], [scene.omar, scene.grace]),
            (scene.nyc, [scene.paul], [scene.gina]),
            (scene.par, [scene.amelie], [scene.louis]),
            (scene.kyo, [scene.haruka], [scene.kenji]),
        ]
        self.gestures = list(Gesture.objects.filter(code__in=["apology", "meal", "refund", "upgrade"]).order_by("code"))
        self.now = BEGINS
        self.promised = []
        for number in range(incidents):
            self.step(hours * 60)
            with clock.standing_at(self.now):
                if number == incidents // 2:
                    self.change_the_rules()
                self.live_one()

    def change_the_rules(self):
        """Half-way: less at LAX than before, and for a while more in Kyoto; two records of one guest become one."""
        lax, kyo = self.scene.lax, self.scene.kyo
        write_policy(actor=self.scene.chen, code="default-LAX", currency="USD", property=lax, limit=100_000)
        ends = self.now + timedelta(days=9)
        write_policy(
            actor=self.scene.chen, code="raise-KYO", currency="JPY", property=kyo, limit=400_000, effective_until=ends
        )
        guests = list(Guest.objects.filter(property=lax, spends__isnull=False).distinct().order_by("pk")[:2])
        if len(guests) == 2:
            merge_guests(actor=self.scene.grace, kept=guests[0], merged=guests[1])

    def step(self, most_minutes):
        self.now += timedelta(minutes=self.chance.randint(1, most_minutes), seconds=self.chance.randint(0, 59))

    def live_one(self):
        house, people, deciders = self.chance.choice(self.houses)
        who = self.chance.choice(people)
        told_after = timedelta(minutes=self.chance.choice([0, 0, 3, 50]))
        departments = [None, *house.departments.order_by("code")]
        incident = log_incident(
            actor=who,
            property=house,
            kind=self.chance.choice(["recovery", "recovery", "recovery", "delight"]),
            guests=self.known_again(
                house,
                [
                    {"name": f"Guest {number}", "feeling_before": self.chance.choice([None, 2, 4])}
                    for number in range(self.chance.choice([1, 1, 2]))
                ],
            ),
            department=self.chance.choice(departments),
            category=self.chance.choice([None, *self.scene.categories]),
            occurred_at=self.now - timedelta(hours=self.chance.choice([0, 2, 30])) - told_after,
            reported_at=self.now - told_after,
        )
        for _one in range(self.chance.choice([0, 1, 1, 2, 3])):
            self.minutes_pass(30)
            self.give(incident, who, deciders)
        self.minutes_pass(300)
        self.keep_promises()
        self.end(incident, who)
        self.ask_how_it_went(incident)

    def known_again(self, house, guests):
        """The guests of an incident: at times one who was here before; those who are new may check out soon."""
        before = list(Guest.objects.standing().filter(property=house).order_by("-pk")[:4])
        if before and self.late_chance.random() < 0.4:
            return [self.late_chance.choice(before), *guests[1:]]
        leaves = self.late_chance.choice([None, 0, 2, 5])
        if leaves is not None:
            guests[0]["departure"] = (self.now + timedelta(days=leaves)).date()
        return guests

    def keep_promises(self):
        """Some of what was promised is handed over, in time or late; some never."""
        for spend in self.promised:
            spend.refresh_from_db()
            if spend.status == "posted" and spend.given_at is None and self.late_chance.random() < 0.6:
                hand_over_spend(actor=self.scene.chen, spend=spend)
        self.promised = [one for one in self.promised if one.given_at is None]

    def ask_how_it_went(self, incident):
        incident.refresh_from_db()
        if incident.status == "resolved" and self.late_chance.random() < 0.6:
            resolved_at = incident.resolved_at
            self.minutes_pass(self.late_chance.choice([60, 60 * 60, 120 * 60]))
            guest = self.late_chance.choice(list(incident.guests.order_by("pk")))
            at = resolved_at + (self.now - resolved_at) * self.late_chance.random()
            record_follow_up(actor=self.scene.chen, incident=incident, guest=guest, contacted_at=at)

    def minutes_pass(self, most):
        # The clock stands where the block put it, so the block's own moment is moved along.
        self.step(most)
        clock._standing_at.set(self.now)

    def give(self, incident, who, deciders):
        limit = LIMITS[incident.property.currency]
        gesture = self.chance.choice(self.gestures)
        amount = 0 if gesture.is_free else self.chance.choice([limit // 100, limit // 7, limit, limit + 1, 2 * limit])
        deciders = [one for one in deciders if one != who] or [self.scene.chen]
        is_verbal = amount > limit and self.chance.random() < 0.3
        spend = give_spend(
            actor=who,
            incident=incident,
            guest=self.chance.choice(list(incident.guests.order_by("pk"))),
            gesture=gesture,
            amount=amount,
            currency=incident.property.currency,
            ask=self.chance.random() < 0.2,
            split=not is_verbal and self.chance.random() < 0.3,
            verbal_approval_by=self.scene.chen if is_verbal else None,
            promised_for=self.promise(),
        )
        self.promised += [spend] if spend.promised_for else []
        self.minutes_pass(40)
        for request in Approval.objects.filter(spend__incident=incident, status__in=["open", "to_confirm"]).order_by(
            "pk"
        ):
            self.answer(request, deciders)
        self.minutes_pass(5)
        spend.refresh_from_db()
        if spend.status == "posted" and self.chance.random() < 0.3:
            part = self.chance.choice([None, max(1, spend.amount // 3)]) if spend.amount else None
            reverse_spend(actor=self.scene.chen, spend=spend, reason="It was not needed.", amount=part)

    def promise(self):
        minutes = self.late_chance.choice([None, None, 5, 600, 10_000])
        return minutes and self.now + timedelta(minutes=minutes)

    def answer(self, request, deciders):
        if request.status == "to_confirm":
            settle = self.chance.choice([confirm_spend, deny_spend, None])
            if settle:
                settle(actor=self.scene.chen, approval=request, reason="So it was.")
            return
        decider = self.scene.chen
        what = self.chance.choice(["approve", "approve", "less", "decline", "withdraw", "wait"])
        if what == "approve":
            approve_spend(actor=decider, approval=request, reason="Of course.")
        elif what == "less":
            approve_spend(
                actor=decider, approval=request, reason="This much.", amount=max(1, request.spend.amount // 2)
            )
        elif what == "decline":
            decline_spend(actor=decider, approval=request, reason="Not this time.")
        elif what == "withdraw":
            withdraw_spend(actor=request.employee, spend=request.spend)

    def end(self, incident, who):
        if Spend.objects.filter(incident=incident, status="pending").exists():
            return
        what = self.chance.choice(["resolve"] * 6 + ["leave", "void", "credit"])
        if what == "void" and not Spend.objects.filter(incident=incident, status="posted").exists():
            void_incident(actor=self.scene.chen, incident=incident, reason="Logged twice.")
        elif what == "resolve":
            ending = {
                "outcome": self.chance.choice(["recovered", "recovered", "delighted", "lost", "unknown"]),
                "feeling_after": self.chance.choice([None, 5, 9]),
            }
            resolve_incident(actor=self.scene.chen, incident=incident, **ending)
            if self.chance.random() < 0.1:
                self.minutes_pass(300)
                reopen_incident(actor=self.scene.chen, incident=incident, reason="It came back.")
                if self.chance.random() < 0.5:
                    self.minutes_pass(300)
                    resolve_incident(actor=self.scene.chen, incident=incident, outcome="recovered")
        elif what == "credit":
            book_credit(
                cost=self.chance.randint(1, 9_999),
                currency=incident.property.currency,
                property=incident.property,
                department=incident.department,
                employee=who,
                incident_id=incident.pk,
                occurred_at=clock.now(),
                purpose=incident.kind,
                account="refund",
                paid_from="folio_credit",
            )
            # As an import says it: the books alone tell nobody.
            record_event(actor=None, verb="credit.imported", subject=incident, after={})


def prepare(scene):
    """What a past needs beside the cast: five more people at LAX, and some of the causes that ship."""
    scene.more = [
        make.EmployeeFactory(
            username=f"lax{number}",
            property=scene.lax,
            department=scene.lax_desk,
            joined_on=BEGINS.date() + timedelta(days=days),
        )
        for number, days in enumerate([-2_000, -300, -40, 0, 20])
    ]
    write_policy(
        actor=scene.admin,
        code="default-NYC",
        currency="USD",
        property=scene.nyc,
        limit=LIMITS["USD"],
        scope="guest_day",
    )
    write_policy(
        actor=scene.admin,
        code="default-PAR",
        currency="EUR",
        property=scene.par,
        limit=LIMITS["EUR"],
        cap=150_000,
        second_failure_limit=300_000,
    )
    scene.categories = list(Category.objects.filter(code__in=["room", "room_noise", "billing_wrong"]).order_by("code"))
