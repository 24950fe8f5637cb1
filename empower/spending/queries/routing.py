"""Who decides: the tier of a total, and the lowest role at or above it in which somebody can answer."""

from empower.staff.models import Employee, Role, rank


def tier_at(policy, total):
    """The role that decides at a cumulative total. Where no policy is in force, a leader."""
    return policy.tier_for(total) if policy else Role.LEADER


def deciders(*, property_id, tier, not_ids):
    """Active people whose role is at or above the tier here, but for ``not_ids`` (the asker, the recipient). One query.

    Leaders count everywhere.
    """
    people = Employee.objects.deciding_for(property_id).exclude(pk__in=[pk for pk in not_ids if pk])
    return [person for person in people if person.rank >= rank(tier)]


def asked_role(*, property_id, tier, not_ids, above=None):
    """The lowest role at or above the tier (or strictly above ``above``) in which somebody can answer, or None."""
    least = rank(tier) if above is None else max(rank(tier), rank(above) + 1)
    roles = {person.role for person in deciders(property_id=property_id, tier=tier, not_ids=not_ids)}
    return next((role for role in Role.ladder() if rank(role) >= least and role in roles), None)
