from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.incidents.models import Guest, Incident
from empower.incidents.serializers import found
from empower.problems import UnknownReference
from empower.staff.models import Employee
from empower.wire import Amount, AmountAsSent, Code, CodeOf, Id, Moment, OrNull, Strict, Text, minor_units

from ..models import Gesture
from ..queries import standing
from .authority import PolicyReference, StandingSerializer

#: What the two halves of a split have in common, so that the second needs no query for it.
_SHARED = ("employee", "property", "department", "gesture", "policy")


class RequestSerializer(serializers.Serializer):
    """Of a spend's approval, what its employee needs at once."""

    id = Id()
    status = serializers.CharField()
    tier = OrNull()
    due_at = Moment(allow_null=True)
    version = serializers.IntegerField()


class OneSpendSerializer(serializers.Serializer):
    id = Id()
    status = serializers.CharField()
    incident = Id(source="incident_id")
    guest = Id(source="guest_id")
    employee = CodeOf()
    property = CodeOf()
    department = CodeOf()
    gesture = CodeOf()
    amount = Amount()
    cost = Amount()
    currency = serializers.CharField()
    asked_amount = Amount()
    reversed_amount = Amount()
    reversed_cost = Amount()
    judged_as = OrNull()
    policy = PolicyReference(allow_null=True)
    limit_in_force = Amount()
    note = serializers.CharField()
    reason = serializers.CharField()
    promised_for = Moment(allow_null=True)
    given_at = Moment(allow_null=True)
    occurred_at = Moment()
    recorded_at = Moment()
    posted_at = Moment(allow_null=True)
    split_from = Id(source="split_from_id", allow_null=True)
    external_id = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = Moment(help_text="When it was last changed: what `updated_since` asks about.")
    approval = RequestSerializer(allow_null=True)


class SpendSerializer(OneSpendSerializer):
    """With the other half of a split under ``rest``; null where there is none."""

    rest = OneSpendSerializer(allow_null=True)

    def to_representation(self, spend):
        rest = getattr(spend, "rest", None)
        for name in _SHARED if rest is not None else ():
            if getattr(rest, f"{name}_id") == getattr(spend, f"{name}_id"):
                setattr(rest, name, getattr(spend, name))
        return super().to_representation(spend)


class SpendWithAuthoritySerializer(SpendSerializer):
    """And with what its employee may still give after it: five queries more."""

    authority = StandingSerializer(source="left_after")

    def to_representation(self, spend):
        spend.left_after = standing(employee=spend.employee, incident=spend.incident, guest=spend.guest)
        return super().to_representation(spend)


class MadeSpend(serializers.Serializer):
    """A spend that was made in a bulk: what became of it, in ids, codes and sums."""

    id = Id()
    status = serializers.CharField()
    amount = Amount()
    currency = serializers.CharField()
    approval = serializers.SerializerMethodField()
    rest = serializers.SerializerMethodField()

    def get_approval(self, spend) -> dict | None:
        asked = spend._state.fields_cache.get("approval")  # what the service did not make is not there
        return asked and RequestSerializer(asked).data

    def get_rest(self, spend) -> dict | None:
        rest = spend._state.fields_cache.get("rest")
        return rest and MadeSpend(rest).data


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

    def look_up(self, wish, errors):
        for name, model in (("gesture", Gesture), ("verbal_approval_by", Employee)):
            if wish.get(name) is not None:
                wish[name] = found(model, name, wish[name], errors)
        if "incident" not in wish:
            return
        user = self.context["request"].user
        incident = Incident.objects.visible_to(user).select_related("property").filter(pk=wish["incident"]).first()
        if incident is None:
            raise UnknownReference("incident")
        wish["incident"] = incident
        if "guest" in wish:
            wish["guest"] = (
                Guest.objects.visible_to(user).select_related("merged_into").filter(pk=wish["guest"]).first()
            )
            if wish["guest"] is None:
                errors["guest"] = [exceptions.ErrorDetail(_("This guest is not on the incident."), "not_on_incident")]
        self._read_money(wish, incident.property, errors)

    def _read_money(self, wish, property, errors):
        # An amount of another currency may have decimals that this one has not: the currency is named, not the amount.
        if wish.get("currency", property.currency) != property.currency:
            message = _("%(property)s spends in %(right)s, not %(given)s.") % {
                "property": property.code,
                "right": property.currency,
                "given": wish["currency"],
            }
            errors["currency"] = [exceptions.ErrorDetail(message, "other_currency")]
            return
        for name in ("amount", "cost"):
            wish[name] = minor_units(wish.get(name), property.currency, field=name, errors=errors)


class Reversal(Strict):
    """``amount`` takes back a part; without it all that stands. The spend comes with the context."""

    reason = Text()
    amount = AmountAsSent(required=False, allow_null=True)

    def look_up(self, said, errors):
        read_part(said, self.context["spend"], errors)


class HandedOver(Strict):
    given_at = Moment(required=False, allow_null=True)


def read_part(said, spend, errors):
    """Put the ``amount`` of ``said`` in minor units of the spend's currency."""
    said["amount"] = minor_units(said.get("amount"), spend.currency, field="amount", errors=errors)
