"""What may be asked of the audit log. People and places are plain ids here: the log outlives them."""

from empower.filtering import (
    ChoicesFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    TextFilter,
    WholeNumberFilter,
)

from .models import AuditEvent


class AuditEventFilterSet(RowFilterSet):
    """``search`` looks through the verb and the kind of the subject; there is no other text in an event.

    By ``actor``, ``about``, or ``subject`` with ``subject_type=employee``: a question about people, who are told.
    """

    searched = ("verb", "subject_type", "digest")
    changed_at = "at"
    orderings = {"at": "at", "position": "position__position"}

    verb = TextFilter(field_name="verb")
    outcome = ChoicesFilter(field_name="outcome", choices=AuditEvent.Outcome)
    actor = IdFilter(field_name="actor_id")
    has_actor = HasFilter("actor_id")
    about = IdFilter(field_name="about_id")
    has_about = HasFilter("about_id")
    property = IdFilter(field_name="property_id")
    has_property = HasFilter("property_id")
    subject_type = TextFilter(field_name="subject_type")
    subject = IdFilter(field_name="subject_id")
    digest = TextFilter(field_name="digest")
    at_from = MomentFilter(field_name="at", lookup_expr="gte")
    at_to = MomentFilter(field_name="at", lookup_expr="lt")
    position_from = WholeNumberFilter(field_name="position__position", lookup_expr="gte")
    position_to = WholeNumberFilter(field_name="position__position", lookup_expr="lt")
    has_position = HasFilter("position")

    def people_asked_for(self):
        """The ids of the employees whom a (valid) filterset was asked about."""
        asked = self.form.cleaned_data
        kind = asked.get("subject_type")
        # Without its kind a number is anybody's; a verb or a text tells the kind as well.
        is_person = kind == "employee" or (not kind and (asked.get("verb") or asked.get("search")))
        names = ("actor", "about", *(["subject"] if is_person else []))
        return {one for name in names for one in asked.get(name, ())}


class CheckpointFilterSet(RowFilterSet):
    changed_at = "sealed_at"
    orderings = {"size": "size", "sealed_at": "sealed_at"}

    size = WholeNumberFilter(field_name="size")
    size_from = WholeNumberFilter(field_name="size", lookup_expr="gte")
    size_to = WholeNumberFilter(field_name="size", lookup_expr="lt")
    root = TextFilter(field_name="root")
    sealed_at_from = MomentFilter(field_name="sealed_at", lookup_expr="gte")
    sealed_at_to = MomentFilter(field_name="sealed_at", lookup_expr="lt")
