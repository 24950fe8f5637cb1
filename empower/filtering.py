"""What may be asked of a list: one FilterSet for the page, the API and the export, and nothing ignored.

A filter that is not known, is given twice, or has a value it can't take is an error that names it. The kinds of filters
are in `filter_kinds`.
"""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet

from empower.filter_kinds import (
    AmountFilter,
    ChoicesFilter,
    CodeFilter,
    CurrencyFilter,
    DayFilter,
    HasFilter,
    IdFilter,
    MomentFilter,
    SearchFilter,
    TextFilter,
    WholeNumberFilter,
    YesNoFilter,
    refuse_too_many,
)

__all__ = [
    "AmountFilter",
    "ChoicesFilter",
    "CodeFilter",
    "CurrencyFilter",
    "DayFilter",
    "HasFilter",
    "IdFilter",
    "MomentFilter",
    "RowFilterSet",
    "SearchFilter",
    "StrictFilterSet",
    "TextFilter",
    "WholeNumberFilter",
    "YesNoFilter",
    "in_any",
]


class StrictFilterSet(FilterSet):
    """Says which of the names it was given it does not know, and which came twice. Forms of pages may ignore that."""

    #: Names that belong to the door (the pager's), not to the list.
    beside = frozenset()
    #: What ``ordering`` takes beside the key: {word: the column, or the columns one after another}.
    orderings = {}

    def __init__(self, data=None, *args, **options):
        super().__init__(_joined(data, self.base_filters), *args, **options)

    def get_form_class(self):
        """Of what is asked alone: to make fields for all that can be asked takes longer than most questions."""
        fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return type(f"{type(self).__name__}Form", (self._meta.form,), fields)

    def faults(self):
        """``{name: [ValidationError, ...]}`` of everything wrong with what was asked; empty where all is well."""
        found = {}
        for name in self.data:
            fault = self._fault_of(name)
            if fault:
                found[name] = [fault]
        if not self.form.is_valid():
            for name, errors in self.form.errors.as_data().items():
                found.setdefault(name, errors)
        for name, filter_ in self.filters.items():
            if isinstance(filter_, AmountFilter) and name not in found:
                try:
                    filter_.minor_units(self.form.cleaned_data.get(name))
                except ValidationError as refused:
                    found[name] = refused.error_list
        return found

    def _fault_of(self, name):
        if name in self.beside:
            return None
        if name not in self.filters:
            known = ", ".join(sorted({*self.filters, *self.beside}))
            return ValidationError(
                _("There is no such filter. There are: %(known)s."), "unknown_filter", {"known": known}
            )
        if hasattr(self.data, "getlist") and len(self.data.getlist(name)) > 1:
            return ValidationError(_("Given twice."), "twice")
        if self.data.get(name) == "":
            return ValidationError(_("Nothing is asked by nothing: leave it out, or say what is wanted."), "blank")
        if "\0" in (self.data.get(name) or ""):
            return ValidationError(_("Null characters are not allowed."), "null_characters_not_allowed")
        if getattr(self.filters[name], "several", False):
            try:
                refuse_too_many(self.data[name])
            except ValidationError as fault:
                return fault
        return None


def _joined(data, filters):
    """The query with what was given again put behind a comma, where a filter takes several: both are written so."""
    if not hasattr(data, "getlist"):
        return data
    again = [name for name in data if getattr(filters.get(name), "several", False) and len(data.getlist(name)) > 1]
    if again:
        data = data.copy()
        for name in again:
            data[name] = ",".join(data.getlist(name))
    return data


class RowFilterSet(StrictFilterSet):
    """Of a list of rows: by ids, by a text in what is ``searched``, by what has changed since a moment."""

    #: The lookups that ``search`` goes through, such as ``name`` or ``guest__name``.
    searched = ()
    #: The moment of a row's last change; of one that is written once, of its writing.
    changed_at = "updated_at"

    id = IdFilter(field_name="pk")
    search = SearchFilter(method="matching")
    updated_since = MomentFilter(method="since")

    def matching(self, queryset, name, text):
        return queryset.filter(self.found_by(text))

    def since(self, queryset, name, moment):
        return queryset.filter(self.changed_since(moment))

    def found_by(self, text):
        """The condition for a row in which ``text`` is found."""
        return in_any(self.searched, text)

    def changed_since(self, moment):
        """The condition for a row that tells something new since ``moment``."""
        return Q(**{f"{self.changed_at}__gte": moment})


def in_any(lookups, text):
    """The condition that ``text`` is part of one of these columns, in capitals or not, on either engine."""
    # SQLite compares only ASCII letters without regard to case: the other ways to write the rest are asked for too.
    ways = {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize(), text.title()}
    conditions = [Q(**{f"{lookup}__icontains": way}) for lookup in lookups for way in sorted(ways)]
    return reduce(or_, conditions, Q(pk__in=[]))
