"""People, places, tokens, and the keys under which a write is done once."""


def create_property(*, actor, code, name, currency, timezone="UTC"):
    """A property alone. Doors call `policies.services.open_property`, which also makes its default policy."""
    raise NotImplementedError


def create_department(*, actor, property, code, name):
    """Event ``department.created``."""
    raise NotImplementedError


def hire_employee(
    *, actor, username, code, name, role, property=None, department=None, password=None, email="", joined_on=None,
    is_superuser=False,
):  # fmt: skip
    """A person who may act. Without a password they can't sign in (imported people). Event ``employee.hired``."""
    raise NotImplementedError


def system_employee():
    """The person that `system` acts as where a row needs one: inactive, no role, can't sign in. Made when missing."""
    raise NotImplementedError


def issue_token(*, actor, employee, name, scopes=None, expires_at=None):
    """(ApiToken, secret). The secret is shown once; only its digest is kept. Event ``token.issued``."""
    raise NotImplementedError


def revoke_token(*, actor, token):
    """Event ``token.revoked``."""
    raise NotImplementedError


def find_token(*, secret):
    """The living ApiToken (with its active employee) for a secret, or None. Constant-time compare; one query."""
    raise NotImplementedError


def run_once(*, employee, key, fingerprint, do):
    """Do a write once for a person and key; a retry gets the first answer. Returns ``(status, answer, replayed)``.

    ``do()`` returns ``(status, answer, object_type, object_id)`` and runs in the same transaction as the key's row.
    The same key with another fingerprint: Refused code ``key_reused``, status 422. A second one that meets the first under way waits,
    after 5 s Refused code ``in_progress`` (409). What was refused is not kept.
    """
    raise NotImplementedError
