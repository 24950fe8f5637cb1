"""How a rule is told: its sums as decimal strings of its currency."""

from rest_framework import serializers

from empower.wire import Amount, CodeOf, Id, Moment, OrNull


class TierSerializer(serializers.Serializer):
    role = serializers.CharField()
    up_to = Amount()


class PolicySerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    version = serializers.IntegerField()
    property = CodeOf()
    department = CodeOf()
    role = OrNull()
    currency = serializers.CharField()
    scope = serializers.CharField()
    limit = Amount()
    tiers = serializers.SerializerMethodField()
    cap = Amount()
    second_failure_limit = Amount()
    answer_within_minutes = serializers.IntegerField()
    expires_after_minutes = serializers.IntegerField(allow_null=True)
    budget_asks = serializers.BooleanField()
    effective_from = Moment()
    effective_until = Moment(allow_null=True)
    is_withdrawn = serializers.BooleanField()
    recorded_at = Moment()

    def get_tiers(self, policy) -> list[dict]:
        return tiers_told(policy.tiers, policy.currency)


def tiers_told(tiers, currency):
    """``[(role, up to in minor units or None)]`` as the API says it."""
    rows = [{"role": str(role), "up_to": up_to, "currency": currency} for role, up_to in tiers]
    return TierSerializer(rows, many=True).data
