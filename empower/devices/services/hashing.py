"""How a PIN and a code are stored and compared: like a password, over a hash that a copy of the database can't make."""

from hashlib import sha256
from hmac import new as hmac

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password


def stored(secret, employee_id):
    """What is kept of a PIN or a code."""
    return make_password(_keyed(secret, employee_id, settings.SECRET_KEY))


def is_right(secret, employee_id, kept):
    """Whether ``secret`` is what ``kept`` was made of. As long where nothing is kept: the time tells nobody who has one.

    Under each SECRET_KEY that counts: after a rotation a PIN lives as long as its key stands in SECRET_KEY_FALLBACKS.
    """
    found = False
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        said = _keyed(secret, employee_id, key)
        if kept:
            found |= check_password(said, kept)
        else:
            make_password(said)
    return found


def _keyed(secret, employee_id, key):
    return hmac(sha256(b"empower pin" + key.encode()).digest(), f"{employee_id}:{secret}".encode(), sha256).hexdigest()
