"""Which key signs, and which are believed.

The key that signs is ``CHECKPOINT_KEY`` in the environment, or the one made when it is first needed and kept in
``VAR_DIR/checkpoint_key``. Those of ``CHECKPOINT_TRUSTED_KEYS`` are believed beside it: keys that were retired, or the
sealer's, where the sealer is another machine and this one has no key.
"""

import os
import secrets
import tempfile

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .notes import Signer, Verifier


def signing_key():
    """The key that signs; made now, if there is none."""
    key = _given() or _kept()
    return key or _made(f"empower/audit-{secrets.token_hex(4)}")


def trusted_keys():
    """The verifiers that are believed, one's own first. Makes none: an installation that never sealed has none."""
    own = _given() or _kept()
    others = []
    for text in settings.CHECKPOINT_TRUSTED_KEYS:
        try:
            others.append(Verifier.read(text))
        except ValueError as fault:
            raise ImproperlyConfigured(f"CHECKPOINT_TRUSTED_KEYS: {fault}.") from None
    return ([own.verifier] if own else []) + others


def _path():
    return settings.VAR_DIR / "checkpoint_key"


def _given():
    if not settings.CHECKPOINT_KEY:
        return None
    try:
        return Signer.read(settings.CHECKPOINT_KEY)
    except ValueError as fault:
        raise ImproperlyConfigured(f"CHECKPOINT_KEY: {fault}. `manage.py seal --make-key NAME` makes one.") from None


def _kept():
    try:
        text = _path().read_text()
    except FileNotFoundError:
        return None
    try:
        return Signer.read(text)
    except ValueError as fault:
        raise ImproperlyConfigured(f"{_path()}: {fault}.") from None


def _made(name):
    """As the secret key is made (ledger/secret_key.py): whole or not there, and by several at once only once."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, mine = tempfile.mkstemp(dir=path.parent, prefix=".checkpoint_key.")  # mkstemp makes it with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(f"{Signer.made(name)}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(mine, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        os.unlink(mine)
    return _kept()
