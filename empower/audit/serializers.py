"""How a line of the audit log is told."""

from rest_framework import serializers

from empower.wire import Id, Moment


class AuditEventSerializer(serializers.Serializer):
    """``body`` is the canonical JSON as it is hashed, in a string, so that anybody can hash it again."""

    id = Id()
    at = Moment()
    verb = serializers.CharField()
    outcome = serializers.CharField()
    actor = Id(source="actor_id", allow_null=True)
    about = Id(source="about_id", allow_null=True)
    property = Id(source="property_id", allow_null=True)
    subject_type = serializers.CharField()
    subject = Id(source="subject_id", allow_null=True)
    position = serializers.SerializerMethodField()
    body = serializers.CharField()
    digest = serializers.CharField()

    def get_position(self, event) -> int | None:
        place = getattr(event, "position", None)
        return place and place.position
