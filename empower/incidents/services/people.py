"""Which guests an incident touches: records that stand, or that are made for it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.models import Employee
from empower.staff.querysets import SYSTEM
from empower.texts import as_sent, malformed

from ..models import Guest, GuestKind
from . import checking

MOST_GUESTS = 200

_TO_CREATE = {"name", "room", "arrival", "departure", "kind", "colleague"}
_FOR_THE_INCIDENT = {"feeling_before"}


def standing(guest, property_id, field="guest"):
    """The record that stands for this guest; malformed if it is another property's, or was erased."""
    checking.row(guest, Guest, field)
    if guest.merged_into_id:
        guest = guest.merged_into
    if guest.property_id != property_id:
        raise malformed(field, _("This guest belongs to another property."))
    if guest.erased_at is not None:
        raise malformed(field, _("This guest's record was erased: make a new one."))
    return guest


def new_guest(property, *, name="", room="", arrival=None, departure=None, kind=GuestKind.GUEST, colleague=None):
    """A Guest, checked and not saved; for a colleague who has a record at the property, that one. One query for those."""
    checking.one_of(kind, "kind", GuestKind)
    if kind == GuestKind.COLLEAGUE:
        if colleague is None:
            raise malformed("colleague", _("Name the employee."), code="required")
        checking.row(colleague, Employee, "colleague")
        if not colleague.is_active or colleague.username == SYSTEM:
            raise malformed("colleague", _("A colleague is an active employee."))
        known = _record_of(colleague, property)
        if known is not None:
            return known
        name = name or colleague.name
    elif colleague is not None:
        raise malformed("colleague", _("Only a guest of the kind “colleague” links to an employee."))
    as_sent(name, "name", longest=200, required=True)
    as_sent(room, "room", longest=20)
    checking.day(arrival, "arrival")
    checking.day(departure, "departure")
    if arrival and departure and departure < arrival:
        raise malformed("departure", _("Not before the arrival, %(arrival)s."), arrival=arrival.isoformat())
    return Guest(
        property=property,
        kind=kind,
        colleague=colleague,
        name=name,
        room=room,
        arrival=arrival,
        departure=departure,
        recorded_at=clock.now(),
    )


def store(people):
    """Saves the new ones among [(Guest, feeling before)]. Returns these pairs anew, and the guests that were made.

    A colleague's record that somebody else makes at the same moment is waited for, and taken instead. One query for
    new guests, three for each new colleague.
    """
    made = [guest for guest, _feeling in people if guest.pk is None and guest.colleague_id is None]
    if made:
        Guest.objects.bulk_create(made)
    stored = []
    for guest, feeling in people:
        if guest.pk is None:
            try:
                with transaction.atomic():
                    guest.save(force_insert=True)
                made.append(guest)
            except IntegrityError:
                guest = _record_of(guest.colleague, guest.property)
                if guest is None:
                    raise
        stored.append((guest, feeling))
    return stored, made


def told_of(made):
    """What the event of an incident tells of the guests that were made for it."""
    return {
        "created_guest_ids": [guest.pk for guest in made],
        "created_colleagues": [
            {"guest_id": guest.pk, "colleague_id": guest.colleague_id} for guest in made if guest.colleague_id
        ],
    }


def gather(property, guests, feeling_before):
    """[(Guest, feeling before)], saved or to be: what `log_incident` was given, checked."""
    if not isinstance(guests, list | tuple) or not guests:
        raise malformed("guests", _("At least one guest: whom did it touch?"), code="required")
    if len(guests) > MOST_GUESTS:
        raise malformed("guests", _("%(most)d guests at most."), most=MOST_GUESTS)
    checking.feeling(feeling_before, "feeling_before")
    found, told = [], []
    for given in guests:
        if isinstance(given, dict):
            if unknown := set(given) - _TO_CREATE - _FOR_THE_INCIDENT:
                raise malformed("guests", _("A guest has no “%(unknown)s”."), unknown=sorted(map(str, unknown))[0])
            guest = new_guest(property, **{name: given[name] for name in given if name in _TO_CREATE})
            feeling = checking.feeling(given.get("feeling_before", feeling_before), "feeling_before")
        else:
            guest, feeling = standing(given, property.pk, "guests"), feeling_before
        # A colleague who is to get a record is one person, whatever name is told.
        one = guest.pk or guest.colleague or (guest.name, guest.room, guest.arrival, guest.departure)
        if one in told:
            raise malformed("guests", _("A guest is named twice."), code="duplicate")
        told.append(one)
        found.append((guest, feeling))
    return found


def _record_of(colleague, property):
    return Guest.objects.standing().filter(property=property, colleague=colleague, erased_at=None).first()
