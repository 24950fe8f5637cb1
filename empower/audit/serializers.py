"""How a line of the audit log is told, a checkpoint, and a proof. Hashes are in hex, as the events' digests are."""

from rest_framework import serializers

from empower.wire import Id, Moment

from .proof import keys, notes


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


class Hash(serializers.CharField):
    """32 bytes as 64 hexadecimal digits."""

    def to_representation(self, value):
        return value.hex()


class CheckpointSerializer(serializers.Serializer):
    id = Id(help_text="The checkpoint's number.")
    sealed_at = Moment(help_text="When it was signed, by the server's clock. The note does not say it.")
    size = serializers.IntegerField(help_text="How many events it covers: positions 0 to size - 1.")
    root = serializers.CharField(help_text="The RFC 9162 root over them, in hex.")
    note = serializers.CharField(help_text="The signed C2SP checkpoint, to keep as it is: this is what counts.")
    public_key = serializers.SerializerMethodField(
        help_text="The key it is signed with (name+hash+base64), where this house trusts it. Compare it with the one "
        "that you were given another way."
    )

    def get_public_key(self, row) -> str | None:
        if "trusted" not in self.context:
            self.context["trusted"] = keys.trusted_keys()
        try:
            return str(notes.checkpoint_of(row.note).refuse_unless_signed(self.context["trusted"]))
        except notes.Untrue:
            return None


class InclusionProofSerializer(serializers.Serializer):
    event = Id(source="event.pk", help_text="The event that is proven to be in the log.")
    position = serializers.IntegerField(help_text="Where it stands in the log: its index in the tree, from 0.")
    leaf_hash = Hash(help_text="SHA-256 of the byte 0 and the event's body, in hex.")
    size = serializers.IntegerField(help_text="How many events the tree covers.")
    hashes = serializers.ListField(
        child=Hash(help_text="A hash, in hex."),
        help_text="The audit path of RFC 9162, 2.1.3, from the leaf up, in hex.",
    )
    checkpoint = CheckpointSerializer(help_text="The signed statement whose root the path leads to.")


class ConsistencyProofSerializer(serializers.Serializer):
    from_size = serializers.IntegerField(help_text="How many events the earlier log has.")
    to_size = serializers.IntegerField(help_text="How many events the later log has.")
    from_root = Hash(help_text="The root over the earlier log, in hex.")
    to_root = Hash(help_text="The root over the later log, in hex.")
    hashes = serializers.ListField(
        child=Hash(help_text="A hash, in hex."), help_text="The consistency proof of RFC 9162, 2.1.4, in hex."
    )
    checkpoint = CheckpointSerializer(
        allow_null=True, help_text="The signed statement of the later log; null where none has just this size."
    )
