"""What may be asked of gestures, spends and requests: the page, the API and the export ask it in the same words."""

from django.db.models import Q

from empower.filtering import (
    AmountFilter,
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
)
from empower.incidents.filters import below_categories, categories_of, guests_found
from empower.incidents.models import IncidentKind
from empower.staff.filters import EmployeeFilter, departments_of, properties_of
from empower.staff.models import Role

from .models import Approval, ApprovalStatus, Gesture, Judged, PaidFrom, SpendStatus
from .queries.as_of import as_of


def gestures_of(_user):
    return Gesture.objects.all()


class GestureFilterSet(RowFilterSet):
    searched = ("code", "name", "account")
    orderings = {"code": "code", "name": "name", "updated_at": "updated_at"}

    code = CodeFilter("code", among=gestures_of)
    name = TextFilter(field_name="name")
    account = TextFilter(field_name="account")
    is_free = YesNoFilter(field_name="is_free")
    is_active = YesNoFilter(field_name="is_active")
    paid_from = ChoicesFilter(field_name="paid_from", choices=PaidFrom)


class SpendFilterSet(RowFilterSet):
    """``category`` takes the branch below it along; ``given`` tells what was promised from what was handed over.

    Ranges of amounts, ends included, are of a currency, which has to be named beside them. ``search`` looks through the
    note, the reason, the gesture, what it was called in a history file, and the guest's name and room; never through
    employees: who asks for a person names them. A change of its request counts as a change of the spend.

    ``as_of_recorded`` and ``as_of_occurred``: the rows that were there at a moment, in the state they had then, and all
    other filters and the order by that state.
    """

    searched = ("note", "reason", "gesture__name", "external_id")
    orderings = {
        "amount": ("currency", "amount"),
        "cost": ("currency", "cost"),
        "occurred_at": "occurred_at",
        "recorded_at": "recorded_at",
        "posted_at": "posted_at",
        "promised_for": "promised_for",
        "given_at": "given_at",
        "updated_at": "updated_at",
    }

    status = ChoicesFilter(field_name="status", choices=SpendStatus)
    incident = IdFilter(field_name="incident_id")
    guest = IdFilter(field_name="guest_id")
    employee = EmployeeFilter(field_name="employee")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    gesture = CodeFilter("gesture__code", among=gestures_of)
    category = CodeFilter("incident__category", among=categories_of, method="in_branch")
    has_category = HasFilter("incident__category")
    kind = ChoicesFilter(field_name="incident__kind", choices=IncidentKind)
    currency = CurrencyFilter(field_name="currency")
    judged_as = ChoicesFilter(field_name="judged_as", choices=Judged)
    has_judged_as = HasFilter("judged_as", is_text=True)
    policy = IdFilter(field_name="policy_id")
    has_policy = HasFilter("policy")
    external_id = TextFilter(field_name="external_id")
    has_external_id = HasFilter("external_id", is_text=True)
    amount_min = AmountFilter("amount", "gte")
    amount_max = AmountFilter("amount", "lte")
    cost_min = AmountFilter("cost", "gte")
    cost_max = AmountFilter("cost", "lte")
    asked_amount_min = AmountFilter("asked_amount", "gte")
    asked_amount_max = AmountFilter("asked_amount", "lte")
    has_asked_amount = HasFilter("asked_amount")
    reversed_amount_min = AmountFilter("reversed_amount", "gte")
    reversed_amount_max = AmountFilter("reversed_amount", "lte")
    reversed_cost_min = AmountFilter("reversed_cost", "gte")
    reversed_cost_max = AmountFilter("reversed_cost", "lte")
    limit_in_force_min = AmountFilter("limit_in_force", "gte")
    limit_in_force_max = AmountFilter("limit_in_force", "lte")
    has_limit_in_force = HasFilter("limit_in_force")
    has_note = HasFilter("note", is_text=True)
    has_reason = HasFilter("reason", is_text=True)
    given = HasFilter("given_at")
    given_from = MomentFilter(field_name="given_at", lookup_expr="gte")
    given_to = MomentFilter(field_name="given_at", lookup_expr="lt")
    has_approval = HasFilter("approval")
    split_from = IdFilter(field_name="split_from_id")
    has_split_from = HasFilter("split_from")
    has_rest = HasFilter("rest")
    version = WholeNumberFilter(field_name="version")
    occurred_from = MomentFilter(field_name="occurred_at", lookup_expr="gte")
    occurred_to = MomentFilter(field_name="occurred_at", lookup_expr="lt")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    posted_from = MomentFilter(field_name="posted_at", lookup_expr="gte")
    posted_to = MomentFilter(field_name="posted_at", lookup_expr="lt")
    has_posted_at = HasFilter("posted_at")
    promised_from = MomentFilter(field_name="promised_for", lookup_expr="gte")
    promised_to = MomentFilter(field_name="promised_for", lookup_expr="lt")
    has_promised_for = HasFilter("promised_for")
    as_of_recorded = MomentFilter(method="as_recorded", lookup_expr="lte")
    as_of_occurred = MomentFilter(method="as_occurred", lookup_expr="lte")

    def as_recorded(self, queryset, name, moment):
        return as_of(queryset, recorded=moment)

    def as_occurred(self, queryset, name, moment):
        return as_of(queryset, occurred=moment)

    def in_branch(self, queryset, name, codes):
        return queryset.filter(below_categories(codes, "incident__category"))

    def found_by(self, text):
        return super().found_by(text) | Q(guest__in=guests_found(self.request.user, text))

    def changed_since(self, moment):
        requests = Approval.objects.filter(updated_at__gte=moment).values("spend")
        return super().changed_since(moment) | Q(pk__in=requests)


