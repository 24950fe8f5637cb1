"""Phones: enrolled by a manager who holds one in the hand, found by its cookie's secret, revoked."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.refusals import NotPermitted, NotPossible
from empower.texts import as_sent

from ..models import SharedDevice
from ..permissions import can_enrol, can_revoke

# "Last used" tells whether a phone still lies where it should: a minute's precision, not a write a request.
_BETWEEN_NOTES = timedelta(minutes=1)


@command("device.enrolled")
def enrol_device(*, actor, name):
    """(SharedDevice, secret) of the actor's property. The secret goes into the phone's cookie. Event ``device.enrolled``.

    By its managers, signed in with their password: NotPermitted ``enrol``. ValidationError names ``name``.
    """
    if not can_enrol(actor):
        raise NotPermitted("enrol", _("A phone is enrolled by a manager, signed in with their password."))
    as_sent(name, "name", longest=60, required=True)
    secret = secrets.token_urlsafe(32)
    device = SharedDevice(
        property=actor.property, name=name.strip(), digest=_digest(secret), enrolled_at=clock.now(), enrolled_by=actor
    )
    device.save(force_insert=True)
    record_event(actor=actor, verb="device.enrolled", subject=device, property_id=device.property_id, after={})
    return device, secret


@command("device.revoked", subject="device")
def revoke_device(*, actor, device):
    """No PIN works on it from now on, and who is signed in there is out. Event ``device.revoked``.

    By its property's managers and the superuser. NotPossible ``already_revoked``.
    """
    if not can_revoke(actor, device):
        raise NotPermitted("revoke_device", _("A phone is revoked by whoever manages its property."))
    device.refresh_from_db(from_queryset=SharedDevice.objects.select_for_update(no_key=True))
    if device.revoked_at is not None:
        raise NotPossible("already_revoked", _("This phone was revoked before."))
    device.revoked_at, device.revoked_by = clock.now(), actor
    device.save(update_fields=["revoked_at", "revoked_by"])
    record_event(actor=actor, verb="device.revoked", subject=device, property_id=device.property_id)
    return device


@command("device.unlocked", subject="device")
def unlock_device(*, actor, device):
    """PINs are taken there again at once. Event ``device.unlocked``. As `revoke_device`; NotPossible ``not_resting``."""
    if not can_revoke(actor, device):
        raise NotPermitted("unlock_device", _("A phone is unlocked by whoever manages its property."))
    device.refresh_from_db(from_queryset=SharedDevice.objects.select_for_update(no_key=True))
    if not device.is_resting:
        raise NotPossible("not_resting", _("It is not locked."))
    device.failures, device.rests, device.rests_until = 0, 0, None
    device.save(update_fields=["failures", "rests", "rests_until"])
    record_event(actor=actor, verb="device.unlocked", subject=device, property_id=device.property_id)
    return device


def find_device(*, secret):
    """The enrolled SharedDevice (with its property) whose cookie holds ``secret``, or None. One query."""
    if not isinstance(secret, str) or len(secret) != 43:
        return None
    return SharedDevice.objects.enrolled().filter(digest=_digest(secret)).select_related("property").first()


def note_device_used(*, device):
    """Writes down that the phone is in use; once a minute at most."""
    now = clock.now()
    if device.last_used_at is None or device.last_used_at <= now - _BETWEEN_NOTES:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - _BETWEEN_NOTES)
        SharedDevice.objects.filter(unnoted, pk=device.pk).update(last_used_at=now)


def _digest(secret):
    # No salt and no slow hash: the secret is 256 random bits, which nobody guesses.
    return sha256(secret.encode()).hexdigest()
