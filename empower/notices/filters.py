"""What may be asked of webhooks and their deliveries."""

from empower.filtering import ChoicesFilter, CodeFilter, HasFilter, MomentFilter, RowFilterSet, TextFilter, YesNoFilter
from empower.staff.filters import properties_of

from .event_types import EVENT_TYPES, PING
from .models import Delivery

TYPES = [(name, name) for name in (*EVENT_TYPES, PING)]


class WebhookFilterSet(RowFilterSet):
    """``search`` looks through addresses and descriptions."""

    searched = ("url", "description")
    orderings = {"created_at": "created_at", "updated_at": "updated_at"}

    property = CodeFilter("property__code", among=properties_of)
    has_property = HasFilter("property")
    is_active = YesNoFilter(field_name="is_active")
    is_failing = HasFilter("failing_since")
    is_retired = HasFilter("retired_at")


class DeliveryFilterSet(RowFilterSet):
    """``search`` looks through the ids of messages."""

    searched = ("message_id",)
    orderings = {"created_at": "created_at", "updated_at": "updated_at"}

    status = ChoicesFilter(field_name="status", choices=Delivery.Status)
    type = ChoicesFilter(field_name="event_type", choices=TYPES)
    message_id = TextFilter(field_name="message_id")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt")
