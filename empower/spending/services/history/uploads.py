"""History files handed in at the desk: kept in parts, rehearsed, and imported when somebody has said yes.

The work is the background worker's (`work_on_imports`, a duty); a small file is worked on at once by whoever handed it
in, by the same steps. A worker that dies in the middle leaves its name behind: after `LOST` another takes over, and what
was in by then is in. Nothing of a file but its digest and its figures is in events or logs.
"""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock, duties
from empower.audit.services import command, record_event
from empower.refusals import NotPermitted, NotPossible

from ...history.reading import HistoryFile
from ...history.receiving import LeftOut
from ...history.totals import added_up, figures_of
from ...models import HistoryImport, HistoryImportPart, ImportState
from ...permissions import can_import_history
from .importing import import_history
from .looking import look_through

#: Up to so many rows are worked on at once, while the person waits: some seconds.
AT_ONCE = 200
#: Files of one person that are not imported yet.
MOST_OPEN = 5
#: How long what was left out can be fetched, and how long a file waits for a yes.
KEPT = timedelta(days=7)
#: After this long without a word from its worker, an import is taken up by another.
LOST = timedelta(minutes=10)
#: A rehearsal is one transaction that is taken back. On SQLite nobody else writes meanwhile, and others wait 20 seconds
#: at most; on PostgreSQL it holds the incidents that it meets. The rows after that are looked through, not tried.
LONGEST_REHEARSAL = {"sqlite": 8, "postgresql": 120}

_OPEN = [ImportState.REHEARSAL_DUE, ImportState.REHEARSING, ImportState.REHEARSED]


@command("history_import.uploaded")
def keep_upload(*, actor, received):
    """Keep a `Received` file, due to be rehearsed. Event ``history_import.uploaded``, with digest, size and rows.

    By leaders and the superuser. The same file of the same person that is not imported yet is that one. NotPossible
    ``too_many`` above five that wait.
    """
    _require(actor)
    waiting = HistoryImport.objects.filter(uploaded_by=actor, state__in=_OPEN)
    same = waiting.filter(digest=received.digest).first()
    if same:
        return same
    if waiting.count() >= MOST_OPEN:
        raise NotPossible(
            "too_many", _("Other files of yours wait: import them, or put them aside."), state={"most": MOST_OPEN}
        )
    upload = HistoryImport.objects.create(
        uploaded_by=actor,
        uploaded_at=clock.now(),
        digest=received.digest,
        size=received.size,
        rows=received.rows,
    )
    _keep_parts(upload, HistoryImportPart.Of.FILE, received.parts())
    record_event(actor=actor, verb="history_import.uploaded", subject=upload, after=_told(upload))
    return upload


@command("history_import.started", subject="upload")
def start_import(*, actor, upload):
    """Say yes to what the rehearsal foresees: it is due to be imported, by the system. Event ``history_import.started``.

    By leaders and the superuser. NotPossible ``not_rehearsed`` when it is not waiting for a yes.
    """
    _require(actor)
    _lock(upload)
    if upload.state != ImportState.REHEARSED:
        raise NotPossible("not_rehearsed", _("This file does not wait for a yes."), state={"import": upload.pk})
    upload.state, upload.started_by, upload.started_at = ImportState.IMPORT_DUE, actor, clock.now()
    upload.save(update_fields=["state", "started_by", "started_at"])
    record_event(
        actor=actor,
        verb="history_import.started",
        subject=upload,
        after=_told(upload),
        facts={"foreseen": upload.foreseen},
    )
    return upload


@command("history_import.dropped", subject="upload")
def drop_upload(*, actor, upload):
    """Put a file aside: its content goes. Event ``history_import.dropped``. By leaders, the superuser and the system.

    NotPossible ``begun`` once somebody has said yes.
    """
    if actor is not None:
        _require(actor)
    _lock(upload)
    if upload.state not in _OPEN:
        raise NotPossible("begun", _("It was imported, or put aside, before."), state={"import": upload.pk})
    upload.state, upload.ended_at = ImportState.DROPPED, clock.now()
    upload.save(update_fields=["state", "ended_at"])
    upload.parts.all().delete()
    record_event(actor=actor, verb="history_import.dropped", subject=upload, after=_told(upload))
    return upload


def work_on_imports():
    """The duty: all that is due, oldest first; then what was kept long enough is forgotten. One query when nothing is."""
    due = Q(state__in=[ImportState.REHEARSAL_DUE, ImportState.IMPORT_DUE]) | _lost()
    for upload in HistoryImport.objects.filter(due).order_by("pk"):
        if duties.stopping():
            return
        work_on(upload=upload)
    _forget()


