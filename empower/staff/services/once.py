"""A write that can be sent again: one effect, and the same answer, for a person and a key."""

from contextlib import contextmanager
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from empower.audit.services import whole_command
from empower.refusals import NotPossible, Refused
from empower.texts import malformed

from ..models import IdempotencyKey

#: How long a second request waits for the first, in seconds.
PATIENCE = 5

_LONGEST_KEY = 255
_LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's SQLSTATE for a lock_timeout


class KeyReused(Refused):
    """The key was used before, for something else."""

    status = 422


class _Known(Exception):
    """Somebody has committed under this key: read their answer."""


def fingerprint(method, path, body):
    """What identifies a request (``body`` in bytes): a list of keyed hashes in hex, the present key's first.

    HMAC-SHA-256, so that a copy of the table doesn't tell who was given what by trying out bodies. The key is derived
    from SECRET_KEY. When that is rotated, a retry from before is recognised as long as the old one stands in
    SECRET_KEY_FALLBACKS, and is refused as another request (422) after that: never a second effect.
    """
    told = b"\x00".join([method.upper().encode(), path.encode(), body])
    return [
        hmac(sha256(b"empower idempotency" + secret.encode()).digest(), told, sha256).hexdigest()
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    ]


def run_once(*, employee, key, fingerprint, do):
    """Do a write once for a person and key; a retry gets the first answer. Returns ``(status, answer, replayed)``.

    ``do()`` returns ``(status, answer, object_type, object_id)`` and runs in the same transaction as the key's row.
    The same key with another fingerprint: Refused code ``key_reused``, status 422. A second one that meets the first
    under way waits, after 5 s Refused code ``in_progress`` (409). What was refused is not kept.

    ``fingerprint``: what `fingerprint` gives, or one hash. ``object_type`` is the model's name in small letters
    (``spend``): an erasure finds by it the answers that it must empty; then a replay gives ``{"id": "..."}`` alone.
    Two queries beside what ``do`` asks, four on PostgreSQL.
    """
    fingerprints = [fingerprint] if isinstance(fingerprint, str) else list(fingerprint)
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        raise malformed("Idempotency-Key", _("From 1 to 255 printable characters, such as a UUID."))
    with whole_command():
        try:
            with _bounded_wait(employee, key), transaction.atomic():
                row = _take(employee, key, fingerprints[0])
                row.status, row.answer, row.object_type, row.object_id = do()
                row.save(update_fields=["status", "answer", "object_type", "object_id"])
                return row.status, row.answer, False
        except _Known:
            # Our transaction is over: what the other one committed can be seen now.
            return _replay(employee, key, fingerprints)


def find_answer(*, employee, key, fingerprint):
    """What this person's request with this key was answered, or None: never done, or another one. One query.

    ``fingerprint`` as for `run_once`. An answer that an erasure has emptied is ``{"id": "..."}``.
    """
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or not key.isprintable():
        return None
    row = IdempotencyKey.objects.filter(employee=employee, key=key).first()
    if row is None or not any(compare_digest(row.fingerprint, one) for one in fingerprint):
        return None
    return {"id": str(row.object_id)} if row.answer is None else row.answer


def _take(employee, key, fingerprint):
    """The key's new row. Where another transaction is about to insert it, PostgreSQL waits here for its end."""
    row = IdempotencyKey(employee=employee, key=key, fingerprint=fingerprint)
    with connection.cursor() as cursor:
        on_postgresql = connection.vendor == "postgresql"
        if on_postgresql:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
        try:
            row.save(force_insert=True)
        except IntegrityError:
            raise _Known from None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise _in_progress() from None
            raise
        if on_postgresql:
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return row


@contextmanager
def _bounded_wait(employee, key):
    """SQLite: there the second request already waits to begin, behind whoever writes, for 20 s.

    Five is enough for who waits for their own key, and too little for who only meets a busy moment. The cache, which
    all workers share, tells which: a hint, no more. When it is lost, the wait is longer, and the answer still right.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    name = f"under-way:{sha256(f'{employee.pk}:{key}'.encode()).hexdigest()}"
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    is_first = cache.add(name, True, usual // 1000 + 10)
    if is_first:
        try:
            yield
        finally:
            cache.delete(name)
        return
    began = [False]
    try:
        _set_busy_timeout(PATIENCE * 1000)
        with connection.execute_wrapper(_noting_that_it_began(began)):
            yield
    except OperationalError as error:
        if not began[0] and "locked" in str(error):
            raise _in_progress() from None
        raise
    finally:
        _set_busy_timeout(usual)


def _noting_that_it_began(began):
    # The first statement is BEGIN IMMEDIATE: once that is through, nothing else of SQLite's waits.
    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        began[0] = True
        return result

    return note


def _set_busy_timeout(milliseconds):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _replay(employee, key, fingerprints):
    row = IdempotencyKey.objects.get(employee=employee, key=key)
    if not any(compare_digest(row.fingerprint, one) for one in fingerprints):
        raise KeyReused(
            "key_reused",
            _("This Idempotency-Key was used for another request. Send a new one with a new key."),
            field="Idempotency-Key",
            state={"object_id": row.object_id},
        )
    answer = {"id": str(row.object_id)} if row.answer is None and row.object_id is not None else row.answer
    return row.status, answer, True


def _in_progress():
    return NotPossible(
        "in_progress",
        _(
            "The first request with this Idempotency-Key is still under way. Send it again in a moment, with the same key."
        ),
        field="Idempotency-Key",
    )
