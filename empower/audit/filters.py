"""What may be asked of the audit log. People and places are plain ids here: the log outlives them."""

from django_filters import CharFilter

from empower.filtering import ChoicesFilter, IdFilter, MomentFilter, StrictFilterSet, WholeNumberFilter

from .models import AuditEvent


class AuditEventFilterSet(StrictFilterSet):
    verb = CharFilter(field_name="verb")
    outcome = ChoicesFilter(field_name="outcome", choices=AuditEvent.Outcome)
    actor = IdFilter(field_name="actor_id")
    about = IdFilter(field_name="about_id")
    property = IdFilter(field_name="property_id")
    subject_type = CharFilter(field_name="subject_type")
    subject = IdFilter(field_name="subject_id")
    at_from = MomentFilter(field_name="at", lookup_expr="gte")
    at_to = MomentFilter(field_name="at", lookup_expr="lt")
    position_from = WholeNumberFilter(field_name="position__position", lookup_expr="gte")
    position_to = WholeNumberFilter(field_name="position__position", lookup_expr="lt")
