from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.staff.serializers import code_of
from empower.wire import AmountAsSent, Strict, Text, amount_text, moment_text

from .spends import part_of


class ApprovalSerializer(serializers.Serializer):
    """A request and its answer. ``total`` is the cumulative total that chose the tier."""

    def to_representation(self, approval):
        spend = approval.spend

        def sum_of(minor):
            return amount_text(minor, spend.currency)

        return {
            "id": str(approval.pk),
            "status": approval.status,
            "spend": str(spend.pk),
            "incident": str(spend.incident_id),
            "guest": str(spend.guest_id),
            "employee": approval.employee.code,
            "property": approval.property.code,
            "gesture": spend.gesture.code,
            "amount": sum_of(spend.amount),
            "asked_amount": sum_of(spend.asked_amount),
            "cost": sum_of(spend.cost),
            "currency": spend.currency,
            "spend_reason": spend.reason,
            "spend_status": spend.status,
            "tier": approval.tier or None,
            "asked_role": approval.asked_role or None,
            "with_deputy": approval.with_deputy,
            "total": sum_of(approval.total),
            "left_when_asked": sum_of(approval.left_when_asked),
            "requested_at": moment_text(approval.requested_at),
            "due_at": moment_text(approval.due_at),
            "expires_at": moment_text(approval.expires_at),
            "question": approval.question,
            "question_by": code_of(approval.question_by),
            "question_asked_at": moment_text(approval.question_asked_at),
            "reply": approval.reply,
            "replied_at": moment_text(approval.replied_at),
            "named": code_of(approval.named),
            "decided_by": code_of(approval.decided_by),
            "decided_for": code_of(approval.decided_for),
            "decided_at": moment_text(approval.decided_at),
            "decided_amount": sum_of(approval.decided_amount),
            "reason": approval.reason,
            "version": approval.version,
        }


class Decision(Strict):
    """``version`` is the one that was shown: the decision stands only on that."""

    reason = Text()
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)


class Confirmation(Decision):
    """Whether the verbal yes was given."""


class Yes(Decision):
    """``amount`` gives less than was asked. The spend comes with the context."""

    amount = AmountAsSent(required=False, allow_null=True)

    def validate(self, said):
        return part_of(said, self.context["spend"])


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
