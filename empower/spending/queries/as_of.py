"""Reading as of a moment: every question is asked of the tables as they were, in the words in which it is asked today.

What a row said then is told by the facts that carry moments of their own (reversals, decisions, resolutions, entries) and,
where a row keeps none, by the events of the audit log, which hold its state before and after. `past_tables` says it as
one SELECT for each table; here they stand, as a WITH of the table's own name, in front of the statement that asks. So a
filter, an order, a sum or a report means the same then as now, nothing is written, and a read replica will do.

By ``recorded``: what was written down by then. By ``occurred``: what had happened by then, as it is known today. Both: what
had happened by the one and was written down by the other.

Reference data (names, codes, time zones, roles, the tree of causes) and words (notes, reasons) are today's.
"""

import builtins
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models.query import ModelIterable

from .past_tables import past_tables


@dataclass(frozen=True)
class Moments:
    """As of when, aware: by when it was ``recorded``, by when it ``occurred``; None is no bound."""

    recorded: object = None
    occurred: object = None

    def __bool__(self):
        return self.recorded is not None or self.occurred is not None

    @builtins.property
    def earliest(self):
        """The moment at which one stands: the earlier of the two, or None."""
        return min((one for one in (self.recorded, self.occurred) if one is not None), default=None)

    def tables(self):
        """A context in which every SELECT of this connection reads the tables as of these moments. Not for writing.

        A queryset has to be evaluated inside; each statement costs what it did, and a look into the log by index for
        each row that has changed since.
        """
        return _tables_as_of(self) if self else nullcontext()


NOW = Moments()
"""As everything is asked that does not say otherwise."""


@contextmanager
def _tables_as_of(moments):
    tables = past_tables(connection.vendor, recorded=moments.recorded, occurred=moments.occurred)

    def ask(execute, sql, params, many, context):
        if sql.startswith(("SELECT", "(SELECT")):
            named = [f'"{name}" AS NOT MATERIALIZED ({past})' for name, past in tables.items() if f'"{name}"' in sql]
            if named:
                sql = f"WITH {', '.join(named)} {sql}"
        return execute(sql, params, many, context)

    # A WITH has no primary key that the other columns of a GROUP BY would follow from: all of them are named.
    features, name = connection.features, "allows_group_by_selected_pks"
    before = getattr(features, name)
    setattr(features, name, False)
    try:
        with connection.execute_wrapper(ask):
            yield
    finally:
        setattr(features, name, before)


def as_of(rows, *, recorded=None, occurred=None):
    """The queryset, to be read as of these moments: its filters, its order and what each row tells. Asked twice, both.

    For rows; `count`, `values` and `aggregate` need `Moments.tables` round them.
    """
    moments = getattr(rows._iterable_class, "moments", NOW)
    given = {"recorded": recorded, "occurred": occurred}
    moments = replace(moments, **{name: one for name, one in given.items() if one is not None})
    rows = rows._chain()
    rows._iterable_class = type("AsOf", (_AsOf,), {"moments": moments})
    return rows


class _AsOf(ModelIterable):
    moments = NOW

    def __iter__(self):
        rows = super().__iter__()
        with self.moments.tables():
            # The statement is run for the first row; the others come from its cursor, whatever else is asked meanwhile.
            first = next(rows, None)
        if first is not None:
            yield first
            yield from rows
