"""What is asked of every incident and guest before it is written: each refusal names its field, and what is right.

Values are looked at by hand, not by `full_clean`: that one asks the database about each foreign key and constraint, and
this is on the path of the first minute.
"""

from django.utils.translation import gettext_lazy as _

from empower.clock import as_day, as_utc
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Department, Employee
from empower.staff.permissions import acts_as_system, acts_at
from empower.texts import as_sent, malformed

from ..models import Category, Touchpoint

LONGEST_NARRATIVE = 100_000
LONGEST_REASON = 5_000
HIGHEST_FEELING = 10


def require(may, actor, subject, code, message):
    """NotPermitted ``code`` unless the predicate ``may(actor, subject)`` holds, or the system itself acts."""
    if not acts_as_system(actor) and not may(actor, subject):
        raise NotPermitted(code, message)


def require_version(row, version):
    """NotPossible ``stale`` when what the caller read has been changed since. None asks nothing."""
    if version is not None and version != row.version:
        raise NotPossible(
            "stale",
            _("This has been changed since you read it: read it again."),
            field="version",
            state={"version": row.version},
        )


def one_of(value, field, choices):
    if value not in choices.values:
        raise malformed(field, _("One of: %(choices)s."), code="invalid_choice", choices=", ".join(choices.values))
    return value


def severity(value):
    if type(value) is not int or not 1 <= value <= 5:
        raise malformed("severity", _("A whole number from 1 to 5."))
    return value


def feeling(value, field):
    """None is "nobody asked"."""
    if value is not None and (type(value) is not int or not 0 <= value <= HIGHEST_FEELING):
        raise malformed(field, _("A whole number from 0 to 10."))
    return value


def narrative(value):
    return as_sent(value, "narrative", longest=LONGEST_NARRATIVE)


def row(value, model, field):
    """A stored row of the model: else a foreign key would be saved as nobody's, or not at all."""
    if not isinstance(value, model) or value.pk is None:
        raise malformed(field, _("Choose one that is there."))
    return value


def department(value, property_id):
    if value is not None and row(value, Department, "department").property_id != property_id:
        raise malformed("department", _("This department belongs to another property."))
    return value


def active(value, field):
    if value is not None and not row(value, {"category": Category, "touchpoint": Touchpoint}[field], field).is_active:
        raise malformed(field, _("“%(named)s” is no longer in use."), code="inactive", named=value.code)
    return value


def owner(value, property_id):
    if value is not None and not acts_at(row(value, Employee, "owner"), property_id) and not acts_as_system(value):
        raise malformed("owner", _("The owner is an active colleague of the property."))
    return value


def moments(occurred_at, reported_at, now):
    """It occurs, then it is reported, then it is now. Both in UTC; ValidationError names the one out of order."""
    reported_at, occurred_at = as_utc(reported_at, "reported_at"), as_utc(occurred_at, "occurred_at")
    if reported_at > now:
        raise malformed("reported_at", _("Not later than now, %(now)s."), now=_said(now))
    if occurred_at > reported_at:
        raise malformed("occurred_at", _("Not later than it was reported, %(reported)s."), reported=_said(reported_at))
    return occurred_at, reported_at


def day(value, field):
    return None if value is None else as_day(value, field)


def reason(value, field="reason", *, required=True):
    return as_sent(value, field, longest=LONGEST_REASON, required=required)


def _said(at):
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
