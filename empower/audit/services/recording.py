"""An event is written with what it tells; a refusal after its roll-back, in a transaction of its own."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import signature

from django.db import connection, transaction

from empower.canonical import canonical, moment
from empower.clock import now
from empower.refusals import Refused

from ..models import AuditEvent, Unsealed
from ..proof import merkle

LONGEST_STRING = 200

_inside_a_command = ContextVar("inside_a_command", default=False)


def record_event(
    *,
    actor,
    verb,
    subject=None,
    subject_type=None,
    subject_id=None,
    property_id=None,
    about_id=None,
    before=None,
    after=None,
    facts=None,
    outcome=AuditEvent.Outcome.ACCEPTED,
):
    """Writes one line of the log, in the caller's transaction: two inserts. Returns the event.

    ``actor`` is the user, or None for the system. ``subject`` is a saved instance; where there is
    none at hand, ``subject_type`` and perhaps ``subject_id`` say it. ``before``, ``after`` (its whole state) and
    ``facts`` (what else the books need) are JSON-able dicts of ids, integers, codes and ``moment``s.

    Nothing personal may be in them: no name, room, narrative, note, reason or file name; the log can't be erased. A
    seat-belt for the worst of it: a string above 200 characters is a TypeError, as are floats, Decimals and datetimes.
    Outside a transaction it is a RuntimeError: an event must stand or fall with what it tells.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction of what it tells.")
    for state in (before, after, facts):
        _refuse_free_text(state)
    at = now()
    if subject is not None:
        subject_type, subject_id = subject._meta.model_name, subject.pk
    body = {
        "about": about_id,
        "actor": None if actor is None else actor.pk,
        "after": after,
        "at": moment(at),
        "before": before,
        "facts": facts,
        "outcome": str(outcome),
        "property": property_id,
        "role": getattr(actor, "role", None) or None,
        "subject": {"type": subject_type or "", "id": subject_id},
        "verb": verb,
    }
    written = canonical(body)
    # No full_clean: every value is ours, the constraints stand in for it, and this is on the path of every spend.
    event = AuditEvent.objects.create(
        at=at,
        actor_id=body["actor"],
        verb=verb,
        outcome=outcome,
        subject_type=body["subject"]["type"],
        subject_id=body["subject"]["id"],
        property_id=property_id,
        about_id=about_id,
        body=written.decode(),
        digest=leaf_hash(written),
    )
    Unsealed.objects.create(event=event)
    return event


def leaf_hash(body):
    """The RFC 9162 (and 6962) leaf hash of ``body`` (bytes), in hex: SHA-256 of 0x00 and the bytes."""
    return merkle.leaf_hash(body).hex()


def command(verb, *, subject=None):
    """Makes a service a command: one transaction, and a refusal that is remembered.

    ::

        @command("spend.approved", subject="approval")
        def approve_spend(*, actor, approval, reason): ...

    The service takes keywords only, ``actor`` among them (None is the system). ``subject`` is the keyword that holds
    what it acts on: an instance, or the id (an int) of a row of that name. When it raises ``Refused``, all is rolled
    back, and then a refused event is written in a transaction of its own: verb, actor, code, field, the ids and
    integers of its state. Commands inside commands: only the outermost records, once, under its own verb. A
    ``ValidationError`` is malformed input and leaves no trace.
    """

    def decorate(service):
        parameters = signature(service).parameters
        if "actor" not in parameters or any(
            one.kind not in (one.KEYWORD_ONLY, one.VAR_KEYWORD) for one in parameters.values()
        ):
            raise TypeError(f"{service.__qualname__} is a service: keywords only, actor first.")
        if subject is not None and subject not in parameters:
            raise TypeError(f"{service.__qualname__} takes no {subject}.")

        @wraps(service)
        def run(**given):
            with whole_command():
                try:
                    with transaction.atomic():
                        return service(**given)
                except Refused as refusal:
                    # The innermost comes first and each one round it writes over: the outermost command's word stays.
                    refusal.attempt = {
                        "actor": given.get("actor"),
                        "verb": verb,
                        "subject": given.get(subject) if subject else None,
                        "subject_name": subject,
                    }
                    raise

        return run

    return decorate


@contextmanager
def whole_command(*, apart=False):
    """What happens inside is one command: a refusal that leaves the block is recorded once, after the roll-back.

    For what wraps services in a transaction of its own (an idempotent request, a split, an import's row)::

        with whole_command(), transaction.atomic():
            ...

    Inside another it does nothing, unless ``apart``: the row of a bulk, whose refusal is recorded though the bulk as
    a whole goes on. A refusal that is caught inside is nobody's, and one that no command raised is not recorded.
    """
    if _inside_a_command.get() and not apart:
        yield
        return
    token = _inside_a_command.set(True)
    try:
        yield
    except Refused as refusal:
        # Here the transaction of the command is over: ours is the outermost, or a savepoint of somebody's (a test).
        _record_refusal(refusal)
        raise
    finally:
        _inside_a_command.reset(token)


def _record_refusal(refusal):
    attempt = getattr(refusal, "attempt", None)
    if attempt is None:
        return
    subject, named = attempt["subject"], attempt["subject_name"]
    is_row = getattr(subject, "pk", None) is not None
    # A house is of itself: what was refused there is found with the rest of it.
    is_house = is_row and subject._meta.model_name == "property"
    with transaction.atomic():
        record_event(
            actor=attempt["actor"],
            verb=attempt["verb"],
            subject=subject if is_row else None,
            subject_type=named,
            subject_id=subject if type(subject) is int else None,
            property_id=subject.pk if is_house else getattr(subject, "property_id", None),
            facts={"code": refusal.code, "field": refusal.field, "state": _ids_and_integers(refusal.state)},
            outcome=AuditEvent.Outcome.REFUSED,
        )


def _ids_and_integers(state):
    """``state`` without its words: a refusal is written for a person, and what it says may name one."""
    if state is None or isinstance(state, int):
        return state
    if isinstance(state, str):
        return state if re.fullmatch(r"[0-9]{1,20}", state) else None
    if isinstance(state, dict):
        return {str(name): _ids_and_integers(value) for name, value in state.items()}
    if isinstance(state, list | tuple):
        return [_ids_and_integers(value) for value in state]
    return None


def _refuse_free_text(state):
    if isinstance(state, str) and len(state) > LONGEST_STRING:
        raise TypeError(f"A string of {len(state)} characters is not an id or a code: no free text in the log.")
    for value in state.values() if isinstance(state, dict) else state if isinstance(state, list | tuple) else ():
        _refuse_free_text(value)
