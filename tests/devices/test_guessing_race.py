"""Forty guesses at once are five."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from empower.audit.models import AuditEvent
from empower.devices.models import Pin, SharedDevice
from empower.devices.services import choose_pin as choose
from empower.devices.services import enrol_device, issue_pin_code, set_pin, sign_in_with_pin
from empower.staff.services import hire_employee
from tests.scene import set_the_scene

from .conftest import PIN

pytestmark = pytest.mark.races


def at_once(act, count):
    def apart(number):
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(apart, range(count)))


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def test_guesses_at_once_are_no_more_than_five(scene, monkeypatch):
    from empower.devices.services import signing_in

    set_pin(actor=scene.maria, employee=scene.maria, pin=PIN)
    phones = [enrol_device(actor=scene.omar, name=f"Phone {number}")[0].pk for number in range(8)]
    looked_at = []
    real = signing_in.is_right
    monkeypatch.setattr(signing_in, "is_right", lambda secret, *rest: looked_at.append(secret) or real(secret, *rest))

    def guess(number):
        device = SharedDevice.objects.select_related("property").get(pk=phones[number % 8])
        # The right one is among them, late.
        return sign_in_with_pin(device=device, staff_number="maria", pin=PIN if number == 39 else f"{900000 + number}")

    assert not any(at_once(guess, 40))
    assert len(looked_at) == 40  # each takes its time
    row = Pin.objects.get(employee=scene.maria)
    assert row.is_resting
    assert (row.failures, row.rests) == (0, 1)
    assert AuditEvent.objects.filter(verb="pin.locked").count() == 1


def test_a_code_that_is_sent_twice_at_once_makes_one_pin(scene):
    rosa = hire_employee(actor=None, username="rosa", code="40117", name="Rosa", role="frontline", property=scene.lax)
    _, code = issue_pin_code(actor=scene.omar, employee=rosa)
    phone = enrol_device(actor=scene.omar, name="Bar")[0].pk
    pins = ["482915", "730264"]

    def first_time(number):
        device = SharedDevice.objects.select_related("property").get(pk=phone)
        return choose(device=device, staff_number="40117", code=code, pin=pins[number])

    assert sum(person is not None for person in at_once(first_time, 2)) == 1
    assert AuditEvent.objects.filter(verb="pin.set", outcome="accepted").count() == 1
