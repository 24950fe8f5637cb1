"""What is asked: what one may still give, who decides above that, and what similar cases got."""

from .routing import asked_role, deciders, tier_at
from .similar import SimilarIncident, gestures_that_worked, similar_incidents
from .standing import ScopeRead, Standing, guest_on, limit_for, records_of, scope_of, standing, standing_in, sums_in

__all__ = [
    "ScopeRead",
    "SimilarIncident",
    "Standing",
    "asked_role",
    "deciders",
    "gestures_that_worked",
    "guest_on",
    "limit_for",
    "records_of",
    "scope_of",
    "similar_incidents",
    "standing",
    "standing_in",
    "sums_in",
    "tier_at",
]
