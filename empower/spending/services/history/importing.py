"""Importing what happened before: each row of a history file is one command, of the system."""

from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from empower import clock
from empower.audit.services import whole_command
from empower.refusals import NotPermitted, Refused
from empower.staff.permissions import acts_as_system

from ...history.known import Known
from ...history.placing import Unfit, placed
from ...history.reading import BadRow
from ...history.summary import Summary
from .arriving import write_row

# Any number, as long as nothing else takes this lock: "history" read as a number, in base 36.
IMPORT_LOCK = int("history", 36)


def import_history(*, actor, file, on_left_out=None, rehearsing=False, rows_at_once=200, enough=None):
    """Brings in the rows of a `HistoryFile` that are not in yet. Returns the `Summary`.

    The system alone (``actor`` None). ``rows_at_once`` rows are one transaction: cut off, it can be run again. One
    import at a time writes. ``rehearsing`` does all of it in one transaction and takes it back; on SQLite nobody else
    writes meanwhile. ``on_left_out`` is called with (line, reason, cells) for each row that was rejected or is in
    conflict. ``enough`` is asked after each of these transactions, with the `Summary` so far: True ends it there. Some
    twenty statements a row.
    """
    if not acts_as_system(actor):
        raise NotPermitted("system_only", _("History is imported by the system."))
    if not rehearsing:
        return _import_all(file, on_left_out, rows_at_once, enough)
    with transaction.atomic():
        summary = _import_all(file, on_left_out, rows_at_once, enough)
        transaction.set_rollback(True)
    return summary


def _import_all(file, on_left_out, rows_at_once, enough):
    summary, records = Summary(), file.rows()
    while batch := list(islice(records, rows_at_once)):
        with transaction.atomic():
            _take_turns()
            _Batch(batch, file.survey, summary, on_left_out or (lambda *row: None)).run()
        if enough is not None and enough(summary):
            break
    return summary


def _take_turns():
    """Nothing makes two guests of one name impossible, so no two imports look at once for what is missing."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


class _Batch:
    """Some rows on their way in, in one transaction, each in a savepoint of its own."""

    def __init__(self, records, survey, summary, on_left_out):
        self.records = records
        self.survey = survey
        self.summary = summary
        self.on_left_out = on_left_out
        self.look_up()

    def look_up(self):
        self.known = Known([record for record in self.records if not isinstance(record, BadRow)])

    def run(self):
        for record in self.records:
            self.summary.read += 1
            try:
                if isinstance(record, BadRow):
                    raise Unfit(record.reason)
                reason = self.take(record)
            except Unfit as unfit:
                self.summary.rejected += 1
                reason = str(unfit)
            if reason:
                self.on_left_out(record.line, reason, record.cells)

    def take(self, row):
        """Brings the row in, if it is not. In words, what it is in conflict with; Unfit where it can't be brought in."""
        property = self.known.properties.get(row.property)
        there = property and self.known.rows.get((property.pk, row.external_id))
        if there:
            # Without a salt the guest was erased since: what it said can't be compared any more.
            if there.salt and row.digest(there.salt) != there.digest:
                self.summary.conflicting += 1
                return "conflict: this external_id is in already, with other content"
            self.summary.already_there += 1
            if there.currency:
                self.summary.sums_known[there.currency] += there.amount
            return None
        place = placed(row, known=self.known, survey=self.survey, now=clock.now())
        try:
            with whole_command(apart=True), transaction.atomic():
                told = write_row(row=row, place=place, known=self.known, survey=self.survey)
        except (ValidationError, Refused, IntegrityError) as refusal:
            # What the row had made before it failed is undone, but remembered here as known.
            self.look_up()
            raise Unfit(_in_words(refusal)) from None
        self.summary.imported += 1
        self.summary.add(told)
        return None


def _in_words(refusal):
    if isinstance(refusal, ValidationError):
        if hasattr(refusal, "error_dict"):
            return "; ".join(f"{name}: {' '.join(said)}" for name, said in refusal.message_dict.items())
        return " ".join(refusal.messages)
    return f"the database refuses it: {refusal}" if isinstance(refusal, IntegrityError) else str(refusal)
