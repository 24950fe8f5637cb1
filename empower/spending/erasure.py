"""The personal words of this app, handed to `incidents.erasure` at start: notes, reasons, questions, replies, salts."""

from empower.incidents.erasure import answers_about, register
from empower.incidents.models import Incident

from .models import Approval, HistoryImportPart, HistoryRow, Reversal, Spend


def _on_incidents_of(model, path="incident"):
    """Rows on any incident that one of these guests is on: a note about one may name another."""
    return lambda guest_ids: model.objects.filter(**{f"{path}__incident_guests__guest__in": guest_ids})


def _incidents(guest_ids):
    return Incident.objects.filter(incident_guests__guest__in=guest_ids)


def _ids(rows):
    return rows.values("pk")


def hand_over():
    """Called once when the app starts."""
    spends, approvals = _on_incidents_of(Spend), _on_incidents_of(Approval, "spend__incident")
    rows = _on_incidents_of(HistoryRow)
    # An UPDATE can't join: the ids of the rows first, then the rows.
    for label, fields, find in (
        ("spending.Spend", ["note", "reason"], spends),
        ("spending.Approval", ["question", "reply", "reason"], approvals),
        ("spending.HistoryRow", ["salt"], rows),
        ("spending.Reversal", ["reason"], _on_incidents_of(Reversal, "spend__incident")),
        # Known again by its history rows, so importing it twice stays safe.
        ("incidents.Incident", ["external_id"], _incidents),
    ):
        register(label, fields, lambda ids, find=find: find(ids).model.objects.filter(pk__in=_ids(find(ids))))
    # Whom they name nobody knows: what an import left out goes with the first guest who is erased.
    register("spending.HistoryImportPart", ["content"], lambda _ids: HistoryImportPart.objects.filter(of="rejects"))
    register(
        "staff.IdempotencyKey",
        ["answer"],
        lambda ids: answers_about(["spend"], _ids(spends(ids))) | answers_about(["approval"], _ids(approvals(ids))),
    )
