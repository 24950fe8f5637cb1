"""A phone that lies at the front desk of LAX, and people who sign in on it."""

import pytest
from django.test import Client

from empower.devices.middleware import COOKIE, SALT
from empower.devices.services import enrol_device, set_pin
from empower.staff.services import hire_employee

PIN, CODE_PIN = "482915", "730264"


@pytest.fixture
def enrolled(scene):
    """(SharedDevice, its secret), enrolled by omar."""
    return enrol_device(actor=scene.omar, name="Front desk 2")


@pytest.fixture
def device(enrolled):
    return enrolled[0]


@pytest.fixture
def on_phone(enrolled):
    """``on_phone()``: a client that is this phone's browser; more than one is the same phone with another session."""
    return lambda **options: phone_of(enrolled[1], **options)


@pytest.fixture
def maria(scene):
    """Has set a PIN."""
    set_pin(actor=scene.maria, employee=scene.maria, pin=PIN)
    return scene.maria


@pytest.fixture
def rosa(scene):
    """Of housekeeping, with no password and no PIN."""
    return hire_employee(
        actor=None, username="rosa", code="40117", name="Rosa Díaz", role="frontline", property=scene.lax
    )


def phone_of(secret, **options):
    from django.core.signing import get_cookie_signer

    client = Client(**options)
    client.cookies[COOKIE] = get_cookie_signer(salt=COOKIE + SALT).sign(secret)
    return client


def sign_in(client, number="maria", pin=PIN, **more):
    return client.post("/devices/sign-in/", {"staff_number": number, "secret_pin": pin} | more)
