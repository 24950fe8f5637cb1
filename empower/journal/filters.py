"""What may be asked of the books, at a moment of theirs (``as_of_recorded``) or of the world's (``as_of_occurred``)."""

from django.db.models import Q

from empower.filtering import (
    AmountFilter,
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    DayFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    SearchFilter,
    StrictFilterSet,
    in_any,
)
from empower.staff.filters import EmployeeFilter, departments_of, properties_of

from .models import Account, AccountKind, EntryKind, Posting


def accounts_of(_user):
    return Account.objects.all()


class AllotmentFilterSet(RowFilterSet):
    """``search`` looks through the codes and names of the property and the department."""

    searched = ("property__code", "property__name", "department__code", "department__name")
    changed_at = "recorded_at"
    orderings = {
        "begins_on": "begins_on",
        "ends_on": "ends_on",
        "amount": ("currency", "amount"),
        "recorded_at": "recorded_at",
    }

    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    currency = CurrencyFilter(field_name="currency")
    amount_min = AmountFilter("amount", "gte")
    amount_max = AmountFilter("amount", "lte")
    begins_from = DayFilter(field_name="begins_on", lookup_expr="gte")
    begins_to = DayFilter(field_name="begins_on", lookup_expr="lte")
    ends_from = DayFilter(field_name="ends_on", lookup_expr="gte")
    ends_to = DayFilter(field_name="ends_on", lookup_expr="lte")
    covers = DayFilter(method="covering")
    recorded_by = EmployeeFilter(field_name="recorded_by")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")

    def covering(self, queryset, name, day):
        return queryset.filter(begins_on__lte=day, ends_on__gte=day)


class JournalEntryFilterSet(RowFilterSet):
    """``search`` looks through the codes and names of the accounts that an entry moves money on."""

    searched = ("account__code", "account__name")
    changed_at = "recorded_at"
    orderings = {"occurred_at": "occurred_at", "recorded_at": "recorded_at"}

    kind = ChoicesFilter(field_name="kind", choices=EntryKind)
    property = CodeFilter("property__code", among=properties_of)
    currency = CurrencyFilter(field_name="currency")
    spend = IdFilter(field_name="spend_id")
    has_spend = HasFilter("spend_id")
    allotment = IdFilter(field_name="allotment_id")
    has_allotment = HasFilter("allotment")
    incident = IdFilter(field_name="incident_id", method="with_posting")
    employee = EmployeeFilter(field_name="employee", method="with_posting_of")
    department = CodeFilter("department__code", among=departments_of, method="with_posting")
    account = CodeFilter("account__code", among=accounts_of, method="with_posting")
    reverses = IdFilter(field_name="reverses_id")
    has_reverses = HasFilter("reverses")
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    as_of_recorded = MomentFilter(field_name="recorded_at", lookup_expr="lte")
    as_of_occurred = MomentFilter(field_name="occurred_at", lookup_expr="lte")

    def with_posting(self, queryset, name, values):
        return queryset.filter(_has_posting(Q(**{f"{name}__in": values})))

    def with_posting_of(self, queryset, name, employee):
        return queryset.filter(_has_posting(Q(employee=employee)))

    def found_by(self, text):
        return _has_posting(in_any(self.searched, text))


def _has_posting(condition):
    # A subquery: joined, an entry would come once for each of its postings.
    return Q(pk__in=Posting.objects.filter(condition).values("entry"))


class BalanceFilterSet(StrictFilterSet):
    """Over postings: what is left of them makes the sums. ``search`` looks through the accounts' codes and names."""

    orderings = {"account": ("account__code", "account__currency"), "balance": ("account__currency", "balance")}

    account = CodeFilter("account__code", among=accounts_of)
    kind = ChoicesFilter(field_name="account__kind", choices=AccountKind)
    currency = CurrencyFilter(field_name="account__currency")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    employee = EmployeeFilter(field_name="employee")
    incident = IdFilter(field_name="incident_id")
    as_of_recorded = MomentFilter(method="as_recorded", lookup_expr="lte")
    as_of_occurred = MomentFilter(method="as_occurred", lookup_expr="lte")
    search = SearchFilter(method="of_account")

    def as_recorded(self, queryset, name, moment):
        return queryset.as_of(recorded=moment)

    def as_occurred(self, queryset, name, moment):
        return queryset.as_of(occurred=moment)

    def of_account(self, queryset, name, text):
        return queryset.filter(in_any(("account__code", "account__name"), text))
