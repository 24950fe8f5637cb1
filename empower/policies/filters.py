"""What may be asked of the rules."""

from empower.filtering import ChoicesFilter, CodeFilter, CurrencyFilter, MomentFilter, StrictFilterSet, YesNoFilter
from empower.staff.filters import departments_of, properties_of
from empower.staff.models import Role

from .models import Policy, Scope


def policies_of(user):
    return Policy.objects.visible_to(user)


class PolicyFilterSet(StrictFilterSet):
    """``in_force_at`` leaves the versions that applied at a moment; each version that was ever written is a row."""

    code = CodeFilter("code", among=policies_of)
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    role = ChoicesFilter(field_name="role", choices=Role)
    currency = CurrencyFilter(field_name="currency")
    scope = ChoicesFilter(field_name="scope", choices=Scope)
    is_withdrawn = YesNoFilter(field_name="is_withdrawn")
    in_force_at = MomentFilter(method="applying_at")
    effective_from = MomentFilter(field_name="effective_from", lookup_expr="gte")
    effective_to = MomentFilter(field_name="effective_from", lookup_expr="lt")

    def applying_at(self, queryset, name, moment):
        return queryset.in_force(moment)
