"""Messages on their way: signed, tried again, given up; at least once, and nothing twice while all is well."""

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from standardwebhooks import Webhook as Standard
from standardwebhooks import WebhookVerificationError

from empower import clock
from empower.audit.models import AuditEvent
from empower.notices.models import Attempt, Delivery
from empower.notices.services import (
    change_webhook,
    create_webhook,
    deliver_webhooks,
    dispatch_events,
    ping_webhook,
    replay_delivery,
    rotate_secret,
)
from empower.notices.services.delivering import BACK_OFF, JITTER, LEASE
from tests.notices.happenings import log

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def went(delivery):
    delivery.refresh_from_db()
    return delivery.status, delivery.last_status, delivery.last_reason


def pinged(scene, webhook):
    return ping_webhook(actor=scene.chen, webhook=webhook)


def verified(secret, heard):
    return Standard(secret).verify(heard.body, heard.headers)


def test_a_message_arrives_signed_as_the_standard_says(scene, receiver, webhook):
    incident = log(scene)
    assert dispatch_events() == 1
    assert deliver_webhooks() == 1
    [heard] = receiver.heard
    assert heard.path == "/hook?of=ours"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
    told = verified(webhook.secret, heard)
    assert told["type"] == "incident.logged"
    assert told["data"]["id"] == str(incident.pk)
    assert told["timestamp"].endswith("Z")
    delivery = Delivery.objects.get()
    assert went(delivery) == ("delivered", 204, "")
    assert heard.headers["webhook-id"] == delivery.message_id
    assert heard.body.decode() == delivery.payload
    [attempt] = delivery.attempts.all()
    assert (attempt.status, attempt.reason) == (204, "")


def test_a_signature_is_of_this_body_and_this_secret(scene, receiver, webhook):
    pinged(scene, webhook)
    deliver_webhooks()
    [heard] = receiver.heard
    assert verified(webhook.secret, heard)["type"] == "webhook.ping"
    with pytest.raises(WebhookVerificationError):
        Standard(webhook.secret).verify(heard.body + b" ", heard.headers)
    _other, secret = create_webhook(actor=scene.chen, url=receiver.url, event_types=["*"])
    with pytest.raises(WebhookVerificationError):
        verified(secret, heard)


def test_a_day_long_both_secrets_sign(scene, receiver, webhook):
    with clock.standing_at(NOON):
        _webhook, new = rotate_secret(actor=scene.chen, webhook=webhook)
    signatures = []
    for later in (timedelta(hours=24, seconds=-1), timedelta(hours=24)):
        with clock.standing_at(NOON + later):
            pinged(scene, webhook)
            deliver_webhooks()
        signatures.append(receiver.heard[-1].headers["webhook-signature"].split(" "))
    assert [len(both) for both in signatures] == [2, 1]
    # The referee knows only the present: the moment is not what it is asked about here.
    for secret, expected in ((webhook.secret, [True, False]), (new, [True, True])):
        signer = Standard(secret)
        found = [
            signer.sign(
                heard.headers["webhook-id"],
                datetime.fromtimestamp(int(heard.headers["webhook-timestamp"]), UTC),
                heard.body.decode(),
            )
            in heard.headers["webhook-signature"].split(" ")
            for heard in receiver.heard
        ]
        assert found == expected


def test_it_is_tried_again_ever_later_and_then_given_up(scene, receiver, webhook):
    receiver.answer = 500
    at, moments = NOON, []
    with clock.standing_at(at):
        delivery = pinged(scene, webhook)
    for _time in range(len(BACK_OFF) + 1):
        with clock.standing_at(at):
            assert deliver_webhooks() == 1
            assert deliver_webhooks() == 0
        moments.append(at)
        delivery.refresh_from_db()
        if delivery.due_at is not None:
            with clock.standing_at(delivery.due_at - timedelta(milliseconds=1)):
                assert deliver_webhooks() == 0
            at = delivery.due_at
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert len(waits) == 9
    assert [expected <= wait <= expected * (1 + JITTER) for wait, expected in zip(waits, BACK_OFF, strict=True)]
    assert [wait.total_seconds() for wait in BACK_OFF] == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert went(delivery) == ("given_up", 500, "http_error")
    assert len(set(receiver.ids())) == 1
    assert len(receiver.heard) == 10 == delivery.attempts.count()
    webhook.refresh_from_db()
    assert webhook.failing_since == at
    assert webhook.is_active
    assert AuditEvent.objects.filter(verb="webhook.failing", subject_id=webhook.pk).count() == 1
    receiver.answer = 200
    with clock.standing_at(at):
        pinged(scene, webhook)
        deliver_webhooks()
    webhook.refresh_from_db()
    assert webhook.failing_since is None


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken(scene, receiver, webhook, status):
    receiver.answer = status
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    assert went(delivery) == ("delivered", status, "")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(scene, receiver, webhook, status):
    receiver.answer = status
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    assert went(delivery) == ("waiting", status, "redirect")
    assert [heard.path for heard in receiver.heard] == ["/hook?of=ours"]


