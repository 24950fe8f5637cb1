"""What a token may be used for. A scope narrows what its person may do; it never adds to it."""

from django.utils.translation import gettext_lazy as _

from .models import Role

INCIDENTS_READ, INCIDENTS_WRITE = "incidents:read", "incidents:write"
SPENDS_READ, SPENDS_WRITE = "spends:read", "spends:write"
APPROVALS_READ, APPROVALS_WRITE = "approvals:read", "approvals:write"
JOURNAL_READ, JOURNAL_WRITE = "journal:read", "journal:write"
REPORTS_READ, REPORTS_WRITE = "reports:read", "reports:write"
AUDIT_READ = "audit:read"
REFERENCE_READ = "reference:read"
RECOGNITION_READ, RECOGNITION_WRITE = "recognition:read", "recognition:write"
TOKENS_READ, TOKENS_WRITE = "tokens:read", "tokens:write"
WEBHOOKS_READ, WEBHOOKS_WRITE = "webhooks:read", "webhooks:write"

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
    REPORTS_WRITE,
    AUDIT_READ,
    REFERENCE_READ,
    RECOGNITION_READ,
    RECOGNITION_WRITE,
    TOKENS_READ,
    TOKENS_WRITE,
    WEBHOOKS_READ,
    WEBHOOKS_WRITE,
]

#: What each opens, said to the person who ticks it.
SAYS = {
    INCIDENTS_READ: _("Read incidents and guests, their names and rooms too."),
    INCIDENTS_WRITE: _("Write down, change, resolve, reopen and void incidents; change, merge and erase guests."),
    SPENDS_READ: _("Read what was given, to whom and for what."),
    SPENDS_WRITE: _("Give in this name, take back, and mark as handed over."),
    APPROVALS_READ: _("Read the requests that wait or were answered."),
    APPROVALS_WRITE: _("Answer requests, and reply to a question."),
    JOURNAL_READ: _("Read the journal and its balances."),
    JOURNAL_WRITE: _("Set budgets aside and withdraw them."),
    REPORTS_READ: _("Read the reports, and the trials of other rules."),
    REPORTS_WRITE: _("Try another rule on history, keep and share the answer; report occupied rooms."),
    AUDIT_READ: _("Read the audit log, as far as it is open to this person."),
    REFERENCE_READ: _("Read properties, people, causes, gestures and policies."),
    RECOGNITION_READ: _("Read stories, thanks and improvements."),
    RECOGNITION_WRITE: _("Nominate stories, write thanks, and work on improvements."),
    TOKENS_READ: _("List one's own tokens; their secrets are shown to nobody."),
    TOKENS_WRITE: _("Make further tokens that may do no more than this one, and take tokens back."),
    WEBHOOKS_READ: _("Read which addresses are told what happens, and what was sent to them."),
    WEBHOOKS_WRITE: _("Have further addresses told what happens, change them, and send again."),
}

# Webhooks are set up by leaders, general managers and the superuser.
_WEBHOOKS = (WEBHOOKS_READ, WEBHOOKS_WRITE)
_MANAGER = [scope for scope in ALL if scope not in _WEBHOOKS]
# An auditor changes nothing; a trial of another rule writes its own record alone.
_READING = [scope for scope in _MANAGER if scope.endswith(":read") or scope == REPORTS_WRITE]
# Frontline approves nothing, but replies to a question and may stand in for somebody; its books are its own acts.
_FRONTLINE = [scope for scope in _MANAGER if scope not in (JOURNAL_READ, JOURNAL_WRITE, REPORTS_WRITE)]

_OF_ROLE = {
    Role.FRONTLINE: _FRONTLINE,
    Role.MANAGER: _MANAGER,
    Role.GENERAL_MANAGER: ALL,
    Role.LEADER: ALL,
    Role.AUDITOR: _READING,
}

# A service account's tokens are made by the superuser alone; it thanks and nominates nobody.
_NO_SERVICE = (TOKENS_WRITE, RECOGNITION_WRITE)


def may_have(employee):
    """The scopes that this person's tokens may carry, in the order of `ALL`.

    The superuser sees no guest: the reference data, their own lines of the log, and webhooks.
    """
    if not employee.is_active:
        return []
    if employee.is_superuser:
        return [AUDIT_READ, REFERENCE_READ, *_WEBHOOKS]
    of_role = _OF_ROLE.get(employee.role, [])
    return [scope for scope in of_role if not (employee.is_service and scope in _NO_SERVICE)]
