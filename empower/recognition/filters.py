"""What may be asked of stories, thanks and improvements. Never ordered by a person: nobody is ranked."""

from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    DayFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    SearchFilter,
    WholeNumberFilter,
    YesNoFilter,
)
from empower.incidents.filters import below_categories, categories_of
from empower.staff.filters import EmployeeFilter, departments_of, properties_of

from .models import ImprovementStatus, StoryStatus


class StoryFilterSet(RowFilterSet):
    """``search`` looks through the text."""

    searched = ("text",)
    orderings = {"nominated_at": "nominated_at", "told_on": "told_on", "updated_at": "updated_at"}

    property = CodeFilter("property__code", among=properties_of)
    incident = IdFilter(field_name="incident_id")
    category = CodeFilter("incident__category", among=categories_of, method="in_branch")
    status = ChoicesFilter(field_name="status", choices=StoryStatus)
    guest_agreed = YesNoFilter(field_name="guest_agreed")
    has_text = HasFilter("text", is_text=True)
    told_from = DayFilter(field_name="told_on", lookup_expr="gte")
    told_to = DayFilter(field_name="told_on", lookup_expr="lte")
    has_told_on = HasFilter("told_on")
    nominated_by = EmployeeFilter(field_name="nominated_by")
    nominated_from = MomentFilter(field_name="nominated_at", lookup_expr="gte")
    nominated_to = MomentFilter(field_name="nominated_at", lookup_expr="lt")
    chosen_by = EmployeeFilter(field_name="chosen_by")
    chosen_from = MomentFilter(field_name="chosen_at", lookup_expr="gte")
    chosen_to = MomentFilter(field_name="chosen_at", lookup_expr="lt")
    withdrawn_by = EmployeeFilter(field_name="withdrawn_by")
    withdrawn_from = MomentFilter(field_name="withdrawn_at", lookup_expr="gte")
    withdrawn_to = MomentFilter(field_name="withdrawn_at", lookup_expr="lt")
    version = WholeNumberFilter(field_name="version")

    def in_branch(self, queryset, name, codes):
        return queryset.filter(below_categories(codes, "incident__category"))


class ThanksFilterSet(RowFilterSet):
    """``search`` looks through the text."""

    searched = ("text",)
    orderings = {"given_at": "given_at", "updated_at": "updated_at"}

    property = CodeFilter("property__code", among=properties_of)
    incident = IdFilter(field_name="incident_id")
    given_by = EmployeeFilter(field_name="given_by")
    receiver = EmployeeFilter(field_name="receiver")
    has_text = HasFilter("text", is_text=True)
    given_from = MomentFilter(field_name="given_at", lookup_expr="gte")
    given_to = MomentFilter(field_name="given_at", lookup_expr="lt")
    is_withdrawn = HasFilter("withdrawn_at")
    withdrawn_by = EmployeeFilter(field_name="withdrawn_by")
    withdrawn_from = MomentFilter(field_name="withdrawn_at", lookup_expr="gte")
    withdrawn_to = MomentFilter(field_name="withdrawn_at", lookup_expr="lt")


class ImprovementFilterSet(RowFilterSet):
    """``category`` takes the branch below it along. ``search`` looks through the aim and what was done."""

    searched = ("aim", "what_was_done")
    orderings = {
        "due_on": "due_on",
        "began_at": "began_at",
        "ended_at": "ended_at",
        "recorded_at": "recorded_at",
        "updated_at": "updated_at",
    }

    property = CodeFilter("property__code", among=properties_of)
    department = CodeFilter("department__code", among=departments_of)
    has_department = HasFilter("department")
    category = CodeFilter("category", among=categories_of, method="in_branch")
    status = ChoicesFilter(field_name="status", choices=ImprovementStatus)
    owner = EmployeeFilter(field_name="owner")
    aim = SearchFilter(field_name="aim", lookup_expr="icontains")
    due_from = DayFilter(field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(field_name="due_on", lookup_expr="lte")
    began_from = MomentFilter(field_name="began_at", lookup_expr="gte")
    began_to = MomentFilter(field_name="began_at", lookup_expr="lt")
    has_ended = HasFilter("ended_at")
    ended_from = MomentFilter(field_name="ended_at", lookup_expr="gte")
    ended_to = MomentFilter(field_name="ended_at", lookup_expr="lt")
    has_what_was_done = HasFilter("what_was_done", is_text=True)
    recorded_by = EmployeeFilter(field_name="recorded_by")
    recorded_from = MomentFilter(field_name="recorded_at", lookup_expr="gte")
    recorded_to = MomentFilter(field_name="recorded_at", lookup_expr="lt")
    version = WholeNumberFilter(field_name="version")

    def in_branch(self, queryset, name, codes):
        return queryset.filter(below_categories(codes))
