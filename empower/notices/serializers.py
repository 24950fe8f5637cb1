"""How webhooks and deliveries are told, and what a request may say of them."""

import json

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.staff.models import Property
from empower.wire import Code, CodeOf, Id, Moment, OrNull, Strict, Text

from .event_types import EVENT_TYPES

_TYPES = "`*` for all, or some of: " + ", ".join(f"`{name}`" for name in EVENT_TYPES) + "."


class WebhookSerializer(serializers.Serializer):
    """An address that is told what happens. Its secret is told once, to whoever made it."""

    id = Id(help_text="The webhook's id.")
    url = serializers.CharField(help_text="Where messages are posted to.")
    description = serializers.CharField(help_text="What it is for, in its maker's words; may be empty.")
    event_types = serializers.ListField(child=serializers.CharField(), help_text=f"What it is told of: {_TYPES}")
    property = CodeOf(help_text="The code of the property whose events it is told; null: of all properties.")
    is_active = serializers.BooleanField(help_text="Whether it is sent anything.")
    failing_since = Moment(
        allow_null=True, help_text="When a message was given up and none has arrived since; null while all is well."
    )
    gone_at = Moment(
        allow_null=True, help_text="When it answered 410 Gone, which made it inactive; null where it did not."
    )
    retired_at = Moment(allow_null=True, help_text="When it was retired, for good; null where it was not.")
    secret_version = serializers.IntegerField(
        source="secret_number", help_text="The number of its secret: each rotation adds one."
    )
    old_secret_until = Moment(
        allow_null=True, help_text="Until when the secret before this one signs too; null where there was none."
    )
    created_at = Moment(help_text="When it was made, in UTC. It is told of what happened since.")
    created_by = CodeOf(help_text="The code of who made it; null for the system.")
    updated_at = Moment(help_text="When it was last written, in UTC.")
    version = serializers.IntegerField(help_text="Grows with every change; what `If-Match` names.")


class WebhookWithSecretSerializer(WebhookSerializer):
    """With the secret that was just made. A retry with the same key tells it again for an hour; after that it is null."""

    # Put in once the answer was kept for retries: the secret must lie in no table.
    secret = serializers.SerializerMethodField(
        help_text="`whsec_` and base64: what signatures are verified with. Shown this once."
    )

    def get_secret(self, webhook) -> str | None:
        return None


class AttemptSerializer(serializers.Serializer):
    """One time that a message was sent."""

    began_at = Moment(help_text="When, in UTC.")
    milliseconds = serializers.IntegerField(help_text="How long it took until the answer, or until it was given up.")
    status = serializers.IntegerField(allow_null=True, help_text="The HTTP status of the answer; null: there was none.")
    reason = OrNull(
        help_text="Why it did not arrive: `timeout`, `connection`, `tls`, `host_not_found`, `private_address`, "
        "`url_refused`, `protocol`, `redirect`, `gone`, `http_error` or `secret_lost`; null where it arrived."
    )


class DeliverySerializer(serializers.Serializer):
    """A message to one webhook, and how it went."""

    id = Id(help_text="The delivery's id.")
    webhook = Id(source="webhook_id", help_text="The webhook's id.")
    message_id = serializers.CharField(help_text="What is sent as `webhook-id`: the same each time it is sent.")
    type = serializers.CharField(source="event_type", help_text="The type of the event.")
    event = Id(source="event_id", allow_null=True, help_text="The id of the event in the audit log; null for a ping.")
    status = serializers.CharField(help_text="`waiting`, `delivered` or `given_up`.")
    tries = serializers.IntegerField(help_text="How often it was sent since it was last put in line.")
    due_at = Moment(allow_null=True, help_text="When it is sent next; null where it is not.")
    last_status = serializers.IntegerField(
        allow_null=True, help_text="The HTTP status of the last answer; null where there was none."
    )
    last_reason = OrNull(help_text="Why it did not arrive the last time; null where it did, or was not sent yet.")
    delivered_at = Moment(allow_null=True, help_text="When it arrived; null where it has not.")
    created_at = Moment(help_text="When it was put in line, in UTC.")
    updated_at = Moment(help_text="When it was last written, in UTC.")


class WholeDeliverySerializer(DeliverySerializer):
    """With what is sent, and each attempt."""

    payload = serializers.SerializerMethodField(help_text="The body that is sent: `type`, `timestamp` and `data`.")
    attempts = AttemptSerializer(many=True, help_text="Each time that it was sent, first to last.")

    def get_payload(self, delivery) -> dict:
        return json.loads(delivery.payload)


class WebhookFacts(Strict):
    """What can be said of a webhook, and changed later."""

    url = Text(
        max_length=2000,
        help_text="Where to post: `https://`, no credentials in it, and no private or local address unless the "
        "operator allows it.",
    )
    event_types = serializers.ListField(child=Text(max_length=64), max_length=100, help_text=_TYPES)
    description = Text(required=False, max_length=200, help_text="What it is for, in your words.")


class NewWebhook(WebhookFacts):
    """A webhook to make."""

    property = Code(
        required=False,
        allow_null=True,
        help_text="The code of the property whose events are told; null: of all. Left out: your own, all for who has "
        "none. A general manager names no other than their own.",
    )

    def validate(self, facts):
        user = self.context["request"].user
        code = facts.pop("property", user.property.code if user.property_id else None)
        facts["property"] = None if code is None else Property.objects.filter(code=code).first()
        if code is not None and facts["property"] is None:
            raise exceptions.ValidationError(
                {"property": [exceptions.ErrorDetail(_("No such code."), "does_not_exist")]}
            )
        return facts


class WebhookChange(WebhookFacts):
    """Changes only what is named."""

    is_active = serializers.BooleanField(
        required=False, help_text="False: nothing is sent, and nothing new is kept for it; what waits is kept."
    )
