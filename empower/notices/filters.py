"""What may be asked of webhooks and their deliveries."""

from functools import reduce
from operator import or_

from django.db.models import Q

from empower.filtering import (
    ChoicesFilter,
    CodeFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    RowFilterSet,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
)
from empower.staff.filters import EmployeeFilter, properties_of

from .event_types import ALL, EVENT_TYPES, PING
from .models import Delivery

_TYPES = [(name, name) for name in EVENT_TYPES]


class WebhookFilterSet(RowFilterSet):
    """``search`` looks through addresses and descriptions; ``event_types`` finds who is told of any of them."""

    searched = ("url", "description")
    orderings = {"created_at": "created_at", "updated_at": "updated_at", "failing_since": "failing_since"}

    url = TextFilter(field_name="url")
    description = TextFilter(field_name="description")
    event_types = ChoicesFilter(method="told_of", choices=_TYPES)
    property = CodeFilter("property__code", among=properties_of)
    has_property = HasFilter("property")
    is_active = YesNoFilter(field_name="is_active")
    has_failing_since = HasFilter("failing_since")
    failing_since_from = MomentFilter(field_name="failing_since", lookup_expr="gte")
    failing_since_to = MomentFilter(field_name="failing_since", lookup_expr="lt")
    has_gone_at = HasFilter("gone_at")
    has_retired_at = HasFilter("retired_at")
    has_old_secret_until = HasFilter("old_secret_until")
    secret_version = WholeNumberFilter(field_name="secret_number")
    created_by = EmployeeFilter(field_name="created_by")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt")
    version = WholeNumberFilter(field_name="version")

    def told_of(self, queryset, name, types):
        # A list of codes without quotes in them: as JSON, each stands there in its own.
        wanted = [Q(event_types__icontains=f'"{one}"') for one in dict.fromkeys((*types, ALL))]
        return queryset.filter(reduce(or_, wanted))


class DeliveryFilterSet(RowFilterSet):
    """``search`` looks through the ids of messages."""

    searched = ("message_id",)
    orderings = {"created_at": "created_at", "updated_at": "updated_at", "due_at": "due_at"}

    webhook = IdFilter(field_name="webhook_id")
    status = ChoicesFilter(field_name="status", choices=Delivery.Status)
    type = ChoicesFilter(field_name="event_type", choices=[*_TYPES, (PING, PING)])
    event = IdFilter(field_name="event_id")
    message_id = TextFilter(field_name="message_id")
    tries = WholeNumberFilter(field_name="tries")
    last_status = WholeNumberFilter(field_name="last_status")
    last_reason = TextFilter(field_name="last_reason")
    due_from = MomentFilter(field_name="due_at", lookup_expr="gte")
    due_to = MomentFilter(field_name="due_at", lookup_expr="lt")
    delivered_from = MomentFilter(field_name="delivered_at", lookup_expr="gte")
    delivered_to = MomentFilter(field_name="delivered_at", lookup_expr="lt")
    created_from = MomentFilter(field_name="created_at", lookup_expr="gte")
    created_to = MomentFilter(field_name="created_at", lookup_expr="lt")
