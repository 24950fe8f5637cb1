from rest_framework import serializers

from empower.wire import Id, Moment


class GestureSerializer(serializers.Serializer):
    """``cost_ratio`` is what it costs the house for each unit that the guest sees, a decimal string: ``"0.3500"``."""

    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    account = serializers.CharField()
    paid_from = serializers.CharField()
    cost_ratio = serializers.SerializerMethodField()
    is_free = serializers.BooleanField()
    is_active = serializers.BooleanField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")

    def get_cost_ratio(self, gesture) -> str:
        whole, points = divmod(gesture.cost_ratio, 10_000)
        return f"{whole}.{points:04}"