def work_on(*, upload):
    """The step that is due, if nobody else is at it. Returns the upload as it stands then."""
    if _claimed(upload, ImportState.REHEARSAL_DUE, ImportState.REHEARSING):
        _rehearse(upload)
    elif _claimed(upload, ImportState.IMPORT_DUE, ImportState.IMPORTING):
        _import(upload)
    upload.refresh_from_db()
    return upload


def is_small(upload):
    """Whether whoever handed it in may wait for it."""
    return upload.rows <= AT_ONCE


# --- the steps -----------------------------------------------------------------------------------------------------


def _rehearse(upload):
    with _as_it_came(upload) as file:
        left_out = LeftOut(file.columns)
        longest, begun = LONGEST_REHEARSAL[connection.vendor], monotonic()
        summary = import_history(
            actor=None,
            file=file,
            on_left_out=left_out.add,
            rehearsing=True,
            rows_at_once=50,
            enough=lambda _summary: monotonic() - begun > longest,
        )
        figures = {"rehearsed": summary.read}
        if summary.read < upload.rows:
            look_through(file=file, summary=summary, left_out_lines=left_out.lines, on_left_out=left_out.add)
        figures |= figures_of(summary)
    with transaction.atomic():
        _lock(upload)
        if upload.state != ImportState.REHEARSING:  # put aside meanwhile
            return
        upload.foreseen, upload.state = figures, ImportState.REHEARSED
        upload.save(update_fields=["foreseen", "state"])
        _keep_parts(upload, HistoryImportPart.Of.REJECTS, left_out.whole())


def _import(upload):
    before = upload.result  # of a worker who was stopped in the middle

    def note(summary):
        upload.result, upload.worked_at = added_up(before, figures_of(summary)), clock.now()
        upload.save(update_fields=["result", "worked_at"])
        return duties.stopping()

    with _as_it_came(upload) as file:
        left_out = LeftOut(file.columns)
        summary = import_history(actor=None, file=file, on_left_out=left_out.add, enough=note)
    with transaction.atomic():
        _lock(upload)
        upload.result = added_up(before, figures_of(summary))
        if summary.read < upload.rows:
            upload.state = ImportState.IMPORT_DUE
            upload.save(update_fields=["result", "state"])
            return
        upload.state, upload.ended_at = ImportState.DONE, clock.now()
        upload.save(update_fields=["result", "state", "ended_at"])
        upload.parts.filter(of=HistoryImportPart.Of.FILE).delete()
        _keep_parts(upload, HistoryImportPart.Of.REJECTS, left_out.whole())
        record_event(
            actor=None, verb="history_import.done", subject=upload, after=_told(upload), facts={"result": upload.result}
        )


def _forget():
    long_ago = clock.now() - KEPT
    HistoryImportPart.objects.filter(history_import__ended_at__lt=long_ago).delete()
    for upload in HistoryImport.objects.filter(state__in=_OPEN, uploaded_at__lt=long_ago).order_by("pk"):
        drop_upload(actor=None, upload=upload)


# --- what they share -----------------------------------------------------------------------------------------------


def _require(actor):
    if not can_import_history(actor):
        raise NotPermitted("import_history", _("History is handed in by leaders and by the administrator."))


def _lock(upload):
    upload.refresh_from_db(from_queryset=HistoryImport.objects.select_for_update(no_key=True))


def _lost():
    at_it = [ImportState.REHEARSING, ImportState.IMPORTING]
    return Q(state__in=at_it, worked_at__lt=clock.now() - LOST)


def _claimed(upload, due, at_it):
    """Is the step ours now? One conditional update: of two workers one gets it."""
    free = Q(state=due) | (Q(state=at_it) & _lost())
    claimed = HistoryImport.objects.filter(free, pk=upload.pk).update(state=at_it, worked_at=clock.now())
    if claimed:
        upload.refresh_from_db()
    return bool(claimed)


@contextmanager
def _as_it_came(upload):
    """The `HistoryFile` that was handed in, on this machine's disk while the block lasts."""
    with TemporaryDirectory(prefix="history-") as folder:
        path = Path(folder) / "history.csv"
        with path.open("wb") as file:
            for part in upload.parts.filter(of=HistoryImportPart.Of.FILE).order_by("number").iterator(chunk_size=4):
                file.write(part.content)
        yield HistoryFile(path, called=str(_("The file")))


def _keep_parts(upload, of, pieces):
    """In the place of what was kept of it before."""
    upload.parts.filter(of=of).delete()
    for number, piece in enumerate(pieces):
        HistoryImportPart.objects.create(history_import=upload, of=of, number=number, content=piece)


def _told(upload):
    """The whole state, for the log."""
    return {
        "state": str(upload.state),
        "digest": upload.digest,
        "size": upload.size,
        "rows": upload.rows,
        "uploaded_by": upload.uploaded_by_id,
        "started_by": upload.started_by_id,
    }
