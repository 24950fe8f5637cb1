from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.incidents.models import Guest, Incident
from empower.incidents.serializers import found
from empower.problems import UnknownReference
from empower.staff.models import Employee
from empower.staff.serializers import code_of
from empower.wire import AmountAsSent, Code, Id, Moment, Strict, Text, amount_text, minor_units, moment_text

from ..models import Gesture
from ..queries import standing
from .authority import StandingSerializer, policy_reference

#: What the two halves of a split have in common, so that the second needs no query for it.
_SHARED = ("employee", "property", "department", "gesture", "policy")


class SpendSerializer(serializers.Serializer):
    """A spend. With ``authority=True`` in the context also what its employee may still give after it (four queries).

    ``approval`` is its request, and ``rest`` the other half of a split; both null where there is none.
    """

    def to_representation(self, spend):
        told = self._told(spend)
        if self.context.get("authority"):
            after = standing(employee=spend.employee, incident=spend.incident, guest=spend.guest)
            told["authority"] = StandingSerializer(after).data
        rest = getattr(spend, "rest", None)
        told["rest"] = None
        if rest is not None:
            for name in _SHARED:
                if getattr(rest, f"{name}_id") == getattr(spend, f"{name}_id"):
                    setattr(rest, name, getattr(spend, name))
            told["rest"] = self._told(rest)
        return told

    def _told(self, spend):
        def sum_of(minor):
            return amount_text(minor, spend.currency)

        return {
            "id": str(spend.pk),
            "status": spend.status,
            "incident": str(spend.incident_id),
            "guest": str(spend.guest_id),
            "employee": spend.employee.code,
            "property": spend.property.code,
            "department": code_of(spend.department),
            "gesture": spend.gesture.code,
            "amount": sum_of(spend.amount),
            "cost": sum_of(spend.cost),
            "currency": spend.currency,
            "asked_amount": sum_of(spend.asked_amount),
            "reversed_amount": sum_of(spend.reversed_amount),
            "reversed_cost": sum_of(spend.reversed_cost),
            "judged_as": spend.judged_as or None,
            "policy": policy_reference(spend.policy),
            "limit_in_force": sum_of(spend.limit_in_force),
            "note": spend.note,
            "reason": spend.reason,
            "promised_for": moment_text(spend.promised_for),
            "given_at": moment_text(spend.given_at),
            "occurred_at": moment_text(spend.occurred_at),
            "recorded_at": moment_text(spend.recorded_at),
            "posted_at": moment_text(spend.posted_at),
            "split_from": spend.split_from_id and str(spend.split_from_id),
            "external_id": spend.external_id,
            "version": spend.version,
            "approval": _request_of(getattr(spend, "approval", None)),
        }


def _request_of(approval):
    return approval and {
        "id": str(approval.pk),
        "status": approval.status,
        "tier": approval.tier or None,
        "due_at": moment_text(approval.due_at),
        "version": approval.version,
    }


class NewSpend(Strict):
    incident = Id()
    guest = Id()
    gesture = Code()
    amount = AmountAsSent()
    currency = serializers.CharField(max_length=3)
    cost = AmountAsSent(required=False, allow_null=True)
    note = Text(required=False)
    reason = Text(required=False)
    promised_for = Moment(required=False, allow_null=True)
    verbal_approval_by = Code(required=False, allow_null=True)
    ask = serializers.BooleanField(required=False)
    split = serializers.BooleanField(required=False)

    def validate(self, wish):
        user, errors = self.context["request"].user, {}
        incident = Incident.objects.visible_to(user).select_related("property").filter(pk=wish["incident"]).first()
        if incident is None:
            raise UnknownReference("incident")
        guest = Guest.objects.visible_to(user).select_related("merged_into").filter(pk=wish["guest"]).first()
        if guest is None:
            errors["guest"] = [exceptions.ErrorDetail(_("This guest is not on the incident."), "not_on_incident")]
        wish |= {"incident": incident, "guest": guest}
        wish["gesture"] = found(Gesture, "gesture", wish["gesture"], errors)
        if wish.get("verbal_approval_by") is not None:
            wish["verbal_approval_by"] = found(Employee, "verbal_approval_by", wish["verbal_approval_by"], errors)
        self._read_money(wish, incident.property, errors)
        if errors:
            raise exceptions.ValidationError(errors)
        return wish

    def _read_money(self, wish, property, errors):
        # An amount of another currency may have decimals that this one has not: the currency is named, not the amount.
        if wish["currency"] != property.currency:
            message = _("%(property)s spends in %(right)s, not %(given)s.") % {
                "property": property.code,
                "right": property.currency,
                "given": wish["currency"],
            }
            errors["currency"] = [exceptions.ErrorDetail(message, "other_currency")]
            return
        wish["amount"] = minor_units(wish["amount"], property.currency, field="amount", errors=errors)
        wish["cost"] = minor_units(wish.get("cost"), property.currency, field="cost", errors=errors)


class Nothing(Strict):
    """A verb that needs no words."""


class Reversal(Strict):
    """``amount`` takes back a part; without it all that stands. The spend comes with the context."""

    reason = Text()
    amount = AmountAsSent(required=False, allow_null=True)

    def validate(self, said):
        return part_of(said, self.context["spend"])


class HandedOver(Strict):
    given_at = Moment(required=False, allow_null=True)


def part_of(said, spend):
    """``said`` with its ``amount`` in minor units of the spend's currency."""
    errors = {}
    said["amount"] = minor_units(said.get("amount"), spend.currency, field="amount", errors=errors)
    if errors:
        raise exceptions.ValidationError(errors)
    return said
