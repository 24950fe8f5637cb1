"""The review of an incident: it stands below, and what was given on it is told here."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from empower.desk import DeskInline
from empower.incidents.admin import OCCURRED, GuestsHere, IncidentDesk, guests, what
from empower.incidents.models import Incident, Outcome
from empower.shipped import answer_in_readers_words
from empower.staff.admin.verbs import AskForm, ReasonForm, Verb
from empower.texts import together

from ..models import Spend
from ..permissions import can_resolve, can_void
from ..queries.timeline import story_of
from ..services import resolve_incident, void_incident
from .spends import AMOUNT, REVERSED
from .spends import OCCURRED as GIVEN


@admin.display(description=gettext_lazy("request"))
def answer(spend):
    """What was asked, who answered, and why: beside the gift it was for."""
    approval = getattr(spend, "approval", None)
    if approval is None:
        return "-"
    said = [approval.get_status_display(), approval.decided_by, answer_in_readers_words(approval.reason)]
    return together(part for part in said if part)


class SpendsHere(DeskInline):
    model = Spend
    fields = readonly_fields = ["gesture", AMOUNT, "status", REVERSED, "guest", "employee", GIVEN, answer]
    ordering = ["occurred_at", "pk"]
    show_change_link = True
    verbose_name_plural = gettext_lazy("what was given and asked for")

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("gesture", "guest", "employee", "property", "approval__decided_by")
        )


class ResolveForm(AskForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it end for the guests?"), choices=[("", "---------"), *Outcome.choices]
    )
    feeling_after = forms.IntegerField(
        label=gettext_lazy("Their feeling now, 0 to 10"), required=False, min_value=0, max_value=10
    )


def _tells(incident):
    return [
        (_("What"), what(incident)),
        (_("Guests"), guests(incident)),
        (_("Happened"), OCCURRED(incident)),
        (_("Narrative"), incident.narrative[:300]),
    ]


VOID = Verb(
    name="void",
    label=gettext_lazy("Void with a reason"),
    question=gettext_lazy("Void incidents"),
    act=lambda actor, incident, reason: void_incident(actor=actor, incident=incident, reason=reason) and None,
    may=can_void,
    offered_to=lambda user: user.role in ("manager", "general_manager", "leader"),
    done=lambda incident: _("void."),
    tells=_tells,
    form=ReasonForm,
    note=gettext_lazy(
        "For what was written down by mistake. Not while something that was given or waits stands on it."
    ),
)
RESOLVE = Verb(
    name="resolve",
    label=gettext_lazy("Resolve"),
    question=gettext_lazy("Resolve incidents"),
    act=lambda actor, incident, **ending: resolve_incident(actor=actor, incident=incident, **ending) and None,
    may=can_resolve,
    offered_to=lambda user: user.role in ("manager", "general_manager", "leader"),
    done=lambda incident: _("resolved."),
    tells=_tells,
    form=ResolveForm,
)


@admin.register(Incident)
class IncidentReview(IncidentDesk):
    # How it ended and who followed up is told in the story; a gift's and a guest's row leads on to its own page.
    inlines = [GuestsHere, SpendsHere]
    verbs = [RESOLVE, VOID]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            story = story_of(obj, user=request.user, with_changes=True)
            context |= {
                "desk_before": "spending/_desk_story.html",
                "incident": obj,
                "rows": obj.incident_guests.all(),
                "story": story,
                "lines": [{"line": line, "verbs": ()} for line in story.lines],
                "desk_links": [(_("Open its page"), reverse("spending:incident_page", args=[obj.pk]))],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def rows_for_verb(self, request, queryset):
        return queryset.with_details()
