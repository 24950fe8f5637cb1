"""Six digits that nobody guesses, set by their person, tried five times."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from empower import clock
from empower.audit.models import AuditEvent
from empower.devices.models import Pin
from empower.devices.services import (
    choose_pin,
    enrol_device,
    issue_pin_code,
    set_pin,
    sign_in_with_pin,
    unlock_pin,
)
from empower.refusals import NotPermitted, NotPossible
from empower.staff.services import change_employee

from .conftest import CODE_PIN, PIN

pytestmark = pytest.mark.django_db


def verbs(*wanted):
    return list(AuditEvent.objects.filter(verb__in=wanted).order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("12345", "invalid"),
        ("1234567", "invalid"),
        ("12a456", "invalid"),
        ("", "invalid"),
        ("½½½½½½", "invalid"),
        ("000000", "too_simple"),
        ("123456", "too_simple"),
        ("654321", "too_simple"),
        ("890123", "too_simple"),
        ("111222", "too_simple"),
        ("112211", "too_simple"),
        ("123123", "too_simple"),
        ("112233", "too_simple"),
        ("332211", "too_simple"),
        ("135791", "too_simple"),
    ],
)
def test_what_one_guesses_first_is_no_pin(scene, pin, code):
    with pytest.raises(ValidationError) as refused:
        set_pin(actor=scene.maria, employee=scene.maria, pin=pin)
    assert refused.value.error_dict["pin"][0].code == code
    assert not Pin.objects.filter(employee=scene.maria).exclude(secret="").exists()


@pytest.mark.parametrize("pin", ["040117", "711040", "0401-17"])
def test_the_staff_number_is_no_pin(rosa, device, scene, pin):
    code = issue_pin_code(actor=scene.omar, employee=rosa)[1]
    with pytest.raises(ValidationError) as refused:
        choose_pin(device=device, staff_number="40117", code=code, pin=pin)
    assert refused.value.error_dict["pin"][0].code == "staff_number"


def test_digits_of_any_script_are_digits(scene, device):
    set_pin(actor=scene.maria, employee=scene.maria, pin="٤٨٢٩١٥")
    assert sign_in_with_pin(device=device, staff_number="maria", pin="482915") == scene.maria
    assert sign_in_with_pin(device=device, staff_number="maria", pin="482 915") == scene.maria


def test_neither_the_pin_nor_its_digest_can_be_read_anywhere(maria, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    row = set_pin(actor=maria, employee=maria, pin=PIN)
    assert row.secret.startswith("argon2$")
    from django.contrib.auth.hashers import check_password

    # A copy of the database alone answers no guess: the hash is of a keyed one.
    assert not check_password(PIN, row.secret)
    assert PIN not in "".join(AuditEvent.objects.values_list("body", flat=True))
    assert verbs("pin.set") == ["pin.set", "pin.set"]


def test_only_oneself_sets_ones_pin_and_only_with_a_password(scene, maria, rosa):
    for actor, employee in ((scene.omar, scene.maria), (scene.admin, scene.maria), (rosa, rosa)):
        with pytest.raises(NotPermitted):
            set_pin(actor=actor, employee=employee, pin="918273")
    maria.signed_with_pin = True
    with pytest.raises(NotPermitted):
        set_pin(actor=maria, employee=maria, pin="918273")


@pytest.mark.parametrize("name", ["chen", "ada", "admin"])
def test_who_belongs_to_no_property_has_no_pin(scene, name):
    person = getattr(scene, name)
    with pytest.raises(NotPermitted):
        set_pin(actor=person, employee=person, pin=PIN)


def test_a_pin_opens_at_ones_own_property_alone(scene, maria, device):
    elsewhere, _ = enrol_device(actor=scene.gina, name="Lobby")
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) == maria
    assert sign_in_with_pin(device=elsewhere, staff_number="maria", pin=PIN) is None
    assert sign_in_with_pin(device=None, staff_number="maria", pin=PIN) is None


@pytest.mark.parametrize(
    ("number", "pin"),
    [
        ("maria", "482916"),
        ("maria", ""),
        ("maria", None),
        ("nobody", PIN),
        ("", PIN),
        ("mar\x00ia", PIN),
        (None, PIN),
        ("paul", PIN),
    ],
)
def test_anything_wrong_is_the_same_nothing(maria, device, number, pin):
    assert sign_in_with_pin(device=device, staff_number=number, pin=pin) is None


def test_one_slow_hash_whatever_is_wrong(scene, maria, device, monkeypatch):
    from empower.devices.services import hashing

    hashes = []
    monkeypatch.setattr(hashing, "check_password", lambda *_: hashes.append("looked at") or False)
    monkeypatch.setattr(hashing, "make_password", lambda *_: hashes.append("made") or "")
    for where, number in ((device, "maria"), (device, "tomas"), (device, "nobody"), (None, "maria"), (None, "nobody")):
        hashes.clear()
        sign_in_with_pin(device=where, staff_number=number, pin="918273")
        assert len(hashes) == 1


def test_five_wrong_tries_rest_fifteen_minutes_then_thirty(scene, maria, device):
    at = clock.now()
    another, _ = enrol_device(actor=scene.omar, name="Bar")
    with clock.standing_at(at):
        for _ in range(4):
            sign_in_with_pin(device=device, staff_number="maria", pin="000000")
        assert not verbs("pin.locked")
        sign_in_with_pin(device=device, staff_number="maria", pin="000000")
        assert verbs("pin.locked") == ["pin.locked"]
        assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) is None
    with clock.standing_at(at + timedelta(minutes=14, seconds=59)):
        assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) is None
    with clock.standing_at(at + timedelta(minutes=15)):
        for _ in range(5):
            sign_in_with_pin(device=another, staff_number="maria", pin="000000")
    with clock.standing_at(at + timedelta(minutes=44, seconds=59)):
        assert sign_in_with_pin(device=another, staff_number="maria", pin=PIN) is None
    with clock.standing_at(at + timedelta(minutes=45)):
        assert sign_in_with_pin(device=another, staff_number="maria", pin=PIN) == maria
    event = AuditEvent.objects.filter(verb="pin.locked").first()
    assert (event.actor_id, event.about_id) == (None, maria.pk)


def test_a_success_ends_the_counting(maria, device):
    for _ in range(3):
        for _ in range(4):
            sign_in_with_pin(device=device, staff_number="maria", pin="000000")
        assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) == maria
    device.refresh_from_db()
    assert (device.failures, maria.pin.failures) == (0, 0)


def test_ten_wrong_tries_on_a_phone_rest_the_phone_whoever_they_were_for(scene, maria, device):
    for number in range(10):
        sign_in_with_pin(device=device, staff_number=f"guess{number}", pin=PIN)
    assert verbs("device.locked", "pin.locked") == ["device.locked"]
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) is None
    maria.pin.refresh_from_db()
    assert maria.pin.failures == 0  # what a resting phone turns away is nobody's wrong try


def test_nobody_locks_a_colleague_from_outside(maria, device):
    for _ in range(20):
        sign_in_with_pin(device=None, staff_number="maria", pin="000000")
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) == maria


def test_a_manager_unlocks_and_the_person_does_not(scene, maria, device):
    for _ in range(5):
        sign_in_with_pin(device=device, staff_number="maria", pin="000000")
    for actor in (maria, scene.tomas, scene.gina, scene.ada):
        with pytest.raises(NotPermitted):
            unlock_pin(actor=actor, employee=maria)
    unlock_pin(actor=scene.omar, employee=maria)
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) == maria
    with pytest.raises(NotPossible):
        unlock_pin(actor=scene.omar, employee=maria)
    assert verbs("pin.unlocked") == ["pin.unlocked"] * 6  # the refusals are remembered too


def test_a_code_on_paper_becomes_a_pin_once(scene, rosa, device):
    pin, code = issue_pin_code(actor=scene.omar, employee=rosa)
    assert len(code) == 9
    assert code.replace("-", "") not in pin.code
    assert choose_pin(device=None, staff_number="40117", code=code, pin=CODE_PIN) is None
    assert choose_pin(device=device, staff_number="40117", code="AAAA-AAAA", pin=CODE_PIN) is None
    # Typed as people type.
    said = f" {code.lower().replace('-', ' ')} "
    assert choose_pin(device=device, staff_number="40117", code=said, pin=CODE_PIN) == rosa
    assert choose_pin(device=device, staff_number="40117", code=code, pin="918273") is None
    assert sign_in_with_pin(device=device, staff_number="40117", pin=CODE_PIN) == rosa
    assert sign_in_with_pin(device=device, staff_number="40117", pin=code) is None


def test_a_simple_pin_leaves_the_code_good(scene, rosa, device):
    _, code = issue_pin_code(actor=scene.omar, employee=rosa)
    with pytest.raises(ValidationError):
        choose_pin(device=device, staff_number="40117", code=code, pin="111111")
    assert choose_pin(device=device, staff_number="40117", code=code, pin=CODE_PIN) == rosa


def test_a_code_ends_after_three_days(scene, rosa, device):
    _, code = issue_pin_code(actor=scene.omar, employee=rosa)
    with clock.standing_at(clock.now() + timedelta(days=3, seconds=1)):
        assert choose_pin(device=device, staff_number="40117", code=code, pin=CODE_PIN) is None


def test_a_new_code_ends_the_pin_and_the_code_before(scene, rosa, device):
    _, first = issue_pin_code(actor=scene.omar, employee=rosa)
    choose_pin(device=device, staff_number="40117", code=first, pin=CODE_PIN)
    _, second = issue_pin_code(actor=scene.omar, employee=rosa)
    assert sign_in_with_pin(device=device, staff_number="40117", pin=CODE_PIN) is None
    _, third = issue_pin_code(actor=scene.omar, employee=rosa)
    assert choose_pin(device=device, staff_number="40117", code=second, pin=CODE_PIN) is None
    assert choose_pin(device=device, staff_number="40117", code=third, pin=CODE_PIN) == rosa


def test_a_code_is_made_from_above_and_for_who_has_no_password(scene, rosa):
    for actor in (scene.maria, scene.gina, scene.ada, scene.admin, rosa):
        with pytest.raises(NotPermitted):
            issue_pin_code(actor=actor, employee=rosa)
    with pytest.raises(NotPossible) as refused:
        issue_pin_code(actor=scene.omar, employee=scene.maria)
    assert refused.value.code == "has_password"
    with pytest.raises(NotPermitted):
        issue_pin_code(actor=scene.omar, employee=scene.omar)
    event = AuditEvent.objects.filter(verb="pin.code_issued", outcome="accepted")
    assert not event.exists()
    _, code = issue_pin_code(actor=scene.omar, employee=rosa)
    assert event.get().about_id == rosa.pk
    assert code.replace("-", "") not in event.get().body


def test_who_left_or_moved_signs_in_there_no_more(scene, maria, device):
    change_employee(actor=scene.admin, employee=maria, property=scene.nyc, department=scene.nyc_desk)
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) is None
    change_employee(actor=scene.admin, employee=maria, property=scene.lax, department=scene.lax_desk)
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) == maria
    change_employee(actor=scene.admin, employee=maria, is_active=False)
    assert sign_in_with_pin(device=device, staff_number="maria", pin=PIN) is None
