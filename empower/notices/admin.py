"""Webhooks on the desk: which addresses are told, what was sent and how it went; sent again. No secret, anywhere.

They are made and changed by the API, whose answer shows the secret the one time.
"""

import json

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskAdmin, DeskInline, VisibleFilter, number, spoken_time
from empower.staff.admin.verbs import Verb, Verbs
from empower.staff.permissions import may_open_admin

from .models import Attempt, Delivery, Mail, Webhook
from .permissions import can_manage_webhooks, may_open_webhooks
from .services import mail_leaves, ping_webhook, replay_delivery, retire_webhook


def _moment(name, said, *, place=lambda row: row.property):
    @admin.display(description=said, ordering=name)
    def column(row):
        where = place(row)
        return spoken_time(getattr(row, name), where.timezone if where else "UTC")

    column.__name__ = f"{name}_said"
    return column


def _may_send(user, webhook):
    return webhook.is_active and can_manage_webhooks(user, webhook.property_id)


PING = Verb(
    name="ping",
    label=gettext_lazy("Try it"),
    question=gettext_lazy("Send a message to try webhooks"),
    act=lambda actor, webhook: ping_webhook(actor=actor, webhook=webhook),
    may=_may_send,
    done=lambda webhook: _("a message is in line; see its deliveries."),
    tells=lambda webhook: [(_("Address"), webhook.url)],
)
RETIRE = Verb(
    name="retire",
    label=gettext_lazy("Retire"),
    question=gettext_lazy("Retire webhooks, for good"),
    act=lambda actor, webhook: retire_webhook(actor=actor, webhook=webhook),
    may=lambda user, webhook: webhook.retired_at is None and can_manage_webhooks(user, webhook.property_id),
    done=lambda webhook: _("retired; nothing is sent to it any more."),
    tells=lambda webhook: [(_("Address"), webhook.url), (_("For"), webhook.description)],
)
REPLAY = Verb(
    name="replay",
    label=gettext_lazy("Send again"),
    question=gettext_lazy("Send messages again"),
    act=lambda actor, delivery: replay_delivery(actor=actor, delivery=delivery),
    may=lambda user, delivery: _may_send(user, delivery.webhook),
    done=lambda delivery: _("in line to be sent again."),
    tells=lambda delivery: [
        (_("Type"), delivery.event_type),
        (_("Address"), delivery.webhook.url),
        (_("How it stands"), delivery.get_status_display()),
    ],
)


@admin.register(Webhook)
class WebhookDesk(Verbs, DeskAdmin):
    api_list = "webhook-list"
    list_display = ["url", "property", "told_of", "state", _moment("created_at", gettext_lazy("made"))]
    list_filter = ["is_active", ("property", VisibleFilter)]
    list_select_related = ["property"]
    readonly_fields = fields = [
        "url",
        "description",
        "property",
        "told_of",
        "state",
        _moment("failing_since", gettext_lazy("fails since")),
        _moment("gone_at", gettext_lazy("answered that it is gone")),
        _moment("retired_at", gettext_lazy("retired")),
        _moment("secret_made_at", gettext_lazy("secret made")),
        _moment("created_at", gettext_lazy("made")),
        "created_by",
    ]
    search_fields = ["url", "description"]
    verbs = [PING, RETIRE]

    def opens_to(self, user):
        return may_open_webhooks(user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("property", "created_by")

    @admin.display(description=gettext_lazy("is told of"))
    def told_of(self, webhook):
        return ", ".join(webhook.event_types)

    @admin.display(description=gettext_lazy("state"))
    def state(self, webhook):
        if webhook.retired_at:
            return _("retired")
        if webhook.gone_at:
            return _("gone")
        if not webhook.is_active:
            return _("not active")
        return _("failing") if webhook.failing_since else _("active")


class AttemptsHere(DeskInline):
    model = Attempt
    fields = readonly_fields = [
        _moment("began_at", gettext_lazy("began"), place=lambda attempt: attempt.delivery.webhook.property),
        "milliseconds",
        "status",
        "reason",
    ]
    verbose_name_plural = gettext_lazy("attempts")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("delivery__webhook__property")


@admin.register(Delivery)
class DeliveryDesk(Verbs, DeskAdmin):
    inlines = [AttemptsHere]
    date_hierarchy = "created_at"
    list_display = [
        number,
        "event_type",
        "webhook",
        "status",
        "last_status",
        "last_reason",
        "tries",
        _moment("due_at", gettext_lazy("due"), place=lambda row: row.webhook.property),
    ]
    list_filter = ["status", ("webhook", VisibleFilter)]
    list_select_related = ["webhook__property"]
    ordering = ["-pk"]
    readonly_fields = fields = [
        number,
        "webhook",
        "event_type",
        "message_id",
        "event_id",
        "status",
        "last_status",
        "last_reason",
        "tries",
        _moment("due_at", gettext_lazy("due"), place=lambda row: row.webhook.property),
        _moment("delivered_at", gettext_lazy("delivered"), place=lambda row: row.webhook.property),
        _moment("created_at", gettext_lazy("put in line"), place=lambda row: row.webhook.property),
        "message",
    ]
    search_fields = ["message_id"]
    search_ids = ("pk", "event_id")
    verbs = [REPLAY]

    def opens_to(self, user):
        return may_open_webhooks(user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("webhook__property")

    def rows_for_verb(self, request, queryset):
        return queryset.select_related("webhook__property")

    @admin.display(description=gettext_lazy("what is sent"))
    def message(self, delivery):
        return format_html(
            '<pre class="desk-pre">{}</pre>', json.dumps(json.loads(delivery.payload), indent=2, ensure_ascii=False)
        )


_MAIL_DUE, _MAIL_SENT = (
    _moment("due_at", gettext_lazy("due"), place=lambda row: None),
    _moment("sent_at", gettext_lazy("sent"), place=lambda row: None),
)


@admin.register(Mail)
class MailDesk(DeskAdmin):
    """E-mails to people: about what, when, how it went. The words are kept nowhere."""

    list_display = [number, "kind", "recipient", "status", "tries", "reason", _MAIL_DUE, _MAIL_SENT]
    list_filter = ["status", "kind"]
    list_select_related = ["recipient"]

    def opens_to(self, user):
        return may_open_admin(user)

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": ["kind", "recipient", "status", "tries", "reason"]})]

    def changelist_view(self, request, extra_context=None):
        if not mail_leaves():
            messages.info(request, _("No mail leaves the house: the operator has not set EMAIL_URL."))
        return super().changelist_view(request, extra_context)
