"""Secrets and signatures, as the Standard Webhooks specification (standardwebhooks.com, 1.0) says them.

A secret is ``whsec_`` and the base64 of 32 bytes; a signature ``v1,`` and the base64 of HMAC-SHA256 over
``webhook-id.webhook-timestamp.body``. Several signatures are separated by blanks: a receiver that knows one is content.
"""

import secrets
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest, digest

from django.conf import settings
from django.utils.crypto import salted_hmac

from empower import clock

#: How long after a rotation both secrets sign.
BOTH_SIGN = timedelta(hours=24)
#: How long the answer to a request that made a secret can be asked for again, by its Idempotency-Key, with the secret.
TOLD_AGAIN = timedelta(hours=1)


class SecretLost(Exception):
    """SECRET_KEY is not the one that this secret came from: whoever receives would find the signature wrong."""


def give_new_secret(webhook):
    """A new salt on the row, which is not saved here. Returns the secret as it is told to people."""
    webhook.salt = secrets.token_hex(16)
    key = _worked_out(webhook.salt, settings.SECRET_KEY)
    webhook.secret_digest = _digest(key)
    webhook.secret_made_at = clock.now()
    return _as_told(key)


def secret_just_made(*, webhook, number):
    """The secret, to who made it and lost the answer: while it is this ``number``, and for an hour. Else None."""
    if webhook.secret_number != number or webhook.secret_made_at + TOLD_AGAIN <= clock.now():
        return None
    try:
        return _as_told(_key(webhook.salt, webhook.secret_digest))
    except SecretLost:
        return None


def headers_of(*, webhook, message_id, payload, at):
    """The three headers that go with ``payload`` (bytes) at the moment ``at``; SecretLost where none can be signed."""
    timestamp = str(int(at.timestamp()))
    keys = [_key(webhook.salt, webhook.secret_digest)]
    if webhook.old_secret_until is not None and webhook.old_secret_until > at:
        keys.append(_key(webhook.old_salt, webhook.old_secret_digest))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signature(key, message_id, timestamp, payload) for key in keys),
    }


def signature(key, message_id, timestamp, payload):
    """``v1,...`` of a message; ``key`` and ``payload`` are bytes."""
    signed = f"{message_id}.{timestamp}.".encode() + payload
    return f"v1,{b64encode(digest(key, signed, sha256)).decode()}"


def _key(salt, expected):
    """The 32 bytes, by the SECRET_KEY of now or one of its SECRET_KEY_FALLBACKS."""
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = _worked_out(salt, secret_key)
        if compare_digest(_digest(key), expected):
            return key
    raise SecretLost


def _worked_out(salt, secret_key):
    return salted_hmac("empower.notices.webhook", salt, secret=secret_key, algorithm="sha256").digest()


def _digest(key):
    # No salt and no slow hash: the key is 256 bits that nobody guesses.
    return sha256(key).hexdigest()


def _as_told(key):
    return f"whsec_{b64encode(key).decode()}"
