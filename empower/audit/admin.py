"""The log on the review desk: read only, one's own lines, or all of it for auditors and leaders."""

import json
import re
from functools import cache

from django.apps import apps
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from empower.desk import DeskAdmin, moment, number, spoken_time

from .models import AuditEvent, Checkpoint, Position
from .permissions import can_read_the_whole_log
from .services import note_looked_up

#: What is written about, in the order of the desk.
SUBJECTS = [
    "spend", "approval", "incident", "guest", "policy", "deputy", "allotment", "gesture", "category", "touchpoint",
    "property", "department", "roomnights", "employee", "apitoken", "webhook", "delivery",
    "historyimport", "savedview",
]  # fmt: skip


class SubjectFilter(admin.SimpleListFilter):
    """By what it is about. A list of words, not of what the table holds: that would read all of it for each page."""

    title = _("what it is about")
    parameter_name = "subject_type"

    def lookups(self, request, model_admin):
        return [(name, _kind(name)) for name in SUBJECTS]

    def queryset(self, request, queryset):
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


def _kind(name):
    """What a kind of row is called in the reader's language; by its name where there is no such row any more."""
    return str(_kinds().get(name, name))


@cache
def _kinds():
    # By their names alone: the log stands below all that it tells of.
    return {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}


def _named(text):
    """(kind, id) of one thing that a search names, such as ``spend 12``, in the reader's words too; else None."""
    match = re.fullmatch(r"([^\W\d_][^\d#]{1,40}?) *#? *([0-9]{1,18})", text.strip().lower())
    if not match:
        return None
    said = {_kind(name).lower(): name for name in SUBJECTS}
    kind = said.get(match[1], match[1])
    return (kind, int(match[2])) if re.fullmatch(r"[a-z]{3,30}", kind) else None


@admin.display(description=_("when"), ordering="at")
def at(event):
    return spoken_time(event.at, "UTC")


#: The log is of no house: its times are those of UTC.
SEALED = moment("sealed_at", _("sealed"), timezone=lambda checkpoint: "UTC")


@admin.display(description=_("about"))
def subject(event):
    return f"{_kind(event.subject_type)} {event.subject_id or ''}".strip() or "-"


@admin.display(description=_("by"))
def actor(event):
    return _("the system") if event.actor_id is None else f"{_kind('employee')} {event.actor_id}"


@admin.display(description=_("position"))
def position(event):
    return getattr(getattr(event, "position", None), "position", _("waiting for its place"))


@admin.display(description=_("what was written"))
def body(event):
    return format_html(
        '<pre class="desk-pre">{}</pre>', json.dumps(json.loads(event.body), indent=2, ensure_ascii=False)
    )


@admin.register(AuditEvent)
class AuditEventDesk(DeskAdmin):
    api_list = "audit-event-list"
    date_hierarchy = "at"
    list_display = [number, "verb", "outcome", subject, actor, at]
    list_filter = ["outcome", SubjectFilter]
    lookups = frozenset({"subject_id"})
    ordering = ["-pk"]
    search_fields = ["verb", "digest__startswith"]
    search_help_text = _("a number, a thing with its number (spend 12), a part of a verb, or a digest")
    search_ids = ("pk", "subject_id")
    readonly_fields = [
        number,
        "verb",
        "outcome",
        subject,
        actor,
        "property_id",
        "about_id",
        at,
        position,
        "digest",
        body,
    ]
    fields = readonly_fields

    def opens_to(self, user):
        return user.is_authenticated and user.is_active

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("position")

    def get_search_results(self, request, queryset, search_term):
        """``spend 12`` is what was written about that one thing, by the index; else as everywhere."""
        named = _named(search_term)
        if named:
            return queryset.filter(subject_type=named[0], subject_id=named[1]), False
        return super().get_search_results(request, queryset, search_term)

    def tell_who_was_looked_up(self, request, changelist):
        asked, named = request.GET, _named(changelist.query)
        people = {named[1]} if named and named[0] == "employee" else set()
        person = asked.get("subject_id", "")
        # Without its kind a number is anybody's; a verb or a text tells the kind as well.
        is_person = asked.get("subject_type") == "employee" or (not asked.get("subject_type") and changelist.query)
        if is_person and person.isdecimal():
            people.add(int(person[:18]))
        note_looked_up(actor=request.user, employee_ids=people, how="filtered:events")


@admin.register(Position)
class PositionDesk(DeskAdmin):
    list_display = ["position", "event_id", "verb"]
    list_select_related = ["event"]
    ordering = ["-position"]
    readonly_fields = fields = ["position", "event_id", "verb"]
    search_fields = ["event__verb"]
    search_ids = ("pk", "event_id")

    def opens_to(self, user):
        return can_read_the_whole_log(user)

    @admin.display(description=_("what"))
    def verb(self, position):
        return position.event.verb


@admin.register(Checkpoint)
class CheckpointDesk(DeskAdmin):
    api_list = "audit-checkpoint-list"
    list_display = [number, "size", "root", SEALED]
    ordering = ["-size"]
    readonly_fields = fields = [number, "size", "root", SEALED, "signed_note"]
    search_fields = ["root__startswith"]
    search_ids = ("pk", "size")

    def opens_to(self, user):
        return can_read_the_whole_log(user)

    @admin.display(description=_("signed note"))
    def signed_note(self, checkpoint):
        return format_html('<pre class="desk-pre">{}</pre>', checkpoint.note)
