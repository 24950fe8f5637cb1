"""The rules that history is replayed under: one that is tried, or for each act the one that was in force."""

from dataclasses import dataclass

from empower.policies.models import Scope
from empower.staff.models import Role


@dataclass(frozen=True)
class Terms:
    """By what one act is judged, in minor units. ``limit`` None: there was no rule, and nothing to be above.

    Up to the tiers' cumulative totals a manager and a general manager decide, above them a leader; where there are none
    (no policy was in force) a leader decides.
    """

    limit: int | None
    scope: str = Scope.INCIDENT.value
    cap: int | None = None
    manager_up_to: int | None = None
    general_manager_up_to: int | None = None

    def tier_for(self, total):
        """The role that decides at this cumulative total."""
        if self.manager_up_to is None or total > self.general_manager_up_to:
            return Role.LEADER.value
        return (Role.MANAGER if total <= self.manager_up_to else Role.GENERAL_MANAGER).value


@dataclass(frozen=True)
class Variant(Terms):
    """A rule that is tried: the same for every act that is asked about."""

    answer_within_minutes: int = 15

    #: Whether what lies before the period is judged by it too, or stands as it was.
    judges_what_was_before = True

    @property
    def kinds(self):
        """The scopes over which its limits are summed."""
        return (self.scope,)

    @property
    def has_cap(self):
        return self.cap is not None

    def terms_of(self, act):
        return self


class InForce:
    """The rule that each act was really judged by: what the spend kept. ``policies``: the `Terms` that there were."""

    judges_what_was_before = False

    def __init__(self, policies):
        #: A rule of another scope starts no new count: what was given counts in both (`spending.queries.sums_in`).
        self.kinds = tuple({Terms.scope, *(one.scope for one in policies)})
        self.has_cap = any(one.cap is not None for one in policies)

    def terms_of(self, act):
        return act.terms
