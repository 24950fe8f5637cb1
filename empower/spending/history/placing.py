"""Where and when a row happened, once its property is known; and what speaks against it. Asks no database."""

from dataclasses import dataclass
from datetime import datetime

from empower.staff.models import Property, Role
from empower.staff.permissions import acts_as_system

from .times import NoSuchTime, is_before


class Unfit(Exception):
    """The row can't be imported; the message says why."""


@dataclass(frozen=True)
class Place:
    """A row's property (not saved yet where ``is_new``) and its moments in UTC; ``resolved_at`` None while it is open."""

    property: Property
    is_new: bool
    occurred_at: datetime
    reported_at: datetime
    resolved_at: datetime | None


def placed(row, *, known, survey, now):
    """The `Place` of a row, or Unfit."""
    property = known.properties.get(row.property)
    is_new = property is None
    if is_new:
        currency = survey.currency_for(row.property)
        if currency is None:
            raise Unfit(f"property “{row.property}” is new, and no row names its currency")
        timezone = survey.timezones.get(row.property, "UTC")
        property = Property(code=row.property, name=row.property, currency=currency, timezone=timezone)
    if row.amount is not None and row.currency != property.currency:
        raise Unfit(f"currency: {property.code} spends in {property.currency}, not {row.currency}")
    _check_people(row, known)
    if not is_new:
        incident = known.incidents.get((property.pk, row.incident))
        if incident is not None and incident.status == "void":
            raise Unfit("incident: it was voided, nothing more can be put on it")
    return Place(property, is_new, *_moments(row, property.timezone, now))


def _check_people(row, known):
    employee, approver = known.employees.get(row.employee), known.employees.get(row.approved_by)
    if employee is not None and (employee.is_superuser or acts_as_system(employee)):
        raise Unfit(f"employee “{row.employee}” is kept for the house itself, and gives nothing")
    if approver is not None and (approver.is_superuser or approver.role in ("", Role.AUDITOR)):
        raise Unfit(f"approved_by: “{row.approved_by}” decides nothing")


def _moments(row, timezone, now):
    """When it occurred, was reported and was resolved. On one day, a day alone is as late as what it follows."""
    stamps = {"occurred_at": row.occurred, "reported_at": row.reported, "resolved_at": row.resolved}
    at = {}
    for name, stamp in stamps.items():
        try:
            at[name] = stamp and stamp.at(timezone)
        except NoSuchTime as reason:
            raise Unfit(f"{name} “{stamp.said}” {reason}") from None
        if at[name] is not None and at[name] > now:
            raise Unfit(f"{name} “{stamp.said}” is in the future")
    if row.reported and is_before(row.reported, row.occurred, timezone):
        raise Unfit("reported_at is before occurred_at: a report follows its incident")
    for name, stamp in (("reported_at", row.reported), ("occurred_at", row.occurred)):
        if row.resolved and stamp and is_before(row.resolved, stamp, timezone):
            raise Unfit(f"resolved_at is before {name}")
    occurred_at = at["occurred_at"]
    reported_at = max(at["reported_at"] or occurred_at, occurred_at)
    resolved_at = max(at["resolved_at"] or reported_at, reported_at) if row.resolved or row.outcome else None
    return occurred_at, reported_at, resolved_at
