"""What a rehearsal had no time for: the rest of the file is looked through, and nothing is tried.

A row is refused here for what it says, for what it names, for what is there already. What only the writing tells (whether
a gift was above the limit, what a credit answers to) is told of the rehearsed rows alone.
"""

from itertools import islice

from django.db import transaction

from empower import clock

from ...history.known import Known
from ...history.placing import Unfit, placed
from ...history.reading import BadRow

_KINDS = ("properties", "employees", "departments", "guests", "categories", "gestures")


def look_through(*, file, summary, left_out_lines, on_left_out, rows_at_once=200):
    """Adds what lies after the ``summary.read`` rows that were rehearsed, without those ``left_out_lines``, to the summary.

    Nine queries for ``rows_at_once`` rows, each lot in a transaction of its own, which writes nothing.
    """
    rest, records = _Rest(summary, summary.read), file.rows()
    while batch := list(islice(records, rows_at_once)):
        with transaction.atomic():
            known = Known([record for record in batch if not isinstance(record, BadRow)])
            for record in batch:
                rest.take(record, known, file.survey, left_out_lines, on_left_out)
    rest.tell(file.survey)


class _Rest:
    def __init__(self, summary, rehearsed):
        self.summary, self.rehearsed, self.number = summary, rehearsed, 0
        self.seen = {}
        self.named = {kind: {} for kind in _KINDS}  # a dict keeps the order

    def take(self, record, known, survey, left_out_lines, on_left_out):
        self.number += 1
        if self.number <= self.rehearsed:
            if not isinstance(record, BadRow) and record.line not in left_out_lines:
                self._remember(record, known)
            return
        self.summary.read += 1
        try:
            if isinstance(record, BadRow):
                raise Unfit(record.reason)
            reason = self._look_at(record, known, survey)
        except Unfit as unfit:
            self.summary.rejected += 1
            reason = str(unfit)
        if reason:
            on_left_out(record.line, reason, record.cells)

    def _look_at(self, row, known, survey):
        property = known.properties.get(row.property)
        there = property and known.rows.get((property.pk, row.external_id))
        before = self.seen.get((row.property, row.external_id))
        if there or before:
            same = (not there.salt or row.digest(there.salt) == there.digest) if there else row.digest("") == before
            if not same:
                self.summary.conflicting += 1
                return "conflict: this external_id is in already, with other content"
            self.summary.already_there += 1
            if row.currency and row.amount is not None:
                self.summary.sums_known[row.currency] += row.amount
            return None
        placed(row, known=known, survey=survey, now=clock.now())
        self.summary.imported += 1
        if row.amount is not None:
            self.summary.sums[row.currency] += row.amount
        self._remember(row, known)
        return None

    def _remember(self, row, known):
        self.seen[row.property, row.external_id] = row.digest("")
        property = known.properties.get(row.property)
        here = property and property.pk
        for kind, name, there in (
            ("properties", row.property, property),
            ("employees", row.employee, row.employee in known.employees),
            ("employees", row.approved_by, row.approved_by in known.employees),
            (
                "departments",
                row.department and (row.property, row.department),
                (here, row.department) in known.departments,
            ),
            ("guests", row.guest and (row.property, row.guest), (here, row.guest) in known.guests),
            ("categories", row.category, row.category in known.categories),
            ("gestures", row.gesture if row.amount is not None else "", row.gesture in known.gestures),
        ):
            if name and not there:
                self.named[kind][name] = True

    def tell(self, survey):
        named, summary = self.named, self.summary
        summary.opened, summary.hired = list(named["properties"]), list(named["employees"])
        summary.in_utc = [code for code in summary.opened if code not in survey.timezones]
        summary.made.clear()
        summary.made.update({kind: len(named[kind]) for kind in _KINDS[2:] if named[kind]})
