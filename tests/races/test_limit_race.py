"""Sixteen processes give at once and the limit holds to the cent; with a naive check in its place it does not."""

import multiprocessing
import os
from functools import partial

import pytest

from empower.incidents.services import log_incident
from empower.policies.services import write_policy
from empower.refusals import NotPossible
from empower.spending.models import Authority, Gesture, Spend
from empower.spending.services import approve_spend, decline_spend, give_spend
from empower.spending.services.giving import _Counters
from tests.races.processes import at_once
from tests.scene import set_the_scene

pytestmark = pytest.mark.races

PROCESSES, FEWER = 16, 8
TRIES = 2
AMOUNT = 15_000  # 13 of these fit into 2,000.00, with 50.00 left


def give_often(employee, incident, guest, give, times=TRIES):
    gesture = Gesture.objects.get(code="refund")
    for _ in range(times):
        give(actor=employee, incident=incident, guest=guest, gesture=gesture, amount=AMOUNT, currency="USD")


def give_naively(together, *, actor, incident, guest, amount, **given):
    """The red control: add up what was given, then act on the sum; everybody has looked before anybody acts."""
    given_so_far = Spend.objects.own().filter(employee=actor, incident=incident).given_amount()
    together.wait(300)
    if given_so_far + amount <= 200_000:
        take, _Counters.take = _Counters.take, lambda self, amount, cost: True
        try:
            give_spend(actor=actor, incident=incident, guest=guest, amount=amount, **given)
        finally:
            _Counters.take = take


@pytest.fixture
def hot(own_database):
    scene = set_the_scene()
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Dr Haddad"}])
    scene.incident, scene.guest = incident, incident.guests.get()
    return scene


def test_sixteen_processes_never_pass_the_limit(hot):
    codes = at_once(give_often, [(hot.maria, hot.incident, hot.guest, give_spend)] * PROCESSES)
    assert codes == [0] * PROCESSES
    authority = Authority.objects.get()
    assert authority.own == 13 * AMOUNT
    assert Spend.objects.own().given_amount() == 13 * AMOUNT
    assert Spend.objects.waiting().count() == PROCESSES * TRIES - 13


def test_a_naive_check_in_its_place_passes_the_limit(hot):
    naively = partial(give_naively, multiprocessing.get_context("fork").Barrier(PROCESSES))
    codes = at_once(give_often, [(hot.maria, hot.incident, hot.guest, naively, 1)] * PROCESSES)
    assert codes == [0] * PROCESSES
    given = Spend.objects.own().given_amount()
    assert given > 200_000, "the red control found no race: the tests above prove nothing"


def test_a_guest_day_holds_across_incidents_and_phones(hot):
    write_policy(
        actor=hot.chen, code="default-LAX", currency="USD", limit=200_000, scope="guest_day", property=hot.lax,
    )  # fmt: skip
    incidents = [log_incident(actor=hot.maria, property=hot.lax, guests=[hot.guest]) for _ in range(FEWER)]
    codes = at_once(give_often, [(hot.maria, incident, hot.guest, give_spend) for incident in incidents])
    assert codes == [0] * FEWER
    assert Spend.objects.own().given_amount() == 13 * AMOUNT


def test_a_cap_holds_over_employees_at_once(hot):
    write_policy(
        actor=hot.chen, code="default-LAX", currency="USD", limit=200_000, cap=250_000, property=hot.lax,
    )  # fmt: skip
    people = [hot.maria, hot.tomas, hot.omar, hot.grace] * (FEWER // 4)
    codes = at_once(give_often, [(person, hot.incident, hot.guest, give_spend, 3) for person in people])
    assert codes == [0] * FEWER
    assert Spend.objects.own().given_amount() == 16 * AMOUNT  # 17 would be 2,550.00
    assert Authority.objects.get(scope="cap").own == 16 * AMOUNT


def test_two_deciders_at_once_give_one_answer(hot):
    gesture = Gesture.objects.get(code="refund")
    spends = [
        give_spend(
            actor=hot.maria, incident=hot.incident, guest=hot.guest, gesture=gesture, amount=210_000, currency="USD"
        )
        for _ in range(1)
    ]

    def decide(person, act):
        try:
            act(actor=person, approval=spends[0].approval, reason="now")
        except NotPossible as refusal:
            os._exit(9 if refusal.code == "already_decided" else 1)

    codes = at_once(decide, [(hot.omar, approve_spend), (hot.grace, decline_spend)] * 4)
    assert sorted(codes) == [0] + [9] * 7