class ApprovalFilterSet(RowFilterSet):
    """``search`` looks through the reasons, the question, the reply, the spend's note, the gesture, and the guest's name
    and room. What is told here of the spend counts as a change of its request.
    """

    searched = ("reason", "question", "reply", "spend__reason", "spend__note", "spend__gesture__name")
    orderings = {
        "requested_at": "requested_at",
        "due_at": "due_at",
        "expires_at": "expires_at",
        "decided_at": "decided_at",
        "updated_at": "updated_at",
    }

    status = ChoicesFilter(field_name="status", choices=ApprovalStatus)
    spend = IdFilter(field_name="spend_id")
    spend_status = ChoicesFilter(field_name="spend__status", choices=SpendStatus)
    incident = IdFilter(field_name="spend__incident_id")
    guest = IdFilter(field_name="spend__guest_id")
    gesture = CodeFilter("spend__gesture__code", among=gestures_of)
    category = CodeFilter("spend__incident__category", among=categories_of, method="in_branch")
    kind = ChoicesFilter(field_name="spend__incident__kind", choices=IncidentKind)
    employee = EmployeeFilter(field_name="employee")
    named = EmployeeFilter(field_name="named")
    has_named = HasFilter("named")
    decided_by = EmployeeFilter(field_name="decided_by")
    has_decided_by = HasFilter("decided_by")
    decided_for = EmployeeFilter(field_name="decided_for")
    has_decided_for = HasFilter("decided_for")
    question_by = EmployeeFilter(field_name="question_by")
    has_question_by = HasFilter("question_by")
    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("spend__department__code", among=departments_of)
    tier = ChoicesFilter(field_name="tier", choices=Role)
    has_tier = HasFilter("tier", is_text=True)
    asked_role = ChoicesFilter(field_name="asked_role", choices=Role)
    has_asked_role = HasFilter("asked_role", is_text=True)
    with_deputy = YesNoFilter(field_name="with_deputy")
    currency = CurrencyFilter(field_name="spend__currency")
    amount_min = AmountFilter("spend__amount", "gte")
    amount_max = AmountFilter("spend__amount", "lte")
    cost_min = AmountFilter("spend__cost", "gte")
    cost_max = AmountFilter("spend__cost", "lte")
    asked_amount_min = AmountFilter("spend__asked_amount", "gte")
    asked_amount_max = AmountFilter("spend__asked_amount", "lte")
    total_min = AmountFilter("total", "gte")
    total_max = AmountFilter("total", "lte")
    left_when_asked_min = AmountFilter("left_when_asked", "gte")
    left_when_asked_max = AmountFilter("left_when_asked", "lte")
    decided_amount_min = AmountFilter("decided_amount", "gte")
    decided_amount_max = AmountFilter("decided_amount", "lte")
    has_decided_amount = HasFilter("decided_amount")
    has_question = HasFilter("question", is_text=True)
    has_reply = HasFilter("reply", is_text=True)
    has_reason = HasFilter("reason", is_text=True)
    has_spend_reason = HasFilter("spend__reason", is_text=True)
    version = WholeNumberFilter(field_name="version")
    requested_from = MomentFilter(field_name="requested_at", lookup_expr="gte")
    requested_to = MomentFilter(field_name="requested_at", lookup_expr="lt")
    due_from = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_to = MomentFilter(field_name="due_at", lookup_expr="lt")
    expires_from = MomentFilter(field_name="expires_at", lookup_expr="gte")
    expires_to = MomentFilter(field_name="expires_at", lookup_expr="lt")
    question_asked_from = MomentFilter(field_name="question_asked_at", lookup_expr="gte")
    question_asked_to = MomentFilter(field_name="question_asked_at", lookup_expr="lt")
    replied_from = MomentFilter(field_name="replied_at", lookup_expr="gte")
    replied_to = MomentFilter(field_name="replied_at", lookup_expr="lt")
    decided_from = MomentFilter(field_name="decided_at", lookup_expr="gte")
    decided_to = MomentFilter(field_name="decided_at", lookup_expr="lt")

    def in_branch(self, queryset, name, codes):
        return queryset.filter(below_categories(codes, "spend__incident__category"))

    def found_by(self, text):
        return super().found_by(text) | Q(spend__guest__in=guests_found(self.request.user, text))

    def changed_since(self, moment):
        return super().changed_since(moment) | Q(spend__updated_at__gte=moment)
