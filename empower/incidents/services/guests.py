"""Guests: made, put right, two records become one, and what is personal goes."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.refusals import NotPossible
from empower.staff.models import Property
from empower.texts import malformed

from ..erasure import ERASABLE
from ..models import Guest, Incident, IncidentGuest
from ..permissions import can_change_guest, can_create_guest, can_erase, can_merge
from . import checking
from .people import new_guest, store

_CHANGEABLE = {"name", "room", "arrival", "departure"}


@command("guest.created", subject="property")
def create_guest(*, actor, property, name, room="", arrival=None, departure=None, kind="guest", colleague=None):
    """Event ``guest.created`` (ids only). By who works at the property, leaders and the system.

    A colleague who has a record there gets that one, and no event. ValidationError names the field.
    """
    checking.require(
        can_create_guest, actor, property.pk, "elsewhere", _("You write down the guests of your own property.")
    )
    guest = new_guest(
        property, name=name, room=room, arrival=arrival, departure=departure, kind=kind, colleague=colleague
    )
    if guest.pk is None:
        [(guest, _feeling)], made = store([(guest, None)])
        if not made:
            return guest
        record_event(
            actor=actor,
            verb="guest.created",
            subject=guest,
            property_id=property.pk,
            about_id=guest.colleague_id,
            after={"kind": str(kind), "colleague_id": guest.colleague_id, "property_id": property.pk},
        )
    return guest


@command("guest.changed", subject="guest")
def change_guest(*, actor, guest, **changes):
    """Name, room, arrival, departure. Event ``guest.changed`` (names of the changed fields only).

    By who works there, leaders and the system. NotPossible ``merged`` (its state names the one that stands) and
    ``erased``. ValidationError names the field. Returns ``guest``, read anew.
    """
    checking.require(can_change_guest, actor, guest, "elsewhere", _("You change the guests of your own property."))
    if unknown := sorted(set(changes) - _CHANGEABLE):
        raise ValidationError({field: _("This can't be changed.") for field in unknown})
    _lock(guest)
    _require_standing(guest)
    fields = {name: changes.get(name, getattr(guest, name)) for name in _CHANGEABLE}
    wanted = new_guest(guest.property, **fields)
    for name in changes:
        setattr(guest, name, getattr(wanted, name))
    guest.save(update_fields=[*changes, "updated_at"])
    record_event(
        actor=actor,
        verb="guest.changed",
        subject=guest,
        property_id=guest.property_id,
        facts={"fields": sorted(changes)},
    )
    return guest


@command("guest.merged", subject="merged")
def merge_guests(*, actor, kept, merged):
    """Two records of one guest become one: ``merged`` points to ``kept``. Event ``guest.merged``.

    For good. What was merged into ``merged`` before points to ``kept`` too: never a chain. Incidents and spends keep
    their links, and reads follow them. By the property's managers, leaders and the system. ValidationError ``merged``
    for the same record, another property or another kind; NotPossible ``merged``, ``erased``. Returns ``kept``.

    Merges of one property come one after the other (its row is held), so that what was merged before is known. Then
    the records are held, all by one query in the order of their ids. Who holds a guest's row beside others takes it
    after the incident's and before the counters', and then waits for no property.
    """
    checking.row(kept, Guest, "kept")
    checking.row(merged, Guest, "merged")
    checking.require(can_merge, actor, kept, "merge", _("A manager of the property makes two records one."))
    if kept.pk == merged.pk:
        raise malformed("merged", _("A record is not merged into itself."))
    if kept.property_id != merged.property_id:
        raise malformed("merged", _("These are guests of two properties."))
    earlier = _lock_both(kept, merged)
    for guest in (kept, merged):
        _require_standing(guest)
    if (kept.kind, kept.colleague_id) != (merged.kind, merged.colleague_id):
        raise malformed("merged", _("A guest and a colleague, or two colleagues, are not one person."))
    Guest.objects.filter(pk__in=[merged.pk, *earlier]).update(merged_into=kept, updated_at=clock.now())
    merged.merged_into = kept
    record_event(
        actor=actor,
        verb="guest.merged",
        subject=merged,
        property_id=kept.property_id,
        after={"merged_into_id": kept.pk, "moved_ids": earlier},
    )
    return kept


@command("guest.erased", subject="guest")
def erase_guest(*, actor, guest):
    """Empty everything personal of a guest (and of those merged into it). Breaks no sum. Event ``guest.erased``.

    Names, rooms and dates of all the person's records, and every free text of the incidents that they are on, whoever
    else is on them: a narrative of two may name both (`erasure.ERASABLE`). Answers kept for idempotency are emptied,
    and a replay then gives the bare id. For good. By the property's general manager, leaders and the system.

    May be done again: an incident that stays open can be written to, and what came since is emptied too. An event each
    time; ``erased_at`` stays the first. Returns the record that stands.
    """
    checking.require(can_erase, actor, guest, "erase", _("The general manager, or a leader, erases a guest."))
    # No merge of the property meanwhile: it would change which records are this person's.
    _hold_property(guest)
    guest = Guest.objects.get(pk=Guest.objects.values_list("merged_into", flat=True).get(pk=guest.pk) or guest.pk)
    of_this_person = Guest.objects.filter(Q(pk=guest.pk) | Q(merged_into=guest)).order_by("pk")
    ids = list(of_this_person.values_list("pk", flat=True))
    # Who gives holds the incident first, then the guest.
    incidents = Incident.objects.filter(pk__in=IncidentGuest.objects.filter(guest__in=ids).values("incident"))
    list(incidents.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    list(of_this_person.select_for_update(no_key=True).values_list("pk"))
    emptied = {}
    for label, fields, find in ERASABLE:
        emptied[label] = emptied.get(label, 0) + find(ids).update(**_empty(label, fields))
    now = clock.now()
    Guest.objects.filter(pk__in=ids).update(erased_at=Coalesce("erased_at", now), updated_at=now)
    guest.refresh_from_db()
    record_event(
        actor=actor,
        verb="guest.erased",
        subject=guest,
        property_id=guest.property_id,
        facts={"guest_ids": ids, "emptied": emptied},
    )
    return guest


def _lock_both(kept, merged):
    """Holds and reads anew ``kept``, ``merged`` and what was merged into it before; the ids of the last."""
    _hold_property(kept)
    which = Guest.objects.filter(Q(pk__in=[kept.pk, merged.pk]) | Q(merged_into=merged.pk)).order_by("pk")
    held = list(which.select_for_update(no_key=True))
    for guest in (kept, merged):
        guest.refresh_from_db()
    return [guest.pk for guest in held if guest.merged_into_id == merged.pk]


def _hold_property(guest):
    list(Property.objects.select_for_update(no_key=True).filter(pk=guest.property_id).values_list("pk"))


def _lock(guest):
    guest.refresh_from_db(from_queryset=Guest.objects.select_for_update(no_key=True))


def _require_standing(guest):
    if guest.merged_into_id is not None:
        raise NotPossible(
            "merged",
            _("This record was merged into another: change that one."),
            state={"merged_into_id": guest.merged_into_id},
        )
    if guest.erased_at is not None:
        raise NotPossible("erased", _("This guest was erased."))


def _empty(label, fields):
    model = apps.get_model(label)
    emptied = {name: None if model._meta.get_field(name).null else "" for name in fields}
    # Who keeps a copy of the row asks for what has changed, and has to learn of this above all.
    if any(field.name == "updated_at" for field in model._meta.fields):
        emptied["updated_at"] = clock.now()
    return emptied
