from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.wire import Amount, AmountAsSent, CodeOf, Id, Moment, OrNull, Strict, Text

from .spends import read_part


class ApprovalSerializer(serializers.Serializer):
    """A request and its answer. ``total`` is the cumulative total that chose the tier."""

    id = Id()
    status = serializers.CharField()
    spend = Id(source="spend_id")
    incident = Id(source="spend.incident_id")
    guest = Id(source="spend.guest_id")
    employee = CodeOf()
    property = CodeOf()
    gesture = CodeOf("spend.gesture")
    amount = Amount(source="spend.amount", currency="spend.currency")
    asked_amount = Amount(source="spend.asked_amount", currency="spend.currency")
    cost = Amount(source="spend.cost", currency="spend.currency")
    currency = serializers.CharField(source="spend.currency")
    spend_reason = serializers.CharField(source="spend.reason")
    spend_status = serializers.CharField(source="spend.status")
    tier = OrNull()
    asked_role = OrNull()
    with_deputy = serializers.BooleanField()
    total = Amount(currency="spend.currency")
    left_when_asked = Amount(currency="spend.currency")
    requested_at = Moment()
    due_at = Moment(allow_null=True)
    expires_at = Moment(allow_null=True)
    question = serializers.CharField()
    question_by = CodeOf()
    question_asked_at = Moment(allow_null=True)
    reply = serializers.CharField()
    replied_at = Moment(allow_null=True)
    named = CodeOf()
    decided_by = CodeOf()
    decided_for = CodeOf()
    decided_at = Moment(allow_null=True)
    decided_amount = Amount(currency="spend.currency")
    reason = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")


class Decision(Strict):
    """``version`` is the one that was shown: the decision stands only on that."""

    reason = Text()
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)


class Confirmation(Decision):
    """Whether the verbal yes was given."""


class Yes(Decision):
    """``amount`` gives less than was asked. The spend comes with the context."""

    amount = AmountAsSent(required=False, allow_null=True)

    def look_up(self, said, errors):
        read_part(said, self.context["spend"], errors)


class _InOtherWords(Decision):
    """A question or a reply is said as ``reason`` too, as every decision's words are."""

    reason = Text(required=False)
    word = None

    def validate(self, said):
        words = [said.pop(name) for name in ("reason", self.word) if name in said]
        if len(words) != 1:
            message = _("Say it once: as reason, or as %(word)s.") % {"word": self.word}
            raise exceptions.ValidationError(
                {self.word if words else "reason": [exceptions.ErrorDetail(message, "required")]}
            )
        return said | {self.word: words[0]}


class Question(_InOtherWords):
    question = Text(required=False)
    word = "question"


class Reply(_InOtherWords):
    reply = Text(required=False)
    word = "reply"
