from rest_framework import serializers

from empower.policies.serializers import tiers_told
from empower.wire import Amount, CodeOf, Id, Moment


class PolicyReference(serializers.Serializer):
    """Which version of which rule."""

    id = Id()
    code = serializers.CharField()
    version = serializers.IntegerField()


class StandingSerializer(serializers.Serializer):
    """What one may still give: a `queries.Standing`."""

    limit = Amount()
    own = Amount()
    approved = Amount()
    waiting = Amount()
    remaining = Amount()
    currency = serializers.CharField()
    scope = serializers.CharField()
    policy = PolicyReference(allow_null=True)
    tiers = serializers.SerializerMethodField()
    cap = Amount()
    cap_left = Amount()

    def get_tiers(self, standing) -> list[dict]:
        return tiers_told(standing.tiers, standing.currency)


class SimilarSerializer(serializers.Serializer):
    """A past case, a `queries.similar.SimilarIncident`: what was given, how it ended. No narrative and no names."""

    id = Id(source="incident.pk")
    kind = serializers.CharField(source="incident.kind")
    category = CodeOf("incident.category")
    department = CodeOf("incident.department")
    severity = serializers.IntegerField(source="incident.severity", allow_null=True)
    occurred_at = Moment(source="incident.occurred_at")
    resolved_at = Moment(source="incident.resolved_at", allow_null=True)
    gestures = serializers.SerializerMethodField()
    amount = Amount()
    cost = Amount()
    currency = serializers.CharField()
    outcome = serializers.CharField()

    def get_gestures(self, case) -> list[str]:
        return [gesture.code for gesture in case.gestures]