def test_410_ends_it_until_somebody_says_otherwise(scene, receiver, webhook):
    receiver.answer = 410
    first, second = pinged(scene, webhook), pinged(scene, webhook)
    deliver_webhooks()
    assert went(first) == ("given_up", 410, "gone")
    assert went(second)[0] == "waiting"
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert webhook.gone_at is not None
    assert AuditEvent.objects.get(verb="webhook.gone").subject_id == webhook.pk
    log(scene)
    assert (dispatch_events(), deliver_webhooks()) == (0, 0)
    receiver.answer = 204
    change_webhook(actor=scene.chen, webhook=webhook, is_active=True)
    assert webhook.gone_at is None
    assert deliver_webhooks() == 1
    assert went(second)[0] == "delivered"


def test_what_is_not_active_is_sent_nothing_and_what_waits_is_sent_afterwards(scene, receiver, webhook):
    delivery = pinged(scene, webhook)
    change_webhook(actor=scene.chen, webhook=webhook, is_active=False)
    log(scene)
    assert (dispatch_events(), deliver_webhooks()) == (0, 0)
    change_webhook(actor=scene.chen, webhook=webhook, is_active=True)
    assert (dispatch_events(), deliver_webhooks()) == (0, 1)
    assert went(delivery)[0] == "delivered"


# --- receivers that are slow, loud or not there -------------------------------------------------------------------


def drip(handler):
    for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 50:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        time.sleep(0.1)


def forever_continue(handler):
    for _time in range(1000):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        handler.wfile.flush()
        time.sleep(0.05)


def silence(handler):
    time.sleep(50)


@pytest.mark.parametrize("answer", [drip, forever_continue, silence])
def test_a_slow_receiver_is_hung_up_on_however_it_is_slow(scene, receiver, webhook, answer):
    receiver.answer = answer
    delivery = pinged(scene, webhook)
    began = time.monotonic()
    deliver_webhooks(time_out=0.5)
    assert time.monotonic() - began < 30
    assert went(delivery) == ("waiting", None, "timeout")


def test_a_huge_answer_is_not_read(scene, receiver, webhook):
    sent = []

    def huge(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            for _time in range(2000):
                sent.append(handler.wfile.write(b"a name and a room " * 4000))
        except OSError:
            pass

    receiver.answer = huge
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    assert went(delivery) == ("delivered", 200, "")
    # What fits into the system's buffers on both sides, and no more.
    assert sum(sent) < 20_000_000


def test_a_slow_body_after_a_good_status_is_not_waited_for(scene, receiver, webhook):
    def slow(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        handler.wfile.flush()
        time.sleep(50)

    receiver.answer = slow
    delivery = pinged(scene, webhook)
    began = time.monotonic()
    deliver_webhooks()
    assert time.monotonic() - began < 30
    assert went(delivery) == ("delivered", 200, "")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "protocol"),
        (b"SSH-2.0-OpenSSH\r\n", "protocol"),
        (b"HTTP/1.1 banana\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n", "protocol"),
        (b"HTTP/1.1 200 " + b"x" * 100_000, "protocol"),
    ],
    ids=["nothing", "another protocol", "no status", "too many headers", "a long line"],
)
def test_what_is_no_answer_is_tried_again(scene, receiver, webhook, answer, reason):
    receiver.answer = lambda handler: handler.wfile.write(answer)
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    assert went(delivery) == ("waiting", None, reason)


def test_nobody_there(scene, receiver, webhook):
    change_webhook(actor=scene.chen, webhook=webhook, url="http://127.0.0.1:1/hook")
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    assert went(delivery) == ("waiting", None, "connection")


