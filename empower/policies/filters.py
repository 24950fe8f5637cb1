"""What may be asked of the rules."""

from empower.filtering import (
    AmountFilter,
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    HasFilter,
    MomentFilter,
    RowFilterSet,
    WholeNumberFilter,
    YesNoFilter,
)
from empower.staff.filters import departments_of, properties_of
from empower.staff.models import Role

from .models import Policy, Scope


def policies_of(user):
    return Policy.objects.visible_to(user)


class PolicyFilterSet(RowFilterSet):
    """``in_force_at`` leaves the versions that applied at a moment; each version that was ever written is a row."""

    searched = ("code",)
    changed_at = "recorded_at"
    orderings = {
        "code": ("code", "version"),
        "limit": ("currency", "limit"),
        "effective_from": "effective_from",
        "effective_until": "effective_until",
        "recorded_at": "recorded_at",
    }

    code = CodeFilter("code", among=policies_of)
    version = WholeNumberFilter(field_name="version")
    property = CodeFilter("property__code", among=properties_of)
    has_property = HasFilter("property")
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    role = ChoicesFilter(field_name="role", choices=Role)
    has_role = HasFilter("role", is_text=True)
    currency = CurrencyFilter(field_name="currency")
    scope = ChoicesFilter(field_name="scope", choices=Scope)
    limit_min = AmountFilter("limit", "gte")
    limit_max = AmountFilter("limit", "lte")
    cap_min = AmountFilter("cap", "gte")
    cap_max = AmountFilter("cap", "lte")
    has_cap = HasFilter("cap")
    second_failure_limit_min = AmountFilter("second_failure_limit", "gte")
    second_failure_limit_max = AmountFilter("second_failure_limit", "lte")
    has_second_failure_limit = HasFilter("second_failure_limit")
    answer_within_minutes_min = WholeNumberFilter(field_name="answer_within_minutes", lookup_expr="gte")
    answer_within_minutes_max = WholeNumberFilter(field_name="answer_within_minutes", lookup_expr="lte")
    expires_after_minutes_min = WholeNumberFilter(field_name="expires_after_minutes", lookup_expr="gte")
    expires_after_minutes_max = WholeNumberFilter(field_name="expires_after_minutes", lookup_expr="lte")
    budget_asks = YesNoFilter(field_name="budget_asks")
    is_withdrawn = YesNoFilter(field_name="is_withdrawn")
    in_force_at = MomentFilter(method="applying_at")
    effective_from = MomentFilter(field_name="effective_from", lookup_expr="gte")
    effective_to = MomentFilter(field_name="effective_from", lookup_expr="lt")
    effective_until_from = MomentFilter(field_name="effective_until", lookup_expr="gte")
    effective_until_to = MomentFilter(field_name="effective_until", lookup_expr="lt")
    has_effective_until = HasFilter("effective_until")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")

    def applying_at(self, queryset, name, moment):
        return queryset.in_force(moment)
