"""What a list is ordered by, and where in that order one stands: the position of a row is its values and its key.

So a list is walked to its end while rows are added: nothing is skipped and nothing told twice, ties and empty values
included. What is empty comes last, whichever way one goes. One condition in the database, no counting of rows.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models import F, Q

from empower.wire import LARGEST_ID, read_moment


@dataclass(frozen=True)
class Column:
    """One expression that a list is ordered by; ``kind`` is how its values travel in a cursor."""

    path: str
    kind: type
    may_be_empty: bool

    @classmethod
    def of(cls, model, path):
        may_be_empty, field = False, None
        for name in path.split("__"):
            if name == "pk":
                field = model._meta.pk
                continue
            try:
                field = model._meta.get_field(name)
            except FieldDoesNotExist:  # a column's own name, or a sum: whole numbers, and never empty
                return cls(path, int, may_be_empty)
            may_be_empty |= bool(field.null) or not field.concrete
            model = field.related_model or model
        kind = next((kind for cls_, kind in _KINDS if isinstance(field, cls_)), str)
        return cls(path, kind, may_be_empty)

    def value_of(self, row):
        if isinstance(row, dict):
            return row[self.path]
        for name in self.path.split("__"):
            try:
                row = row and getattr(row, name)
            except ObjectDoesNotExist:
                return None
        return row

    def read(self, sent):
        """The value that a cursor carried. ValueError for what this column can't hold."""
        if sent is None and self.may_be_empty:
            return None
        if self.kind is int:
            if type(sent) is int and -LARGEST_ID <= sent <= LARGEST_ID:
                return sent
        elif isinstance(sent, str) and "\0" not in sent and not any("\ud800" <= sign <= "\udfff" for sign in sent):
            if self.kind is str:
                return sent
            return read_moment(sent) if self.kind is datetime else date.fromisoformat(sent)
        raise ValueError("no value of this column")

    def ordered(self, descending):
        expression = F(self.path)
        if not self.may_be_empty:
            return expression.desc() if descending else expression.asc()
        return expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)

    def ordered_backwards(self, descending):
        expression = F(self.path)
        if not self.may_be_empty:
            return expression.asc() if descending else expression.desc()
        return expression.asc(nulls_first=True) if descending else expression.desc(nulls_first=True)

    def beyond(self, value, descending):
        """Rows whose value comes after this one; None where there can be none."""
        if value is None:
            return None
        after = Q(**{f"{self.path}__{'lt' if descending else 'gt'}": value})
        return after | Q(**{f"{self.path}__isnull": True}) if self.may_be_empty else after

    def before(self, value, descending):
        if value is None:
            return Q(**{f"{self.path}__isnull": False})
        return Q(**{f"{self.path}__{'gt' if descending else 'lt'}": value})

    def same(self, value):
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


_KINDS = (
    (models.DateTimeField, datetime),
    (models.DateField, date),
    (models.IntegerField, int),
    (models.BooleanField, int),
    (models.ForeignKey, int),
    (models.OneToOneField, int),
)


@dataclass(frozen=True)
class Order:
    """``word`` as it was asked for; the columns that it stands for, the unique key last."""

    word: str
    columns: tuple
    descending: bool

    @classmethod
    def of(cls, word, *, model, orderings, key):
        """KeyError for a word that is none of them. ``orderings``: {word: path, or several that come one after another}."""
        name = word.removeprefix("-")
        paths = () if name == key else orderings[name]
        paths = (paths,) if isinstance(paths, str) else paths
        return cls(word, tuple(Column.of(model, path) for path in (*paths, key)), word.startswith("-"))

    def applied(self, rows, *, backwards=False):
        way = Column.ordered_backwards if backwards else Column.ordered
        return rows.order_by(*(way(column, self.descending) for column in self.columns))

    def from_position(self, rows, values, *, backwards=False):
        """The rows after this position, or those before it, nearest first."""
        wanted, so_far = None, Q()
        for column, value in zip(self.columns, values, strict=True):
            further = (column.before if backwards else column.beyond)(value, self.descending)
            if further is not None:
                wanted = so_far & further if wanted is None else wanted | (so_far & further)
            so_far &= column.same(value)
        first, value = self.columns[0], values[0]
        if len(self.columns) > 1 and value is not None and not first.may_be_empty:
            # Said once more in a form that an index can begin at.
            way = "lte" if self.descending != backwards else "gte"
            wanted = Q(**{f"{first.path}__{way}": value}) & wanted
        return self.applied(rows.filter(wanted), backwards=backwards)

    def position_of(self, row):
        """What a cursor carries of a row."""
        return [_carried(column.value_of(row)) for column in self.columns]

    def read_position(self, sent):
        """The values of a position. ValueError for what is none of this order."""
        if not isinstance(sent, list) or len(sent) != len(self.columns):
            raise ValueError("no position in this order")
        return [column.read(value) for column, value in zip(self.columns, sent, strict=True)]


def _carried(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
