"""As of a moment, lists and figures say what they said at that moment: asked while a past is lived, and asked again later."""

import os
from datetime import timedelta

import pytest

from empower import clock
from empower.incidents.services import add_guest, change_incident
from empower.insights.queries.period import Period
from empower.insights.queries.reports import REPORTS, report
from empower.insights.queries.selection import Selection
from empower.journal.services import allot_budget
from empower.spending.models import Spend
from empower.spending.queries.as_of import Moments, as_of
from empower.spending.serializers import SpendSerializer
from empower.spending.services import (
    ask_about_spend,
    escalate_overdue_approvals,
    hand_over_spend,
    reply_about_spend,
)
from tests.insights import history
from tests.insights.history import Past

pytestmark = pytest.mark.django_db

EVER = Period(None, None)
EVERY, INCIDENTS = (24, 20) if os.environ.get("TEST_LONG") else (48, 10)


@pytest.fixture
def nothing_hidden(monkeypatch):
    monkeypatch.setattr("empower.insights.queries.reports.is_hidden", lambda selection: False)


class Watched(Past):
    """A past that is asked about in the middle; with what a log has to be read for: facts put right, questions, trays."""

    def __init__(self, scene, watch, **how):
        self.watch = watch
        super().__init__(scene, **how)

    def minutes_pass(self, most):
        self.watch(self.now)  # all that was done at this moment is done
        super().minutes_pass(most)

    def give(self, incident, who, deciders):
        super().give(incident, who, deciders)
        self.minutes_pass(9)
        spend = Spend.objects.filter(incident=incident, status="posted", given_at=None).first()
        if spend is not None and self.chance.random() < 0.5:
            hand_over_spend(actor=self.scene.chen, spend=spend)
        self.minutes_pass(9)
        self.put_right(incident)

    def answer(self, request, deciders):
        if request.status == "open" and self.chance.random() < 0.4:
            ask_about_spend(actor=self.scene.chen, approval=request, question="For whom?")
            self.minutes_pass(20)
            reply_about_spend(actor=request.employee, approval=request, reply="For both.")
            self.minutes_pass(20)
        super().answer(request, deciders)

    def end(self, incident, who):
        super().end(incident, who)
        self.minutes_pass(60)
        incident.refresh_from_db()
        if incident.status != "void":
            self.put_right(incident)

    def put_right(self, incident):
        facts = {
            "category": self.chance.choice(self.scene.categories),
            "severity": self.chance.randint(1, 5),
            "feeling_before": self.chance.randint(0, 10),
            "feeling_after": self.chance.randint(0, 10),
            "occurred_at": incident.occurred_at - timedelta(minutes=self.chance.randint(1, 90)),
        }
        if incident.status == "resolved":
            facts["outcome"] = self.chance.choice(["lost", "delighted"])
        if not incident.spends.filter(status__in=["posted", "pending"]).exists():
            facts["kind"] = self.chance.choice(["recovery", "delight"])
        named = self.chance.sample(sorted(facts), 2)
        change_incident(actor=self.scene.chen, incident=incident, **{name: facts[name] for name in named})
        if incident.status == "open" and self.chance.random() < 0.3:
            self.minutes_pass(5)
            add_guest(actor=self.scene.chen, incident=incident, guest={"name": "One more"}, feeling_before=3)


def told(rows):
    rows = rows.with_details().select_related("incident__property", "rest", "rest__approval").order_by("pk")
    found = []
    for row in rows:
        told = SpendSerializer(row).data
        # Where a request stands in its queue is known from its own steps, not from those of its neighbours.
        for one in (told, told["rest"] or {}):
            for name in ("tier", "due_at", "version"):
                if one.get("approval"):
                    one["approval"].pop(name)
        found.append(told)
    return found


def figures(selection):
    found = {}
    for name in REPORTS:
        for by in [("property",)] if name == "budget" else [("outcome", "category")]:
            one = report(name, selection, by)
            found[name, by] = (one.figures, [(group.key, group.figures) for group in one.groups])
    return found


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_spends_and_figures_are_later_what_they_were_then(cast, nothing_hidden, seed):
    seen = []

    def watch(now):
        if watch.count % 8 == 0:
            escalate_overdue_approvals()
            answers = figures(Selection(cast.chen, EVER)) if watch.count % EVERY == 0 else {}
            seen.append((now, told(Spend.objects.all()), answers))
        watch.count += 1

    watch.count = 0
    with clock.standing_at(history.BEGINS):
        for house in (cast.lax, cast.kyo):
            allot_budget(
                actor=cast.chen, property=house, amount=5_000_000,
                begins_on=history.BEGINS.date(), ends_on=history.BEGINS.date().replace(month=12),
            )  # fmt: skip
    past = Watched(cast, watch, seed=seed, incidents=INCIDENTS)
    assert len(seen) > 5
    statuses = set()
    with clock.standing_at(past.now):
        escalate_overdue_approvals()
        now = told(Spend.objects.all())
        for moment, spends, answers in seen:
            again = told(as_of(Spend.objects.all(), recorded=moment))
            for before, after in zip(spends, again, strict=True):
                assert {k: (before[k], after[k]) for k in before if before[k] != after[k]} == {}, moment
            statuses |= {(one["status"], later["status"]) for one, later in zip(again, now, strict=False)}
            asked = Selection(cast.chen, EVER, as_of=Moments(recorded=moment))
            assert not answers or figures(asked) == answers, moment
    assert any(then != later for then, later in statuses), "nothing changed: this proves nothing"
