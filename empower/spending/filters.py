"""What may be asked of gestures, spends and requests: the page, the API and the export ask it in the same words."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter

from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    IdFilter,
    MomentFilter,
    StrictFilterSet,
    YesNoFilter,
)
from empower.incidents.filters import below_category, categories_of
from empower.incidents.models import IncidentKind
from empower.money import to_minor
from empower.staff.filters import EmployeeFilter, departments_of, properties_of
from empower.staff.models import Role

from .models import ApprovalStatus, Gesture, Judged, PaidFrom, SpendStatus


def gestures_of(_user):
    return Gesture.objects.all()


class GestureFilterSet(StrictFilterSet):
    code = CodeFilter("code", among=gestures_of)
    is_free = YesNoFilter(field_name="is_free")
    is_active = YesNoFilter(field_name="is_active")
    paid_from = ChoicesFilter(field_name="paid_from", choices=PaidFrom)


class SpendFilterSet(StrictFilterSet):
    """``category`` takes the branch below it along; ``given`` tells what was promised from what was handed over.

    ``amount_min`` and ``amount_max``, both included, are of a currency, which has to be named beside them.
    """

    status = ChoicesFilter(field_name="status", choices=SpendStatus)
    incident = IdFilter(field_name="incident_id")
    guest = IdFilter(field_name="guest_id")
    employee = EmployeeFilter(field_name="employee")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    gesture = CodeFilter("gesture__code", among=gestures_of)
    category = CodeFilter("incident__category", among=categories_of, method="in_branch")
    kind = ChoicesFilter(field_name="incident__kind", choices=IncidentKind)
    currency = CurrencyFilter(field_name="currency")
    judged_as = ChoicesFilter(field_name="judged_as", choices=Judged)
    policy = IdFilter(field_name="policy_id")
    external_id = CharFilter(field_name="external_id")
    amount_min = CharFilter(method="from_amount")
    amount_max = CharFilter(method="to_amount")
    given = YesNoFilter(field_name="given_at", lookup_expr="isnull", exclude=True)
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    posted_from = MomentFilter(field_name="posted_at", lookup_expr="gte")
    posted_to = MomentFilter(field_name="posted_at", lookup_expr="lt")
    promised_from = MomentFilter(field_name="promised_for", lookup_expr="gte")
    promised_to = MomentFilter(field_name="promised_for", lookup_expr="lt")

    def in_branch(self, queryset, name, code):
        return queryset.filter(below_category(code, "incident__category"))

    def faults(self):
        found = super().faults()
        for name in ("amount_min", "amount_max"):
            sent = self.form.cleaned_data.get(name)
            if not sent or name in found:
                continue
            try:
                to_minor(sent, self.form.cleaned_data.get("currency") or _no_currency())
            except ValidationError as refused:
                found[name] = refused.error_list
        return found

    def from_amount(self, queryset, name, sent):
        return queryset.filter(amount__gte=to_minor(sent, self.form.cleaned_data["currency"]))

    def to_amount(self, queryset, name, sent):
        return queryset.filter(amount__lte=to_minor(sent, self.form.cleaned_data["currency"]))


def _no_currency():
    raise ValidationError(_("An amount needs its currency beside it: currency=USD."), "currency_required")


class ApprovalFilterSet(StrictFilterSet):
    status = ChoicesFilter(field_name="status", choices=ApprovalStatus)
    spend = IdFilter(field_name="spend_id")
    incident = IdFilter(field_name="spend__incident_id")
    employee = EmployeeFilter(field_name="employee")
    named = EmployeeFilter(field_name="named")
    decided_by = EmployeeFilter(field_name="decided_by")
    property = CodeFilter("property__code", among=properties_of)
    tier = ChoicesFilter(field_name="tier", choices=Role)
    asked_role = ChoicesFilter(field_name="asked_role", choices=Role)
    requested_from = MomentFilter(field_name="requested_at", lookup_expr="gte")
    requested_to = MomentFilter(field_name="requested_at", lookup_expr="lt")
    due_from = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_to = MomentFilter(field_name="due_at", lookup_expr="lt")
    decided_from = MomentFilter(field_name="decided_at", lookup_expr="gte")
    decided_to = MomentFilter(field_name="decided_at", lookup_expr="lt")
