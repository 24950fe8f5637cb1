"""Webhooks: who sets them up, with what, and what of it the database and the log know."""

from base64 import b64decode
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.notices.models import Attempt, Delivery, Webhook
from empower.notices.permissions import can_manage_webhooks, may_open_webhooks
from empower.notices.services import (
    change_webhook,
    create_webhook,
    deliver_webhooks,
    dispatch_events,
    forget_old_deliveries,
    ping_webhook,
    replay_delivery,
    retire_webhook,
    rotate_secret,
    secret_just_made,
)
from empower.refusals import NotPermitted, NotPossible
from empower.staff.services import change_employee
from tests.notices.conftest import OPEN_URL
from tests.notices.happenings import log


def made(scene, *, actor=None, **told):
    return create_webhook(**{"actor": actor or scene.chen, "url": OPEN_URL, "event_types": ["*"]} | told)[0]


#: One line a role: at LAX, at NYC, everywhere.
MATRIX = [
    ("maria", False, False, False),
    ("omar", False, False, False),
    ("grace", True, False, False),
    ("gina", False, True, False),
    ("chen", True, True, True),
    ("ada", False, False, False),
    ("admin", True, True, True),
]


@pytest.mark.parametrize(("name", "at_lax", "at_nyc", "everywhere"), MATRIX)
def test_who_may(scene, name, at_lax, at_nyc, everywhere):
    person = getattr(scene, name)
    for place, may in ((scene.lax, at_lax), (scene.nyc, at_nyc), (None, everywhere)):
        assert can_manage_webhooks(person, place and place.pk) is may
        webhook = made(scene, property=place)
        delivery = ping_webhook(actor=None, webhook=webhook)
        assert Webhook.objects.visible_to(person).filter(pk=webhook.pk).exists() is may
        assert Delivery.objects.visible_to(person).filter(pk=delivery.pk).exists() is may
        acts = [
            lambda place=place: made(scene, actor=person, property=place),
            lambda webhook=webhook: change_webhook(actor=person, webhook=webhook, description="x"),
            lambda webhook=webhook: rotate_secret(actor=person, webhook=webhook),
            lambda webhook=webhook: ping_webhook(actor=person, webhook=webhook),
            lambda delivery=delivery: replay_delivery(actor=person, delivery=delivery),
            lambda webhook=webhook: retire_webhook(actor=person, webhook=webhook),
        ]
        for act in acts:
            if may:
                act()
            else:
                with pytest.raises(NotPermitted):
                    act()
    assert may_open_webhooks(person) is (at_lax or at_nyc)


def test_who_was_let_go_may_nothing(scene):
    for name in ("grace", "chen"):
        change_employee(actor=None, employee=getattr(scene, name), is_active=False)
        person = getattr(scene, name)
        assert not can_manage_webhooks(person, scene.lax.pk)
        assert not Webhook.objects.visible_to(person).exists()


def test_a_secret_is_32_bytes_of_base64_and_no_two_are_alike(scene):
    secrets = [create_webhook(actor=scene.chen, url=OPEN_URL, event_types=["*"])[1] for _time in range(3)]
    assert len(set(secrets)) == 3
    assert all(one.startswith("whsec_") and len(b64decode(one[6:], validate=True)) == 32 for one in secrets)


def test_a_copy_of_the_database_holds_no_secret(scene):
    webhook, first = create_webhook(actor=scene.chen, url=OPEN_URL, event_types=["*"])
    _webhook, second = rotate_secret(actor=scene.chen, webhook=webhook)
    with connection.cursor() as cursor:
        found = ""
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += repr(cursor.fetchall())
    for secret in (first, second):
        raw = b64decode(secret[6:])
        assert not [form for form in (secret, secret[6:], raw.hex(), repr(raw)) if form in found]


def test_rotated_the_old_one_and_the_new_one_are_two(scene):
    webhook, first = create_webhook(actor=scene.chen, url=OPEN_URL, event_types=["*"])
    _webhook, second = rotate_secret(actor=scene.chen, webhook=webhook)
    assert first != second
    assert webhook.secret_number == 2


