"""How a rule is told: its sums as decimal strings of its currency."""

from rest_framework import serializers

from empower.staff.serializers import code_of
from empower.wire import amount_text, moment_text


class PolicySerializer(serializers.Serializer):
    def to_representation(self, policy):
        def sum_of(minor):
            return amount_text(minor, policy.currency)

        return {
            "id": str(policy.pk),
            "code": policy.code,
            "version": policy.version,
            "property": code_of(policy.property),
            "department": code_of(policy.department),
            "role": policy.role or None,
            "currency": policy.currency,
            "scope": policy.scope,
            "limit": sum_of(policy.limit),
            "tiers": [{"role": str(role), "up_to": sum_of(up_to)} for role, up_to in policy.tiers],
            "cap": sum_of(policy.cap),
            "second_failure_limit": sum_of(policy.second_failure_limit),
            "answer_within_minutes": policy.answer_within_minutes,
            "expires_after_minutes": policy.expires_after_minutes,
            "budget_asks": policy.budget_asks,
            "effective_from": moment_text(policy.effective_from),
            "effective_until": moment_text(policy.effective_until),
            "is_withdrawn": policy.is_withdrawn,
            "recorded_at": moment_text(policy.recorded_at),
        }
