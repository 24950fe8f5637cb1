"""What a token may be used for. A scope narrows what its person may do; it never adds to it."""

from .models import Role

INCIDENTS_READ, INCIDENTS_WRITE = "incidents:read", "incidents:write"
SPENDS_READ, SPENDS_WRITE = "spends:read", "spends:write"
APPROVALS_READ, APPROVALS_WRITE = "approvals:read", "approvals:write"
JOURNAL_READ, JOURNAL_WRITE = "journal:read", "journal:write"
REPORTS_READ = "reports:read"
AUDIT_READ = "audit:read"
REFERENCE_READ = "reference:read"

ALL = [
    INCIDENTS_READ,
    INCIDENTS_WRITE,
    SPENDS_READ,
    SPENDS_WRITE,
    APPROVALS_READ,
    APPROVALS_WRITE,
    JOURNAL_READ,
    JOURNAL_WRITE,
    REPORTS_READ,
    AUDIT_READ,
    REFERENCE_READ,
]

_READING = [scope for scope in ALL if scope.endswith(":read")]
# Frontline approves nothing, but replies to a question and may stand in for somebody; its books are its own acts.
_FRONTLINE = [scope for scope in ALL if scope not in (JOURNAL_READ, JOURNAL_WRITE)]

_OF_ROLE = {
    Role.FRONTLINE: _FRONTLINE,
    Role.MANAGER: ALL,
    Role.GENERAL_MANAGER: ALL,
    Role.LEADER: ALL,
    Role.AUDITOR: _READING,
}


def may_have(employee):
    """The scopes that this person's tokens may carry, in the order of `ALL`.

    The superuser sees no guest: the reference data, and their own lines of the log.
    """
    if not employee.is_active:
        return []
    if employee.is_superuser:
        return [AUDIT_READ, REFERENCE_READ]
    return list(_OF_ROLE.get(employee.role, []))
