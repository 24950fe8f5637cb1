"""How many rooms were occupied, told by the property, day by day."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.refusals import NotPermitted
from empower.texts import malformed

from ..models import Property, RoomNights
from ..permissions import acts_as_system, can_report_room_nights

#: More rooms than any house has: a slip of the finger, and not a number to divide by.
MOST_ROOMS = 100_000


@command("room_nights.reported", subject="property")
def report_room_nights(*, actor, property, day, occupied):
    """Write down, or correct, how many rooms were occupied in the night that began on ``day``. Returns the `RoomNights`.

    ``day`` is the property's local one, today at the latest. The same number again changes nothing and is no event; each
    change is one, ``room_nights.reported``, with what it was before. Who `can_report_room_nights`, and the system.
    NotPermitted ``not_your_rooms``; ValidationError: ``day``, ``occupied``. Five queries.
    """
    if not acts_as_system(actor) and not can_report_room_nights(actor, property.pk):
        raise NotPermitted(
            "not_your_rooms",
            _("The general manager of the property reports its occupied rooms, or a system that acts for it."),
            field="property",
        )
    if clock.as_day(day, "day") > clock.local_day(clock.now(), property.timezone):
        raise malformed("day", _("This night has not begun at the property."), code="in_the_future")
    if type(occupied) is not int or not 0 <= occupied <= MOST_ROOMS:
        raise malformed("occupied", _("How many rooms: a whole number from 0 to %(most)s."), most=str(MOST_ROOMS))
    # One at a time in a house: two who report the same new day would both find none.
    list(Property.objects.select_for_update(no_key=True).filter(pk=property.pk).values_list("pk"))
    found = RoomNights.objects.filter(property=property, day=day).first()
    before = found and found.occupied
    if before == occupied:
        return found
    nights = found or RoomNights(property=property, day=day)
    nights.occupied, nights.reported_by, nights.reported_at = occupied, actor, clock.now()
    nights.full_clean(validate_unique=False, validate_constraints=False)
    nights.save()
    record_event(
        actor=actor,
        verb="room_nights.reported",
        subject=nights,
        property_id=property.pk,
        before=None if before is None else _state(nights, before),
        after=_state(nights, occupied),
    )
    return nights


def _state(nights, occupied):
    return {"property": nights.property_id, "day": nights.day.isoformat(), "occupied": occupied}
