"""One-time links to a request: made for a mail, opened once."""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction

from empower import clock
from empower.audit.services import record_event

from ..models import RequestLink

#: For a request that has no end of its own (a verbal yes to confirm).
LIVES = timedelta(days=7)


@transaction.atomic
def make_link(*, approval, recipient):
    """The secret of a new link, which ends with the request. One query."""
    secret = secrets.token_urlsafe(32)
    RequestLink.objects.create(
        approval=approval,
        recipient=recipient,
        digest=_digest(secret),
        created_at=clock.now(),
        expires_at=approval.expires_at or clock.now() + LIVES,
    )
    return secret


def find_link(*, secret):
    """The RequestLink with this secret, opened or over as it may be, or None. One query."""
    if not isinstance(secret, str) or len(secret) != 43:
        return None
    return (
        RequestLink.objects.filter(digest=_digest(secret))
        .select_related("approval__spend__incident__category", "approval__spend__incident__department")
        .select_related(
            "approval__spend__gesture", "approval__property", "approval__employee", "approval__spend__policy"
        )
        .first()
    )


@transaction.atomic
def open_link(*, link):
    """Whether this was the first opening, in time. Of two at once one is. Event ``request.link_opened``, by nobody known."""
    now = clock.now()
    opened = RequestLink.objects.filter(pk=link.pk, opened_at=None, expires_at__gt=now).update(opened_at=now)
    if opened:
        record_event(
            actor=None,
            verb="request.link_opened",
            subject=link.approval,
            property_id=link.approval.property_id,
            about_id=link.recipient_id,
        )
    return bool(opened)


def _digest(secret):
    # No salt and no slow hash: the secret is 256 random bits, which nobody guesses.
    return sha256(secret.encode()).hexdigest()
