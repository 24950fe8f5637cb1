"""Sending again what was sent or given up; and a message that only says that one is there."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible
from empower.staff.permissions import acts_as_system

from ..event_types import PING
from ..models import Delivery, Webhook
from ..permissions import can_manage_webhooks
from .dispatching import new_delivery
from .payloads import written


@command("webhook.replayed", subject="delivery")
def replay_delivery(*, actor, delivery):
    """Put in line again, as the same message with the same id; one that waits is due at once. Event ``webhook.replayed``.

    NotPossible ``not_active``. Who may make the webhook may replay. Returns ``delivery``, read anew.
    """
    webhook = _held(actor, delivery.webhook)
    delivery.refresh_from_db(from_queryset=Delivery.objects.select_for_update(no_key=True))
    delivery.webhook = webhook
    delivery.status, delivery.due_at, delivery.tries = Delivery.Status.WAITING, clock.now(), 0
    delivery.delivered_at = None
    delivery.save()
    record_event(
        actor=actor,
        verb="webhook.replayed",
        subject=delivery,
        property_id=webhook.property_id,
        after={"webhook_id": webhook.pk, "message_id": delivery.message_id},
    )
    return delivery


@command("webhook.pinged", subject="webhook")
def ping_webhook(*, actor, webhook):
    """A message of type ``webhook.ping`` in line. Event ``webhook.pinged``. As `replay_delivery`. Returns the Delivery."""
    webhook = _held(actor, webhook)
    now = clock.now()
    delivery = new_delivery(webhook, PING, written(PING, moment(now), {"webhook": str(webhook.pk)}), now)
    delivery.save(force_insert=True)
    record_event(
        actor=actor,
        verb="webhook.pinged",
        subject=webhook,
        property_id=webhook.property_id,
        after={"delivery_id": delivery.pk},
    )
    return delivery


def _held(actor, webhook):
    if not acts_as_system(actor) and not can_manage_webhooks(actor, webhook.property_id):
        raise NotPermitted("not_yours", _("Whoever may set up a webhook sends to it again."))
    webhook.refresh_from_db(from_queryset=Webhook.objects.select_for_update(no_key=True))
    if not webhook.is_active:
        raise NotPossible("not_active", _("This webhook is not active: nothing is sent to it."))
    return webhook
