"""A house in which things happened, for tests of the line-up."""

from datetime import UTC, datetime, timedelta

from empower import clock
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.spending.models import Gesture
from empower.spending.services import give_spend

#: 7.30 in Los Angeles, Saturday 21 November.
MORNING = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 21).date()


def at(**before):
    """Stands that long before the morning: ``with at(hours=3): ...``"""
    return clock.standing_at(MORNING - timedelta(**before))


def stays(name, room, *, since=-1, until=2, **facts):
    """A guest as `log_incident` takes one: in house from so many days from today until so many."""
    return {
        "name": name,
        "room": room,
        "arrival": TODAY + timedelta(days=since),
        "departure": TODAY + timedelta(days=until),
    } | facts


def happened(scene, *guests, category="room_noise", by="maria", **facts):
    return log_incident(
        actor=getattr(scene, by),
        property=scene.lax,
        guests=list(guests),
        category=Category.objects.get(code=category),
        department=scene.lax_desk,
        **facts,
    )


def gave(scene, incident, amount=5_000, *, gesture="meal", by="maria", guest=None, **more):
    return give_spend(
        actor=getattr(scene, by),
        incident=incident,
        guest=guest or incident.guests.order_by("pk").first(),
        gesture=Gesture.objects.get(code=gesture),
        amount=amount,
        currency="USD",
        **more,
    )
