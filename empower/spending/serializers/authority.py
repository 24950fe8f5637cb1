from rest_framework import serializers

from empower.staff.serializers import code_of
from empower.wire import amount_text, moment_text


class StandingSerializer(serializers.Serializer):
    """What one may still give: a `queries.Standing`, its sums as decimal strings of its currency."""

    def to_representation(self, standing):
        def told(minor):
            return amount_text(minor, standing.currency)

        return {
            "limit": told(standing.limit),
            "own": told(standing.own),
            "approved": told(standing.approved),
            "waiting": told(standing.waiting),
            "remaining": told(standing.remaining),
            "currency": standing.currency,
            "scope": str(standing.scope),
            "policy": policy_reference(standing.policy),
            "tiers": [{"role": str(role), "up_to": told(up_to)} for role, up_to in standing.tiers],
            "cap": told(standing.cap),
            "cap_left": told(standing.cap_left),
        }


def policy_reference(policy):
    """Which rule it was: an object with its id, code and version, or None."""
    return policy and {"id": str(policy.pk), "code": policy.code, "version": policy.version}


def told_similar(case):
    """A past case, a `queries.similar.SimilarIncident`: what was given, how it ended. No narrative and no names."""
    incident = case.incident
    return {
        "id": str(incident.pk),
        "kind": incident.kind,
        "category": code_of(incident.category),
        "department": code_of(incident.department),
        "severity": incident.severity,
        "occurred_at": moment_text(incident.occurred_at),
        "resolved_at": moment_text(incident.resolved_at),
        "gestures": [gesture.code for gesture in case.gestures],
        "amount": amount_text(case.amount, case.currency),
        "cost": amount_text(case.cost, case.currency),
        "currency": case.currency,
        "outcome": case.outcome,
    }
