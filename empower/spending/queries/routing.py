"""Who decides: the tier of a total, and the lowest role at or above it in which somebody can answer."""

from empower.staff.models import Employee, Role, rank


def tier_at(policy, total):
    """The role that decides at a cumulative total. Where no policy is in force, a general manager."""
    return policy.tier_for(total) if policy else Role.GENERAL_MANAGER


def deciders(*, property_id, tier, asker_id):
    """Active people whose role is at or above the tier here, the asker left out; leaders count everywhere. One query."""
    people = Employee.objects.deciding_for(property_id).exclude(pk=asker_id)
    return [person for person in people if person.rank >= rank(tier)]


def asked_role(*, property_id, tier, asker_id, above=None):
    """The lowest role at or above the tier (or strictly above ``above``) in which somebody can answer, or None."""
    least = rank(tier) if above is None else max(rank(tier), rank(above) + 1)
    roles = {person.role for person in deciders(property_id=property_id, tier=tier, asker_id=asker_id)}
    return next((role for role in Role.ladder() if rank(role) >= least and role in roles), None)
