"""Sending what is due, under a lease, and noting how it went: at least once, and nothing twice while all is well."""

import secrets
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import Exists, F, OuterRef, Q

from empower import clock, duties
from empower.audit.services import record_event

from ..models import Attempt, Delivery, Webhook
from .addresses import target_of
from .dispatching import dispatch_events
from .posting import TIME_OUT, post
from .signing import SecretLost, headers_of

#: What is waited after the first failure, the second ...: as Standard Webhooks recommends. After the last it is given up.
BACK_OFF = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
#: And up to a tenth of it more, so that what failed together does not come back together.
JITTER = 0.1
#: How long a delivery is its sender's alone: well beyond the time-out. A sender that was killed is waited for so long.
LEASE = timedelta(seconds=60)
#: Of one webhook in one run: then the others have their turn.
MOST_IN_A_RUN = 50

_random = secrets.SystemRandom()


def keep_delivering():
    """The worker's duty: what happened is dispatched, what is due is sent, to eight webhooks at once."""
    dispatch_events()
    deliver_webhooks(at_once=8)


def deliver_webhooks(*, at_once=1, resolve=socket.getaddrinfo, time_out=TIME_OUT):
    """Sends what is due, each webhook's in order, up to ``at_once`` webhooks side by side. Returns how many attempts.

    A webhook that fails has its next turn in the next run, so one that hangs keeps no other waiting for long. With
    ``at_once`` 1 all is done in this thread. Nothing is sent inside a transaction of ours.
    """
    theirs = Delivery.objects.due().filter(webhook=OuterRef("pk"))
    due = list(Webhook.objects.active().filter(Exists(theirs)).order_by("pk").values_list("pk", flat=True))
    if at_once == 1 or len(due) < 2:
        return sum(_deliver_to(webhook_id, resolve, time_out) for webhook_id in due)

    def apart(webhook_id):
        try:
            return _deliver_to(webhook_id, resolve, time_out)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(min(at_once, len(due)), thread_name_prefix="webhooks") as pool:
        return sum(pool.map(apart, due))


def _deliver_to(webhook_id, resolve, time_out):
    for made in range(MOST_IN_A_RUN):
        delivery = None if duties.stopping() else _claim(webhook_id)
        if delivery is None:
            return made
        if not _attempt(delivery, resolve, time_out):
            return made + 1
    return MOST_IN_A_RUN


def _claim(webhook_id):
    """The delivery of the webhook that is due first, ours for the lease; None when none is due.

    A conditional UPDATE on either engine: of two workers one changes the row, the other finds it changed. SKIP LOCKED
    would have to keep a transaction open while we wait for somebody's server.
    """
    while True:
        now = clock.now()
        due = Delivery.objects.due(now).filter(webhook=webhook_id).order_by("due_at", "pk").values_list("pk", flat=True)
        candidates = list(due[:5])
        if not candidates:
            return None
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        for pk in candidates:
            claim = uuid.uuid4().hex
            # Counted before it is sent: one that kills its worker each time comes to an end too.
            taken = Delivery.objects.filter(free, pk=pk, status=Delivery.Status.WAITING, due_at__lte=now).update(
                claim=claim, claimed_until=now + LEASE, tries=F("tries") + 1
            )
            if taken:
                delivery = Delivery.objects.select_related("webhook").get(pk=pk)
                if delivery.claim == claim:
                    return delivery


def _attempt(delivery, resolve, time_out):
    """Sends it and notes it; whether it was taken."""
    began, started = clock.now(), time.monotonic()
    status, reason = _send(delivery, began, resolve, time_out)
    _note(
        delivery,
        Attempt(
            delivery=delivery,
            began_at=began,
            milliseconds=int((time.monotonic() - started) * 1000),
            status=status,
            reason=reason,
        ),
    )
    return reason == ""


def _send(delivery, at, resolve, time_out):
    payload = delivery.payload.encode()
    try:
        target = target_of(delivery.webhook.url)
        headers = headers_of(webhook=delivery.webhook, message_id=delivery.message_id, payload=payload, at=at)
    except ValidationError:
        return None, "url_refused"  # the operator allows less than when it was saved
    except SecretLost:
        return None, "secret_lost"
    return post(target=target, payload=payload, headers=headers, resolve=resolve, time_out=time_out)


@transaction.atomic
def _note(sent, attempt):
    """What came of it. The webhook is held first, then the delivery, as everywhere here."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=sent.webhook_id)
    delivery = Delivery.objects.select_for_update(no_key=True).get(pk=sent.pk)
    attempt.save(force_insert=True)
    was_taken = attempt.reason == ""
    if delivery.status != Delivery.Status.WAITING or not (was_taken or delivery.claim == sent.claim):
        return  # our lease ran out, and somebody else has it in hand or has ended it
    now = clock.now()
    delivery.last_status, delivery.last_reason = attempt.status, attempt.reason
    delivery.claim, delivery.claimed_until, delivery.due_at = "", None, None
    if was_taken:
        delivery.status, delivery.delivered_at = Delivery.Status.DELIVERED, now
        _is_well(webhook)
    elif attempt.reason == "gone":
        delivery.status = Delivery.Status.GIVEN_UP
        _is_gone(webhook, now)
    elif delivery.tries > len(BACK_OFF):
        delivery.status = Delivery.Status.GIVEN_UP
        _is_failing(webhook, now)
    else:
        wait = BACK_OFF[max(delivery.tries, 1) - 1]
        delivery.due_at = now + wait * (1 + _random.uniform(0, JITTER))
    delivery.save()


def _is_well(webhook):
    if webhook.failing_since is not None:
        webhook.failing_since = None
        webhook.version += 1
        webhook.save(update_fields=["failing_since", "version", "updated_at"])


def _is_failing(webhook, now):
    if webhook.failing_since is None:
        webhook.failing_since = now
        _save_and_record(webhook, "webhook.failing")


def _is_gone(webhook, now):
    """410: the receiver wants no more. It is active no longer, until somebody says so."""
    if webhook.is_active:
        webhook.is_active, webhook.gone_at = False, now
        _save_and_record(webhook, "webhook.gone")


def _save_and_record(webhook, verb):
    webhook.version += 1
    webhook.save()
    record_event(
        actor=None,
        verb=verb,
        subject=webhook,
        property_id=webhook.property_id,
        after={"is_active": webhook.is_active, "version": webhook.version},
    )
