"""A webhook is made, changed, given a new secret, retired."""

from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.canonical import moment
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Property
from empower.staff.permissions import acts_as_system
from empower.texts import as_sent, malformed

from ..event_types import ALL, EVENT_TYPES
from ..models import Delivery, Webhook
from ..permissions import can_manage_webhooks
from .addresses import check_url, numbers_alone
from .signing import BOTH_SIGN, give_new_secret

LONGEST_DESCRIPTION = 200
_CHANGEABLE = {"url", "description", "event_types", "is_active"}


@command("webhook.created", subject="property")
def create_webhook(*, actor, url, event_types, property=None, description=""):
    """(Webhook, secret): told from now on of what happens at ``property`` (None: everywhere). Event ``webhook.created``.

    The secret is shown once and kept nowhere. By leaders and the superuser; by a general manager for their own property
    (NotPermitted ``not_yours``). ValidationError names ``url``, ``event_types``, ``property`` or ``description``.

    A URL by a private address is refused here; what a name leads to is asked by the door, outside the transaction
    (`check_url`), and at each sending.
    """
    if property is not None and not isinstance(property, Property):
        raise malformed("property", _("Name a property, or none for all of them."))
    _must_manage(actor, property and property.pk)
    now = clock.now()
    webhook = Webhook(
        property=property,
        url=_checked_url(url),
        event_types=_checked_types(event_types),
        description=as_sent(description, "description", longest=LONGEST_DESCRIPTION),
        created_at=now,
        created_by=actor,
    )
    secret = give_new_secret(webhook)
    webhook.save(force_insert=True)
    _record(actor, "webhook.created", webhook)
    return webhook, secret


@command("webhook.changed", subject="webhook")
def change_webhook(*, actor, webhook, version=None, **changes):
    """``url``, ``description``, ``event_types``, ``is_active`` (false: nothing is sent, nothing is kept for it).

    What waits is kept while it is not active, and sent afterwards. NotPossible ``stale``, ``retired``. Who may make it
    may change it. Event ``webhook.changed``. Returns ``webhook``, read anew.
    """
    _must_manage(actor, webhook.property_id)
    unknown = set(changes) - _CHANGEABLE
    if unknown:
        raise TypeError(f"A webhook has no {', '.join(sorted(unknown))} to change.")
    if "url" in changes:
        changes["url"] = _checked_url(changes["url"])
    if "event_types" in changes:
        changes["event_types"] = _checked_types(changes["event_types"])
    if "description" in changes:
        as_sent(changes["description"], "description", longest=LONGEST_DESCRIPTION)
    if "is_active" in changes and type(changes["is_active"]) is not bool:
        raise malformed("is_active", _("Say true or false."))
    _hold(webhook, version)
    before = _state(webhook)
    for name, value in changes.items():
        setattr(webhook, name, value)
    if changes.get("is_active"):
        webhook.gone_at = None
    _save_next(webhook)
    _record(actor, "webhook.changed", webhook, before=before, facts={"fields": sorted(changes)})
    return webhook


@command("webhook.rotated", subject="webhook")
def rotate_secret(*, actor, webhook):
    """(Webhook, secret): a new secret, shown once; the old one signs beside it for 24 hours. Event ``webhook.rotated``.

    A secret that was rotated out before signs no more. NotPossible ``retired``. Who may make it may rotate it.
    """
    _must_manage(actor, webhook.property_id)
    _hold(webhook)
    webhook.old_salt, webhook.old_secret_digest = webhook.salt, webhook.secret_digest
    webhook.old_secret_until = clock.now() + BOTH_SIGN
    webhook.secret_number += 1
    secret = give_new_secret(webhook)
    _save_next(webhook)
    _record(actor, "webhook.rotated", webhook)
    return webhook, secret


@command("webhook.retired", subject="webhook")
def retire_webhook(*, actor, webhook):
    """For good: nothing is sent to it any more, and what waits is given up. Its deliveries can still be read.

    NotPossible ``retired``. Who may make it may retire it. Event ``webhook.retired``. Returns ``webhook``, read anew.
    """
    _must_manage(actor, webhook.property_id)
    _hold(webhook)
    before = _state(webhook)
    webhook.is_active, webhook.retired_at = False, clock.now()
    _save_next(webhook)
    Delivery.objects.filter(webhook=webhook, status=Delivery.Status.WAITING).update(
        status=Delivery.Status.GIVEN_UP, due_at=None, claimed_until=None, claim="", last_reason="retired"
    )
    _record(actor, "webhook.retired", webhook, before=before)
    return webhook


def _must_manage(actor, property_id):
    if not acts_as_system(actor) and not can_manage_webhooks(actor, property_id):
        raise NotPermitted(
            "not_yours",
            _("Webhooks are set up by leaders and the administrator, and by a general manager for their own property."),
            field="property",
        )


def _hold(webhook, version=None):
    webhook.refresh_from_db(from_queryset=Webhook.objects.select_for_update(no_key=True))
    if version is not None and version != webhook.version:
        raise NotPossible(
            "stale",
            _("This has been changed since you read it: read it again."),
            field="version",
            state={"version": webhook.version},
        )
    if webhook.retired_at is not None:
        raise NotPossible("retired", _("This webhook was retired: make another."), state={"version": webhook.version})


def _save_next(webhook):
    webhook.version += 1
    webhook.save()


def _checked_url(url):
    # No name is looked up here: on SQLite every writer would wait for somebody's name server.
    check_url(url, resolve=numbers_alone)
    return url


def _checked_types(event_types):
    if not isinstance(event_types, list | tuple) or not event_types:
        raise malformed("event_types", _("A list of types of events, or of “*” for all."))
    for name in event_types:
        if name != ALL and not (isinstance(name, str) and name in EVENT_TYPES):
            raise malformed(
                "event_types",
                _("“%(name)s” is not a type of event. There are: %(all)s."),
                code="invalid_choice",
                name=str(name)[:64],
                all=", ".join([ALL, *EVENT_TYPES]),
            )
    return list(dict.fromkeys(event_types))


def _record(actor, verb, webhook, *, before=None, facts=None):
    record_event(
        actor=actor,
        verb=verb,
        subject=webhook,
        property_id=webhook.property_id,
        before=before,
        after=_state(webhook),
        facts=facts,
    )


def _state(webhook):
    """As the log keeps it. An address may hold a key in its path: its digest tells whether it was another before."""
    return {
        "property_id": webhook.property_id,
        "url_digest": sha256(webhook.url.encode()).hexdigest(),
        "event_types": list(webhook.event_types),
        "is_active": webhook.is_active,
        "secret_number": webhook.secret_number,
        "retired_at": webhook.retired_at and moment(webhook.retired_at),
        "version": webhook.version,
    }
