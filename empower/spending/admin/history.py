"""Imports of history: a file is handed in, rehearsed, looked at, and imported when somebody says yes.

Each step is a service's; a large file is the background worker's, and its page asks how it stands.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from empower import clock
from empower.desk import DeskAdmin, number, spoken_count, spoken_day, spoken_money, spoken_time
from empower.refusals import Refused

from ..history.receiving import MOST_BYTES, first_left_out, received
from ..models import HistoryImport, HistoryImportPart, ImportState
from ..permissions import can_import_history
from ..services.history.uploads import KEPT, drop_upload, is_small, keep_upload, start_import, work_on

_BUSY = {ImportState.REHEARSAL_DUE, ImportState.REHEARSING, ImportState.IMPORT_DUE, ImportState.IMPORTING}
#: What each figure of a summary is called, and a sentence where it needs one.
_FIGURES = {
    "imported": gettext_lazy("Imported"),
    "already_there": gettext_lazy("Already there"),
    "conflicting": gettext_lazy("In conflict with what is there"),
    "rejected": gettext_lazy("Rejected"),
    "excused": gettext_lazy("Above the limit, with no approver named"),
    "unmatched_credits": gettext_lazy("Credits that nothing given answers to"),
    "differing_facts": gettext_lazy("Facts that differ from the first row of their incident, which stands"),
    "other_timezones": gettext_lazy("In another time zone than their property's, which stands"),
}
_MADE = {
    "departments": gettext_lazy("Departments"),
    "guests": gettext_lazy("Guests"),
    "categories": gettext_lazy("Categories"),
    "gestures": gettext_lazy("Gestures"),
}


class UploadForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("History file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )


def _said(field, said):
    @admin.display(description=said, ordering=field)
    def column(upload):
        return spoken_time(getattr(upload, field), "UTC")

    column.__name__ = f"{field}_said"
    return column


UPLOADED, STARTED, ENDED = (
    _said("uploaded_at", gettext_lazy("handed in")),
    _said("started_at", gettext_lazy("said yes")),
    _said("ended_at", gettext_lazy("ended")),
)


@admin.register(HistoryImport)
class HistoryImportDesk(DeskAdmin):
    list_display = [number, "state", "rows", "uploaded_by", UPLOADED, ENDED]
    list_display_links = [number, "state"]
    list_filter = ["state"]
    list_select_related = ["uploaded_by"]
    search_fields = ["digest__startswith"]
    search_help_text = gettext_lazy("a number, or the beginning of a digest")
    readonly_fields = fields = ["uploaded_by", UPLOADED, "started_by", STARTED, ENDED, "rows", "size", "digest"]

    def opens_to(self, user):
        return can_import_history(user)

    def may_add(self, user):
        return can_import_history(user)

    def get_urls(self):
        guard = self.admin_site.admin_view
        steps = [
            ("progress", require_safe(self.progress_view)),
            ("rejects", require_safe(self.rejects_view)),
            ("start", require_POST(self.start_view)),
            ("drop", require_POST(self.drop_view)),
        ]
        return [
            *(path(f"<int:pk>/{name}/", guard(view), name=f"{self.address}_{name}") for name, view in steps),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """Not Django's, which holds a transaction while it reads: a file takes some seconds, and others write."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = UploadForm(*sent, label_suffix="")
        if form.is_valid():
            try:
                with received(form.cleaned_data["file"].chunks()) as file:
                    upload = keep_upload(actor=request.user, received=file)
            except ValidationError as error:
                form.add_error("file", error.message_dict.get("file", error.messages))
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                if is_small(upload):
                    work_on(upload=upload)
                return redirect(self._place(upload))
        context = self.admin_site.each_context(request) | {
            "title": _("Import history"),
            "opts": self.opts,
            "form": form,
            "most": MOST_BYTES // 2**20,
            "changelist": f"admin:{self.address}_changelist",
        }
        request.current_app = self.admin_site.name
        status = 400 if form.is_bound else 200
        return TemplateResponse(request, "spending/desk_upload.html", context, status=status)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= self._stand_of(obj) | {
                "desk_before": "spending/_desk_import.html",
                "desk_asks": obj.state in _BUSY,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def progress_view(self, request, pk):
        """How it stands now, for the page to put in its place."""
        answer = render(request, "spending/_desk_import.html", self._stand_of(self._upload(request, pk)))
        answer["Cache-Control"] = "no-store"
        return answer

    def rejects_view(self, request, pk):
        """What was left out, as CSV, as long as it is kept."""
        upload = self._upload(request, pk)
        parts = upload.parts.filter(of=HistoryImportPart.Of.REJECTS).order_by("number")
        if not parts.exclude(content=None).exists():
            raise Http404
        pieces = (bytes(part.content) for part in parts.iterator(chunk_size=4))
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="not-imported-{upload.pk}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer

    def start_view(self, request, pk):
        upload = self._upload(request, pk)
        try:
            start_import(actor=request.user, upload=upload)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            if is_small(upload):
                work_on(upload=upload)
        return redirect(self._place(upload))

    def drop_view(self, request, pk):
        upload = self._upload(request, pk)
        try:
            drop_upload(actor=request.user, upload=upload)
            messages.success(request, _("Put aside; its content is gone."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(self._place(upload))

    def _upload(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        upload = self.get_queryset(request).filter(pk=pk).first()
        if upload is None:
            raise Http404
        return upload

    def _place(self, upload):
        return reverse(f"{self.admin_site.name}:{self.address}_change", args=[upload.pk])

    def _stand_of(self, upload):
        """What the page tells of it. One query for what was left out."""
        figures = upload.result or upload.foreseen
        left = sum(figures[name] for name in ("rejected", "conflicting", "already_there")) if figures else upload.rows
        to_import = upload.rows - left
        first = upload.parts.filter(of=HistoryImportPart.Of.REJECTS, number=0).exclude(content=None).first()
        return {
            "upload": upload,
            "is_busy": upload.state in _BUSY,
            "waits_long": upload.state in (ImportState.REHEARSAL_DUE, ImportState.IMPORT_DUE)
            and (clock.now() - (upload.started_at or upload.uploaded_at)).total_seconds() > 30,
            "read": (upload.result or {}).get("read", 0),
            "read_said": spoken_count((upload.result or {}).get("read", 0)),
            "rows_said": spoken_count(upload.rows),
            "told": _told(figures) if figures else None,
            "rehearsed": (upload.foreseen or {}).get("rehearsed", 0),
            "rehearsed_said": spoken_count((upload.foreseen or {}).get("rehearsed", 0)),
            "left_out": first_left_out(bytes(first.content)) if first else [],
            "left_out_count": figures["rejected"] + figures["conflicting"] if figures else 0,
            "kept_until": spoken_day((upload.ended_at + KEPT).date()) if upload.ended_at else None,
            "to_import": to_import,
            "to_import_said": spoken_count(to_import),
            "links": {
                name: reverse(f"{self.admin_site.name}:{self.address}_{name}", args=[upload.pk])
                for name in ("progress", "rejects", "start", "drop")
            }
            | {"here": self._place(upload)},
        }


def _told(figures):
    """The figures in words: rows, sums of each currency, and what is opened and hired."""
    currencies = sorted({*figures["sums"], *figures["sums_known"]})
    made = [(_("Properties"), figures["properties"], figures["opened"])]
    made += [(_("People"), figures["people"], figures["hired"])]
    made += [(said, figures["made"].get(name, 0), []) for name, said in _MADE.items()]
    return {
        "figures": [
            (said, spoken_count(figures[name]))
            for name, said in _FIGURES.items()
            if figures[name] or name in ("imported", "already_there", "conflicting", "rejected")
        ],
        "sums": [
            (
                currency,
                spoken_money(figures["sums"].get(currency, 0), currency),
                spoken_money(figures["sums"].get(currency, 0) + figures["sums_known"].get(currency, 0), currency),
            )
            for currency in currencies
        ],
        "made": [
            (said, spoken_count(count), ", ".join(codes), count > len(codes)) for said, count, codes in made if count
        ],
        "in_utc": ", ".join(figures["in_utc"]),
    }
