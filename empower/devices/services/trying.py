"""Whose PIN or code is tried, and the counting of it for the person and for the phone."""

from dataclasses import dataclass
from unicodedata import normalize

from django.db import transaction

from empower.audit.services import record_event

from ..models import Pin, SharedDevice
from ..permissions import may_have_pin
from .tries import take_a_try

#: Wrong tries in a row before a person has to wait.
TRIES = 5
#: And on one phone, whoever they were for: more than one person may forget theirs.
DEVICE_TRIES = 10


def person_of(device, staff_number):
    """The `Pin` row of the person with this number who works where the phone lies, or None. One query, phone or none."""
    number = normalize("NFKC", staff_number).strip() if isinstance(staff_number, str) else ""
    if not number or "\x00" in number:
        number = "-"
    property_id = device.property_id if device is not None else None
    rows = Pin.objects.select_related("employee__property", "employee__department")
    found = list(rows.filter(employee__code__iexact=number, employee__property=property_id or 0)[:2])
    if len(found) != 1 or not may_have_pin(found[0].employee):
        return None
    return found[0]


def count_try(device, row):
    """Takes a try of the phone and of the person: whether it is `allowed`, and what to write down if it was wrong."""
    if device is None:
        return Counted(None, None, allowed=False)
    of_device = take_a_try(device, most=DEVICE_TRIES)
    of_person = take_a_try(row, most=TRIES) if row is not None and of_device is not None else None
    return Counted(
        device if of_device else None,
        row if of_person else None,
        allowed=of_device is not None and of_person is not None,
    )


@dataclass(frozen=True)
class Counted:
    """``device`` and ``row`` are told where this try was their last one before a rest."""

    device: SharedDevice | None
    row: Pin | None
    allowed: bool

    @transaction.atomic
    def note_wrong(self):
        """Events ``device.locked`` and ``pin.locked``, where this was the last try: by nobody, since nobody came in."""
        if self.device is not None:
            record_event(
                actor=None,
                verb="device.locked",
                subject=self.device,
                property_id=self.device.property_id,
                facts={"rests": self.device.rests},
            )
        if self.row is not None:
            record_event(
                actor=None,
                verb="pin.locked",
                subject=self.row.employee,
                property_id=self.row.employee.property_id,
                about_id=self.row.employee_id,
                facts={"rests": self.row.rests},
            )
