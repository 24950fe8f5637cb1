"""How the books are told: debits positive, credits negative, decimal strings of the entry's currency."""

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from empower.staff.models import Department, Property
from empower.staff.serializers import code_of
from empower.wire import AmountAsSent, Code, Strict, amount_text, minor_units, moment_text


class AllotmentSerializer(serializers.Serializer):
    def to_representation(self, allotment):
        return {
            "id": str(allotment.pk),
            "property": allotment.property.code,
            "department": code_of(allotment.department),
            "begins_on": allotment.begins_on.isoformat(),
            "ends_on": allotment.ends_on.isoformat(),
            "amount": amount_text(allotment.amount, allotment.currency),
            "currency": allotment.currency,
            "recorded_at": moment_text(allotment.recorded_at),
            "recorded_by": code_of(allotment.recorded_by),
        }


class NewAllotment(Strict):
    property = Code()
    department = Code(required=False, allow_null=True)
    begins_on = serializers.DateField()
    ends_on = serializers.DateField()
    amount = AmountAsSent()
    currency = serializers.CharField(max_length=3)

    def validate(self, wish):
        errors = {}
        place = wish["property"] = Property.objects.filter(code=wish["property"]).first()
        if place is None:
            raise exceptions.ValidationError(
                {"property": [exceptions.ErrorDetail(_("No such code."), "does_not_exist")]}
            )
        if wish.get("department") is not None:
            wish["department"] = Department.objects.filter(property=place, code=wish["department"]).first()
            if wish["department"] is None:
                errors["department"] = [exceptions.ErrorDetail(_("No such code at this property."), "does_not_exist")]
        currency = wish.pop("currency")
        if currency != place.currency:
            message = _("%(property)s has its budget in %(right)s.") % {
                "property": place.code,
                "right": place.currency,
            }
            errors["currency"] = [exceptions.ErrorDetail(message, "other_currency")]
        else:
            wish["amount"] = minor_units(wish["amount"], currency, field="amount", errors=errors)
        if errors:
            raise exceptions.ValidationError(errors)
        return wish


class JournalEntrySerializer(serializers.Serializer):
    def to_representation(self, entry):
        return {
            "id": str(entry.pk),
            "kind": entry.kind,
            "property": entry.property.code,
            "currency": entry.currency,
            "occurred_at": moment_text(entry.occurred_at),
            "recorded_at": moment_text(entry.recorded_at),
            "reverses": entry.reverses_id and str(entry.reverses_id),
            "spend": entry.spend_id and str(entry.spend_id),
            "allotment": entry.allotment_id and str(entry.allotment_id),
            "postings": [
                {
                    "id": str(posting.pk),
                    "account": posting.account.code,
                    "amount": amount_text(posting.amount, entry.currency),
                    "currency": entry.currency,
                    "property": posting.property.code,
                    "department": code_of(posting.department),
                    "employee": code_of(posting.employee),
                    "incident": posting.incident_id and str(posting.incident_id),
                }
                for posting in entry.postings.all()
            ],
        }


class BalanceSerializer(serializers.Serializer):
    """A row of `PostingQuerySet.balances`."""

    def to_representation(self, row):
        return {
            "account": row["account__code"],
            "name": row["account__name"],
            "kind": row["account__kind"],
            "currency": row["account__currency"],
            "balance": amount_text(row["balance"], row["account__currency"]),
        }
