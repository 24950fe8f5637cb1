"""How incidents and guests are told. References go by their codes, ids are strings."""

from rest_framework import serializers

from empower.wire import CodeOf, Id, Moment, moment_text


class CategorySerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    parent = CodeOf()
    kind = serializers.CharField()
    is_active = serializers.BooleanField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class TouchpointSerializer(serializers.Serializer):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class GuestSerializer(serializers.Serializer):
    """``version`` is the moment of the last change: what If-Match names."""

    id = Id()
    property = CodeOf()
    kind = serializers.CharField()
    colleague = CodeOf()
    name = serializers.CharField()
    room = serializers.CharField()
    arrival = serializers.DateField(allow_null=True)
    departure = serializers.DateField(allow_null=True)
    merged_into = Id(source="merged_into_id", allow_null=True)
    recorded_at = Moment()
    erased_at = Moment(allow_null=True)
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")
    version = serializers.SerializerMethodField()

    def get_version(self, guest) -> str:
        return moment_text(guest.updated_at)


class IncidentGuestSerializer(serializers.Serializer):
    id = Id(source="guest_id")
    name = serializers.CharField(source="guest.name")
    room = serializers.CharField(source="guest.room")
    arrival = serializers.DateField(source="guest.arrival", allow_null=True)
    departure = serializers.DateField(source="guest.departure", allow_null=True)
    feeling_before = serializers.IntegerField(allow_null=True)
    feeling_after = serializers.IntegerField(allow_null=True)
    outcome = serializers.CharField()


class IncidentSerializer(serializers.Serializer):
    id = Id()
    kind = serializers.CharField()
    status = serializers.CharField()
    property = CodeOf()
    department = CodeOf()
    touchpoint = CodeOf()
    category = CodeOf()
    severity = serializers.IntegerField(allow_null=True)
    owner = CodeOf()
    narrative = serializers.CharField()
    guests = IncidentGuestSerializer(source="incident_guests.all", many=True)
    occurred_at = Moment()
    reported_at = Moment(allow_null=True)
    recorded_at = Moment()
    recorded_by = CodeOf()
    resolved_at = Moment(allow_null=True)
    outcome = serializers.CharField()
    void_reason = serializers.CharField()
    external_id = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class FollowUpSerializer(serializers.Serializer):
    id = Id()
    incident = Id(source="incident_id")
    guest = Id(source="guest_id", allow_null=True)
    employee = CodeOf()
    channel = serializers.CharField()
    contacted_at = Moment()
    recorded_at = Moment()
    note = serializers.CharField()


class PhotoSerializer(serializers.Serializer):
    """A photo without its picture, which stands at the photo's own address."""

    id = Id()
    incident = Id(source="incident_id", help_text="The id of the incident that it shows.")
    taken_by = CodeOf(help_text="The code of who showed it. Null where there is none.")
    recorded_at = Moment()
    width = serializers.IntegerField(help_text="How wide the picture is, in pixels.")
    height = serializers.IntegerField(help_text="How high the picture is, in pixels.")
    removed_at = Moment(allow_null=True, help_text="When it was taken down, in UTC. Null while it stands.")


class MadeIncident(serializers.Serializer):
    """An incident that was logged in a bulk: ids alone."""

    id = Id()
    version = serializers.IntegerField()
    guests = serializers.SerializerMethodField()

    def get_guests(self, incident) -> list[dict]:
        return [{"id": str(place.guest_id)} for place in incident.incident_guests.all()]
