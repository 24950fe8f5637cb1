"""What is left on several incidents at once is what `standing` says of each, whatever the rule; and one's own figures."""

from datetime import UTC, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.models import Incident
from empower.incidents.services import log_incident, merge_guests
from empower.policies.services import write_policy
from empower.spending.models import Gesture
from empower.spending.queries import standing
from empower.spending.queries.open_standings import left_on
from empower.spending.queries.own_figures import own_figures
from empower.spending.services import approve_spend, give_spend, resolve_incident, reverse_spend

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.standing_at(NOON):
        yield


def happened(scene, *guests, by="maria", **facts):
    return log_incident(actor=getattr(scene, by), property=scene.lax, guests=list(guests), **facts)


def gave(scene, incident, amount, *, by="maria", guest=None, **more):
    return give_spend(
        actor=getattr(scene, by),
        incident=incident,
        guest=guest or incident.guests.order_by("pk").first(),
        gesture=Gesture.objects.get(code="meal"),
        amount=amount,
        currency="USD",
        **more,
    )


def agree(scene, employee):
    """Every open incident's left is that of its guests asked one by one."""
    incidents = list(Incident.objects.filter(status="open").with_details())
    found = left_on(incidents, employee=employee)
    for incident in incidents:
        asked = [
            standing(employee=employee, incident=incident, guest=guest).remaining for guest in incident.guests.all()
        ]
        assert (found[incident.pk].least, found[incident.pk].most) == (min(asked), max(asked))
    return found


RULES = {
    "as it opens": {},
    "a limit for each day": {"scope": "guest_day"},
    "a cap over all": {"cap": 90_000},
    "lifted at a second failure": {"second_failure_limit": 200_000},
    "nothing": {"limit": 0},
}


@pytest.mark.parametrize("rule", RULES)
def test_what_is_left_is_what_each_guest_is_asked_for(scene, rule):
    if RULES[rule]:
        write_policy(
            actor=None,
            code="rule",
            property=scene.lax,
            role="frontline",
            currency="USD",
            effective_from=clock.now(),
            **({"limit": 100_000} | RULES[rule]),
        )
    with clock.standing_at(NOON + timedelta(minutes=5)):
        own = happened(scene, scene.jones, scene.rivera)
        again = happened(scene, scene.jones)
        happened(scene, scene.rivera, kind="delight")
        merged = happened(scene, {"name": "Twice", "room": "7"})
        other = happened(scene, {"name": "Twice again", "room": "7"})
        merge_guests(actor=scene.omar, kept=other.guests.get(), merged=merged.guests.get())
        for incident in (own, again, merged, other):
            gave(scene, incident, 15_000, reason="So.")
        gave(scene, own, 60_000, by="tomas", guest=scene.rivera, reason="So.")
        part = gave(scene, own, 2_000, guest=scene.rivera, reason="So.")
        if part.status == "posted":
            reverse_spend(actor=scene.omar, spend=part, amount=500, reason="Half.")
        gave(scene, again, 500_000, reason="Above any limit.")
        agree(scene, scene.maria)


def test_elsewhere_and_without_a_place_nothing_is_said(scene):
    incident = happened(scene, scene.jones)
    incidents = list(Incident.objects.with_details())
    assert left_on(incidents, employee=scene.paul) == {}
    assert left_on(incidents, employee=scene.chen)[incident.pk].most == 200_000


def test_more_incidents_ask_no_more_queries(scene, django_assert_num_queries):
    for _ in range(6):
        gave(scene, happened(scene, scene.jones, scene.rivera), 1_000)
    incidents = list(Incident.objects.with_details())
    with django_assert_num_queries(2):
        left_on(incidents, employee=scene.maria)


def test_ones_own_figures_are_out_of_what_they_are(scene):
    assert own_figures(scene.maria).acts == 0
    incident = happened(scene, scene.jones, scene.rivera)
    for amount in (1_000, 4_000, 9_000, 10_000):
        gave(scene, incident, amount)
    asked = gave(scene, incident, 300_000, guest=scene.rivera, reason="So.")
    approve_spend(actor=scene.omar, approval=asked.approval, reason="Of course.")
    gave(scene, incident, 7_777, by="tomas")
    told = [{"id": scene.jones.pk, "outcome": "recovered"}, {"id": scene.rivera.pk, "outcome": "lost"}]
    resolve_incident(actor=scene.maria, incident=incident, guests=told)
    found = own_figures(scene.maria)
    assert (found.own, found.acts, found.decided) == (4, 5, 1)
    assert (found.good, found.known) == (1, 2)
    assert (found.usual, found.gifts, found.currency) == (9_000, 5, "USD")
    with clock.standing_at(NOON + timedelta(days=91)):
        assert own_figures(scene.maria).acts == 0
