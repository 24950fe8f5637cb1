"""Logging, changing, resolving, reopening an incident; guests; follow-ups."""


def log_incident(
    *, actor, property, guests, kind="recovery", department=None, category=None, touchpoint=None, severity=2,
    narrative="", occurred_at=None, reported_at=None, feeling_before=None, owner=None,
):  # fmt: skip
    """Record what happened. ``guests``: Guest rows, or dicts {name, room, arrival, departure, feeling_before} to create.

    ``occurred_at`` and ``reported_at`` default to now (reported defaults to now, occurred to reported). Narrative is
    kept as sent. ValidationError names the field. Event ``incident.logged``.
    """
    raise NotImplementedError


def change_incident(*, actor, incident, version=None, **changes):
    """Change department, touchpoint, category, severity, narrative, owner, kind, occurred_at, reported_at, feelings.

    ``version`` (the one that was read): NotPossible ``stale`` when it has moved on. Event ``incident.changed``.
    """
    raise NotImplementedError


def add_guest(*, actor, incident, guest):
    """Another guest on the incident (a Guest, or a dict to create). Event ``incident.guest_added``."""
    raise NotImplementedError


def create_guest(*, actor, property, name, room="", arrival=None, departure=None, kind="guest", colleague=None):
    """Event ``guest.created`` (ids only)."""
    raise NotImplementedError


def change_guest(*, actor, guest, **changes):
    """Name, room, arrival, departure. Event ``guest.changed`` (names of the changed fields only)."""
    raise NotImplementedError


def merge_guests(*, actor, kept, merged):
    """Two records of one guest become one: ``merged`` points to ``kept``. Event ``guest.merged``."""
    raise NotImplementedError


def erase_guest(*, actor, guest):
    """Empty everything personal of a guest (and of those merged into it). Breaks no sum. Event ``guest.erased``."""
    raise NotImplementedError


def close_incident(*, actor, incident, outcome=None, feeling_after=None, guests=None):
    """Resolve, without asking whether a spend waits: doors call `spending.services.resolve_incident`, which asks first.

    ``outcome``/``feeling_after`` for all, or ``guests``: [{"id": int, "outcome": str, "feeling_after": int|None}].
    Event ``incident.resolved``.
    """
    raise NotImplementedError


def reopen_incident(*, actor, incident, reason=""):
    """Open again; the resolution is kept. Event ``incident.reopened``."""
    raise NotImplementedError


def annul_incident(*, actor, incident, reason):
    """Void, without asking what stands on it: doors call `spending.services.void_incident`. Event ``incident.voided``."""
    raise NotImplementedError


def record_follow_up(*, actor, incident, guest, channel="in_person", contacted_at=None, note=""):
    """A contact with the guest after the resolution. Event ``incident.followed_up``."""
    raise NotImplementedError
