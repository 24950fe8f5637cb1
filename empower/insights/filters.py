"""What may be asked of policy trials. Not of which rule was tried: that is read with each."""

from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    DayFilter,
    HasFilter,
    MomentFilter,
    RowFilterSet,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
)
from empower.staff.filters import EmployeeFilter, departments_of, properties_of
from empower.staff.models import Role


class PolicyTrialFilterSet(RowFilterSet):
    """``search`` looks through the name."""

    searched = ("name",)
    orderings = {"computed_at": "computed_at", "updated_at": "updated_at"}

    name = TextFilter(field_name="name")
    author = EmployeeFilter(field_name="author")
    shared = YesNoFilter(field_name="is_shared")
    property = CodeFilter("property__code", among=properties_of)
    has_property = HasFilter("property")
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    role = ChoicesFilter(field_name="role", choices=Role)
    has_role = HasFilter("role", is_text=True)
    hidden = YesNoFilter(method="of_few")
    currency = CurrencyFilter(field_name="currency")
    from_from = DayFilter(field_name="begins_on", lookup_expr="gte")
    from_to = DayFilter(field_name="begins_on", lookup_expr="lte")
    to_from = DayFilter(field_name="ends_on", lookup_expr="gte")
    to_to = DayFilter(field_name="ends_on", lookup_expr="lte")
    position_min = WholeNumberFilter(field_name="position", lookup_expr="gte")
    position_max = WholeNumberFilter(field_name="position", lookup_expr="lte")
    has_position = HasFilter("position")
    computed_from = MomentFilter(field_name="computed_at", lookup_expr="gte")
    computed_to = MomentFilter(field_name="computed_at", lookup_expr="lt")

    def of_few(self, queryset, name, hidden):
        return queryset.filter(answer={}) if hidden else queryset.exclude(answer={})
