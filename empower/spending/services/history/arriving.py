"""One row of a history file on its way in: what it names and is missing, its incident, its trace."""

import re
import secrets
from hashlib import sha256

from empower import clock
from empower.audit.services import record_event
from empower.incidents.models import (
    Category,
    CauseKind,
    Incident,
    IncidentGuest,
    IncidentKind,
    IncidentStatus,
    Outcome,
    Resolution,
)
from empower.incidents.services import create_guest
from empower.incidents.services.recording import state_of
from empower.policies.services import open_property
from empower.staff.models import Employee, Role
from empower.staff.services import change_employee, create_department, hire_employee

from ...history.summary import Summary
from ...models import HistoryRow
from ..catalogue import create_gesture
from .paying import give, take_credit


def write_row(*, row, place, known, survey):
    """Writes a `Row` that is fit and not in yet, at its `Place`; what it makes becomes known. A `Summary` of it alone.

    Inside a transaction of the caller's, who forgets what is known when it is undone.
    """
    arrival = Arrival(row, place, known, survey)
    arrival.write()
    return arrival.told


class Arrival:
    """A row, its place, and what it names: what `paying` wants to know of it. ``told`` is its part of the summary."""

    def __init__(self, row, place, known, survey):
        self.row = row
        self.place = place
        self.known = known
        self.survey = survey
        self.told = Summary()
        self.salt = secrets.token_hex(16)
        self.property = self.department = self.employee = self.guest = self.incident = None

    def write(self):
        row = self.row
        self.property = self._open_property() if self.place.is_new else self.place.property
        if row.timezone and row.timezone != self.property.timezone:
            self.told.other_timezones += 1
        self.department = self._department()
        self.employee = self.person(row.employee)
        self.guest = self._guest()
        self.incident = self.known.incidents.get((self.property.pk, row.incident))
        self.logged = self.incident is None
        if self.logged:
            self._log_incident()
        else:
            self._compare()
        self._join_guest()
        if row.amount is None:
            self.record("incident.imported", self.keep(), subject=self.incident)
            return
        self.told.sums[row.currency] += row.amount
        (take_credit if row.amount < 0 else give)(self)

    # --- what the row names ---------------------------------------------------------------------------------------

    def _open_property(self):
        draft = self.place.property
        property = open_property(
            actor=None, code=draft.code, name=draft.name, currency=draft.currency, timezone=draft.timezone
        )
        if draft.code not in self.survey.timezones:
            self.told.in_utc.append(draft.code)
        self.told.opened.append(draft.code)
        self.known.properties[draft.code] = property
        return property

    def _department(self):
        code = self.row.department
        key = self.property.pk, code
        if code and key not in self.known.departments:
            self.told.made["departments"] += 1
            self.known.departments[key] = create_department(actor=None, property=self.property, code=code, name=code)
        return self.known.departments.get(key)

    def person(self, code):
        """The employee of this code, hired when nobody has it; None for an empty one."""
        if code and code not in self.known.employees:
            approves = code in self.survey.approvers
            username = code
            while Employee.objects.filter(username=Employee.normalize_username(username)).exists():
                username = f"{code}-{secrets.token_hex(3)}"
            employee = hire_employee(
                actor=None,
                username=username,
                code=code,
                name=code,
                role=Role.MANAGER if approves else Role.FRONTLINE,
                property=self.property,
            )
            if approves:
                # Or a request of today would wait for an answer of somebody who can't sign in.
                employee = change_employee(actor=None, employee=employee, is_active=False)
            self.told.hired.append(code)
            self.known.employees[code] = employee
        return self.known.employees.get(code)

    def _guest(self):
        name = self.row.guest
        key = self.property.pk, name
        if name and key not in self.known.guests:
            self.told.made["guests"] += 1
            self.known.guests[key] = create_guest(actor=None, property=self.property, name=name)
        return self.known.guests.get(key)

    def _category(self):
        code = self.row.category
        if code and code not in self.known.categories:
            category = Category.objects.create(code=code, name=code, kind=CauseKind.VARIATION)
            record_event(actor=None, verb="category.created", subject=category)
            self.told.made["categories"] += 1
            self.known.categories[code] = category
        return self.known.categories.get(code)

    def gesture(self):
        """The gesture that the row names, added to the catalogue when it is not in it."""
        code = self.row.gesture or "other"
        if code not in self.known.gestures:
            self.told.made["gestures"] += 1
            self.known.gestures[code] = create_gesture(actor=None, code=code, name=code, account=_account_of(code))
        return self.known.gestures[code]

    # --- its incident ---------------------------------------------------------------------------------------------

    def _log_incident(self):
        row, place = self.row, self.place
        is_resolved = place.resolved_at is not None
        self.incident = Incident.objects.create(
            kind=row.kind or IncidentKind.RECOVERY,
            status=IncidentStatus.RESOLVED if is_resolved else IncidentStatus.OPEN,
            property=self.property,
            department=self.department,
            category=self._category(),
            owner=self.employee,
            narrative=row.narrative,
            occurred_at=place.occurred_at,
            reported_at=place.reported_at,
            recorded_at=clock.now(),
            resolved_at=place.resolved_at,
            outcome=(row.outcome or Outcome.UNKNOWN) if is_resolved else "",
            external_id=row.incident,
        )
        if is_resolved:
            Resolution.objects.create(
                incident=self.incident, resolved_at=place.resolved_at, outcome=self.incident.outcome
            )
        self.known.incidents[self.property.pk, row.incident] = self.incident
        self.known.guests_on[self.incident.pk] = {}

    def _compare(self):
        """Count what the row says otherwise than the incident has it; the incident stands. An empty cell says nothing."""
        row, place, incident = self.row, self.place, self.incident
        there = self._there() or incident
        pairs = [
            (place.occurred_at, incident.occurred_at),
            (row.reported and place.reported_at, incident.reported_at),
            (row.resolved and place.resolved_at, incident.resolved_at),
            (row.department, incident.department and incident.department.code),
            (row.kind, incident.kind),
            (row.category, incident.category and incident.category.code),
            (row.narrative, incident.narrative),
        ]
        if self.guest is None or there is not incident:
            pairs += [(row.outcome, there.outcome)]
        if there is not incident:
            pairs += [(row.feeling_before, there.feeling_before), (row.feeling_after, there.feeling_after)]
        self.told.differing_facts += sum(said not in ("", None) and said != stands for said, stands in pairs)

    def _there(self):
        return self.guest and self.known.guests_on[self.incident.pk].get(self.guest.pk)

    def _join_guest(self):
        """Put the guest on the incident, with the feelings and the outcome of the guest's first row."""
        if self.guest is None or self._there():
            return
        row, incident = self.row, self.incident
        outcome = row.outcome or (Outcome.UNKNOWN if self.logged and incident.outcome else "")
        self.known.guests_on[incident.pk][self.guest.pk] = IncidentGuest.objects.create(
            incident=incident,
            guest=self.guest,
            feeling_before=row.feeling_before,
            feeling_after=row.feeling_after,
            outcome=outcome,
        )
        if self.logged:
            return
        incident.outcome = Outcome.worst([incident.outcome, outcome]) if incident.status == "resolved" else ""
        incident.version += 1
        incident.save(update_fields=["outcome", "version", "updated_at"])

    # --- its traces -----------------------------------------------------------------------------------------------

    def keep(self, **made):
        row = self.row
        kept = HistoryRow.objects.create(
            property=self.property,
            external_id=row.external_id,
            salt=self.salt,
            digest=row.digest(self.salt),
            incident=self.incident,
            amount=row.amount,
            currency="" if row.amount is None else row.currency,
            recorded_at=clock.now(),
            **made,
        )
        self.known.rows[self.property.pk, row.external_id] = kept
        return kept

    def record(self, verb, kept, *, subject=None, after=None):
        """The row's one event: ids, integers and the salted digest; what it says of people is in the rows alone."""
        incident = state_of(self.incident, self.known.guests_on[self.incident.pk].values())
        record_event(
            actor=None,
            verb=verb,
            subject=subject or kept,
            property_id=self.property.pk,
            about_id=self.employee and self.employee.pk,
            after=(after or {}) | {"incident": {"id": self.incident.pk} | incident},
            facts={
                "row": kept.pk,
                "digest": kept.digest,
                "amount": kept.amount,
                "is_new": self.logged,
                "guest": self.guest and self.guest.pk,
                "differing_facts": self.told.differing_facts,
            },
        )


def _account_of(code):
    """An account's name that hledger and beancount read: small letters, digits, underscores."""
    name = re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")
    return name[:64] or f"gesture_{sha256(code.encode()).hexdigest()[:8]}"