def test_nothing_of_an_answer_is_kept_but_its_status(scene, receiver, webhook):
    def talkative(handler):
        handler.wfile.write(b"HTTP/1.1 500 Zebulon\r\nX-Guest: Zebulon\r\nContent-Length: 7\r\n\r\nZebulon")

    receiver.answer = talkative
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    delivery.refresh_from_db()
    assert "Zebulon" not in str(vars(delivery)) + str([vars(one) for one in Attempt.objects.all()])


# --- in line ------------------------------------------------------------------------------------------------------


def test_messages_of_a_webhook_go_in_order_and_one_that_fails_stops_its_run(scene, receiver, webhook):
    deliveries = [pinged(scene, webhook) for _time in range(3)]
    receiver.answer = 503
    assert deliver_webhooks() == 1
    receiver.answer = 204
    assert deliver_webhooks() == 2
    assert receiver.ids() == [one.message_id for one in deliveries]


def test_a_webhook_that_fails_keeps_no_other_waiting(scene, receiver, webhook):
    other, _secret = create_webhook(actor=scene.chen, url="http://127.0.0.1:1/", event_types=["*"])
    pinged(scene, other)
    delivery = pinged(scene, webhook)
    assert deliver_webhooks() == 2
    assert went(delivery)[0] == "delivered"


def test_a_delivery_in_somebodys_hands_is_left_until_the_lease_is_over(scene, receiver, webhook):
    with clock.standing_at(NOON):
        delivery = pinged(scene, webhook)
        Delivery.objects.filter(pk=delivery.pk).update(claim="another", claimed_until=NOON + LEASE)
        assert deliver_webhooks() == 0
    with clock.standing_at(NOON + LEASE - timedelta(seconds=1)):
        assert deliver_webhooks() == 0
    with clock.standing_at(NOON + LEASE):
        assert deliver_webhooks() == 1
    assert went(delivery)[0] == "delivered"


def test_who_lost_the_lease_writes_nothing_over(scene, receiver, webhook):
    delivery = pinged(scene, webhook)

    def too_late(handler):
        # While we wait for the answer, another worker has taken it over.
        taken.append(Delivery.objects.filter(pk=delivery.pk).update)
        handler.wfile.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")

    taken = []
    receiver.answer = too_late
    from empower.notices.services import delivering

    claimed = delivering._claim(webhook.pk)
    Delivery.objects.filter(pk=delivery.pk).update(claim="another")
    delivering._attempt(claimed, delivering.socket.getaddrinfo, 5)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.claim, delivery.last_status) == ("waiting", "another", None)
    assert delivery.attempts.count() == 1


def test_replayed_it_is_the_same_message(scene, receiver, webhook):
    delivery = pinged(scene, webhook)
    deliver_webhooks()
    replay_delivery(actor=scene.chen, delivery=delivery)
    assert (delivery.status, delivery.tries, delivery.delivered_at) == ("waiting", 0, None)
    deliver_webhooks()
    first, second = receiver.heard
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert went(delivery)[0] == "delivered"
    assert delivery.attempts.count() == 2


def test_a_new_secret_key_sends_nothing_wrongly_signed(scene, receiver, webhook, settings):
    delivery = pinged(scene, webhook)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    deliver_webhooks()
    assert went(delivery) == ("waiting", None, "secret_lost")
    assert receiver.heard == []
    settings.SECRET_KEY_FALLBACKS = [old]
    replay_delivery(actor=scene.chen, delivery=delivery)
    deliver_webhooks()
    assert verified(webhook.secret, receiver.heard[0])


def test_what_the_operator_allows_no_more_is_not_sent(scene, receiver, webhook, settings):
    delivery = pinged(scene, webhook)
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    deliver_webhooks()
    assert went(delivery) == ("waiting", None, "private_address")
    settings.WEBHOOKS_ALLOW_HTTP = False
    replay_delivery(actor=scene.chen, delivery=delivery)
    deliver_webhooks()
    assert went(delivery) == ("waiting", None, "url_refused")
    assert receiver.heard == []


def test_due_deliveries_are_found_by_a_query_that_does_not_grow(scene, receiver, webhook, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert deliver_webhooks() == 0
    for _time in range(20):
        pinged(scene, webhook)
    deliver_webhooks()
    with django_assert_num_queries(1):
        assert deliver_webhooks() == 0
    assert json.loads(receiver.heard[0].body)["data"] == {"webhook": str(webhook.pk)}
