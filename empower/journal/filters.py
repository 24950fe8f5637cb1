"""What may be asked of the books, at a moment of theirs (``as_of_recorded``) or of the world's (``as_of_occurred``)."""

from empower.filtering import ChoicesFilter, CodeFilter, CurrencyFilter, IdFilter, MomentFilter, StrictFilterSet
from empower.staff.filters import EmployeeFilter, departments_of, properties_of

from .models import Account, AccountKind, EntryKind


def accounts_of(_user):
    return Account.objects.all()


class AllotmentFilterSet(StrictFilterSet):
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    currency = CurrencyFilter(field_name="currency")


class JournalEntryFilterSet(StrictFilterSet):
    kind = ChoicesFilter(field_name="kind", choices=EntryKind)
    property = CodeFilter("property__code", among=properties_of)
    currency = CurrencyFilter(field_name="currency")
    spend = IdFilter(field_name="spend_id")
    incident = IdFilter(method="with_posting")
    employee = EmployeeFilter(field_name="employee", method="with_posting")
    department = CodeFilter("department__code", among=departments_of, method="with_posting")
    account = CodeFilter("account__code", among=accounts_of, method="with_posting")
    reverses = IdFilter(field_name="reverses_id")
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    as_of_recorded = MomentFilter(field_name="recorded_at", lookup_expr="lte")
    as_of_occurred = MomentFilter(field_name="occurred_at", lookup_expr="lte")

    def with_posting(self, queryset, name, value):
        # A subquery: joined, an entry would come once for each of its postings.
        name = name if name != "incident" else "incident_id"
        postings = queryset.model._meta.get_field("postings").related_model
        return queryset.filter(pk__in=postings.objects.filter(**{name: value}).values("entry"))


class BalanceFilterSet(StrictFilterSet):
    """Over postings: what is left of them makes the sums."""

    account = CodeFilter("account__code", among=accounts_of)
    kind = ChoicesFilter(field_name="account__kind", choices=AccountKind)
    currency = CurrencyFilter(field_name="account__currency")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    employee = EmployeeFilter(field_name="employee")
    incident = IdFilter(field_name="incident_id")
    as_of_recorded = MomentFilter(method="as_recorded", lookup_expr="lte")
    as_of_occurred = MomentFilter(method="as_occurred", lookup_expr="lte")

    def as_recorded(self, queryset, name, moment):
        return queryset.as_of(recorded=moment)

    def as_occurred(self, queryset, name, moment):
        return queryset.as_of(occurred=moment)
