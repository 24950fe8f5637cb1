"""Opening a property, writing the next version of a rule, naming a deputy."""


def open_property(*, actor, code, name, currency, timezone="UTC", limit=None):
    """Create a property with its default policy ``default-<code>``, in its currency, in force from now.

    ``limit`` in minor units overrides the shipped table of round figures. Event ``property.opened``.
    """
    raise NotImplementedError


def write_policy(
    *, actor, code, currency, limit, property=None, department=None, role="", scope="incident", manager_up_to=None,
    general_manager_up_to=None, cap=None, second_failure_limit=None, answer_within_minutes=15,
    expires_after_minutes=1440, budget_asks=False, effective_from=None, effective_until=None,
):  # fmt: skip
    """The next version of the rule named ``code`` (version 1 if new). Never begins in the past. Event ``policy.written``.

    Missing tiers default to 2.5 and 12.5 times the limit. ValidationError names the field.
    """
    raise NotImplementedError


def withdraw_policy(*, actor, policy, effective_from=None):
    """End a rule by writing a withdrawn version of it: what is more general applies from then on."""
    raise NotImplementedError


def name_deputy(*, actor, absent, stands_in, begins_at, ends_at):
    """``stands_in`` answers in the place of ``absent`` for a while. Event ``deputy.named``."""
    raise NotImplementedError


def revoke_deputy(*, actor, deputy):
    """End it now. Event ``deputy.revoked``."""
    raise NotImplementedError