def test_the_secret_is_told_again_for_an_hour_and_while_it_is_that_one(scene):
    webhook, first = create_webhook(actor=scene.chen, url=OPEN_URL, event_types=["*"])
    assert secret_just_made(webhook=webhook, number=1) == first
    with clock.standing_at(webhook.secret_made_at + timedelta(hours=1)):
        assert secret_just_made(webhook=webhook, number=1) is None
    _webhook, second = rotate_secret(actor=scene.chen, webhook=webhook)
    assert secret_just_made(webhook=webhook, number=1) is None
    assert secret_just_made(webhook=webhook, number=2) == second


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"event_types": []}, "event_types", "invalid"),
        ({"event_types": "spend.posted"}, "event_types", "invalid"),
        ({"event_types": ["spend.posted", "spend.lost"]}, "event_types", "invalid_choice"),
        ({"event_types": [["*"]]}, "event_types", "invalid_choice"),
        ({"event_types": [None]}, "event_types", "invalid_choice"),
        ({"event_types": ["webhook.ping"]}, "event_types", "invalid_choice"),
        ({"description": "x" * 201}, "description", "too_long"),
        ({"description": 5}, "description", "invalid"),
        ({"url": "https://127.0.0.1/"}, "url", "private_address"),
    ],
)
def test_what_is_malformed_is_named_and_leaves_no_trace(scene, changes, field, code):
    events = AuditEvent.objects.count()
    with pytest.raises(ValidationError) as refused:
        made(scene, **changes)
    assert [(name, one.code) for name, (one,) in refused.value.error_dict.items()] == [(field, code)]
    webhook = made(scene)
    with pytest.raises(ValidationError):
        change_webhook(actor=scene.chen, webhook=webhook, **changes)
    assert Webhook.objects.get().version == 1
    assert AuditEvent.objects.count() == events + 1


def test_each_command_is_in_the_log_without_its_address(scene):
    webhook = made(scene, actor=scene.grace, property=scene.lax, url=f"{OPEN_URL}/T0KEN", description="for the till")
    change_webhook(actor=scene.grace, webhook=webhook, event_types=["spend.posted"])
    rotate_secret(actor=scene.grace, webhook=webhook)
    replay_delivery(actor=scene.grace, delivery=ping_webhook(actor=scene.grace, webhook=webhook))
    retire_webhook(actor=scene.grace, webhook=webhook)
    events = list(AuditEvent.objects.filter(verb__startswith="webhook.").order_by("pk"))
    assert [event.verb.removeprefix("webhook.") for event in events] == [
        "created", "changed", "rotated", "pinged", "replayed", "retired",
    ]  # fmt: skip
    assert {(event.actor_id, event.property_id, event.outcome) for event in events} == {
        (scene.grace.pk, scene.lax.pk, "accepted")
    }
    assert not [word for word in ("T0KEN", "till", OPEN_URL) if word in "".join(event.body for event in events)]


def test_a_refusal_is_in_the_log(scene):
    with pytest.raises(NotPermitted):
        made(scene, actor=scene.omar, property=scene.lax)
    event = AuditEvent.objects.get(verb="webhook.created")
    assert (event.outcome, event.actor_id) == ("refused", scene.omar.pk)


def test_a_stale_change_is_refused(scene):
    webhook = made(scene)
    change_webhook(actor=scene.chen, webhook=webhook, version=1, description="a")
    with pytest.raises(NotPossible) as refused:
        change_webhook(actor=scene.chen, webhook=webhook, version=1, description="b")
    assert refused.value.code == "stale"
    assert Webhook.objects.get().description == "a"


def test_retired_is_for_good_and_what_waited_is_given_up(scene):
    webhook = made(scene)
    log(scene)
    dispatch_events()
    delivery = Delivery.objects.get()
    retire_webhook(actor=scene.chen, webhook=webhook)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_reason, delivery.due_at) == ("given_up", "retired", None)
    log(scene)
    assert (dispatch_events(), deliver_webhooks()) == (0, 0)
    for act in (
        lambda: change_webhook(actor=scene.chen, webhook=webhook, is_active=True),
        lambda: rotate_secret(actor=scene.chen, webhook=webhook),
        lambda: retire_webhook(actor=scene.chen, webhook=webhook),
        lambda: ping_webhook(actor=scene.chen, webhook=webhook),
        lambda: replay_delivery(actor=scene.chen, delivery=delivery),
    ):
        with pytest.raises(NotPossible):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(is_active=True)


def test_what_has_ended_is_forgotten_after_90_days_and_what_waits_is_not(scene, receiver):
    webhook, _secret = create_webhook(actor=scene.chen, url=receiver.url, event_types=["*"])
    ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks()
    waits = ping_webhook(actor=scene.chen, webhook=webhook)
    with clock.standing_at(clock.now() + timedelta(days=89)):
        assert forget_old_deliveries() == 0
    with clock.standing_at(clock.now() + timedelta(days=91)):
        assert forget_old_deliveries(batch=1) == 1
    assert Delivery.objects.get() == waits
    assert not Attempt.objects.exists()
