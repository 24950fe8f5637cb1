"""The figures of an import, and the file of what was not imported."""

import csv
from collections import Counter
from dataclasses import dataclass, field, fields

from empower.money import to_text


@dataclass
class Summary:
    """What an import did, or a rehearsal would have done. Sums in minor units, by currency, credits subtracted."""

    read: int = 0
    imported: int = 0
    already_there: int = 0
    conflicting: int = 0
    rejected: int = 0
    excused: int = 0
    unmatched_credits: int = 0
    differing_facts: int = 0
    other_timezones: int = 0
    in_utc: list = field(default_factory=list)
    sums: Counter = field(default_factory=Counter)
    sums_known: Counter = field(default_factory=Counter)
    #: What the rows named that was not there: codes of properties and people, numbers of the rest.
    opened: list = field(default_factory=list)
    hired: list = field(default_factory=list)
    made: Counter = field(default_factory=Counter)

    def add(self, other):
        """Add the figures of ``other`` to these."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                # Counters added with + lose what is not above zero.
                mine.update(theirs)
            else:
                setattr(self, one.name, mine + theirs)

    @property
    def is_complete(self):
        """Whether every row is in."""
        return not self.rejected and not self.conflicting

    def lines(self):
        """The summary as it is printed, a line each."""
        yield f"rows read: {self.read}"
        yield f"imported: {self.imported}"
        yield f"already there: {self.already_there}"
        yield f"conflicting: {self.conflicting}"
        yield f"rejected: {self.rejected}"
        yield f"excused (above the limit, no approver named): {self.excused}"
        yield f"unmatched credits: {self.unmatched_credits}"
        yield f"differing facts (the first row's stand): {self.differing_facts}"
        if self.other_timezones:
            yield f"rows in another time zone than their property's, which stands: {self.other_timezones}"
        yield f"properties opened in UTC, no time zone given: {', '.join(self.in_utc) or 'none'}"
        for currency in sorted({*self.sums, *self.sums_known}):
            yield f"sum imported: {currency} {to_text(self.sums[currency], currency)}"
        for currency in sorted({*self.sums, *self.sums_known}):
            total = self.sums[currency] + self.sums_known[currency]
            yield f"sum imported or already there: {currency} {to_text(total, currency)}"


class Rejects:
    """Writes what was not imported: its line, the reason, then the cells as they stood under the file's own columns."""

    def __init__(self, file, columns):
        self._write = csv.writer(file).writerow
        self._write(["line", "reason", *columns])

    def add(self, line, reason, cells):
        self._write([line, reason, *cells])
