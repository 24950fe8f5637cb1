"""How the books are told: debits positive, credits negative, decimal strings of the entry's currency."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.staff.models import Department, Property
from empower.wire import Amount, AmountAsSent, Code, CodeOf, Id, Moment, Strict, minor_units


class AllotmentSerializer(serializers.Serializer):
    id = Id()
    property = CodeOf()
    department = CodeOf()
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    amount = Amount()
    currency = serializers.CharField()
    recorded_at = Moment(allow_null=True)
    recorded_by = CodeOf()


class NewAllotment(Strict):
    property = Code()
    department = Code(required=False, allow_null=True)
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    amount = AmountAsSent()
    currency = serializers.CharField(max_length=3)

    def look_up(self, wish, errors):
        if "property" not in wish:
            return
        place = wish["property"] = Property.objects.filter(code=wish["property"]).first()
        if place is None:
            errors["property"] = [exceptions.ErrorDetail(_("No such code."), "does_not_exist")]
            return
        if wish.get("department") is not None:
            wish["department"] = Department.objects.filter(property=place, code=wish["department"]).first()
            if wish["department"] is None:
                errors["department"] = [exceptions.ErrorDetail(_("No such code at this property."), "does_not_exist")]
        currency = wish.pop("currency", place.currency)
        if currency != place.currency:
            message = _("%(property)s has its budget in %(right)s.") % {
                "property": place.code,
                "right": place.currency,
            }
            errors["currency"] = [exceptions.ErrorDetail(message, "other_currency")]
        else:
            wish["amount"] = minor_units(wish.get("amount"), currency, field="amount", errors=errors)


class PostingSerializer(serializers.Serializer):
    id = Id()
    account = CodeOf()
    amount = Amount(currency="account.currency")
    currency = serializers.CharField(source="account.currency")
    property = CodeOf()
    department = CodeOf()
    employee = CodeOf()
    incident = Id(source="incident_id", allow_null=True)


class JournalEntrySerializer(serializers.Serializer):
    id = Id()
    kind = serializers.CharField()
    property = CodeOf()
    currency = serializers.CharField()
    occurred_at = Moment()
    recorded_at = Moment()
    reverses = Id(source="reverses_id", allow_null=True)
    spend = Id(source="spend_id", allow_null=True)
    allotment = Id(source="allotment_id", allow_null=True)
    postings = PostingSerializer(source="postings.all", many=True)


class BalanceSerializer(serializers.Serializer):
    """A row of `PostingQuerySet.balances`."""

    account = serializers.CharField(source="account__code")
    name = serializers.CharField(source="account__name")
    kind = serializers.CharField(source="account__kind")
    currency = serializers.CharField(source="account__currency")
    balance = Amount(currency="account__currency")
