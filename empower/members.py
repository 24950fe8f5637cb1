"""Asking for less: ``fields=id,amount,approval.status``, the members of an answer by name, those inside by a point."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


def read_members(text, serializer):
    """The members asked for, as a tree ``{name: its members, or None for all of it}``, in the order they were named.

    ValidationError ``unknown_field`` names one that is not there, and those that are.
    """
    tree = {}
    for path in text.split(","):
        _add(tree, serializer, path.split("."), path)
    return tree


def _add(tree, serializer, names, path):
    fields = _fields(serializer)
    name, *below = names
    if name not in fields or (below and _fields(fields[name]) is None):
        known = ", ".join(fields)
        raise ValidationError(
            _("There is no “%(path)s” here. There are: %(known)s."),
            "unknown_field",
            {"path": path[:100], "known": known},
        )
    if not below:
        tree[name] = None
    elif tree.get(name, {}) is not None:  # else it was asked for whole already
        _add(tree.setdefault(name, {}), fields[name], below, path)


def keep_only(serializer, tree):
    """Has ``serializer`` tell only these members, in this order. The rest is not reckoned either."""
    fields = _fields(serializer).fields  # the dict inside: what is in there is bound already
    kept = {name: fields[name] for name in tree}
    fields.clear()
    fields.update(kept)
    for name, below in tree.items():
        if below:
            keep_only(kept[name], below)
    return serializer


def _fields(serializer):
    """Its fields; those of a row where it is a list; None where there is nothing inside."""
    serializer = serializer.child if isinstance(serializer, serializers.ListSerializer) else serializer
    return serializer.fields if isinstance(serializer, serializers.Serializer) else None


def columns_of(serializer, before=()):
    """The paths of all that ``serializer`` tells, in order, with the field of each; a list of things is one column."""
    for name, field in serializer.fields.items():
        if isinstance(field, serializers.Serializer):
            yield from columns_of(field, (*before, name))
        else:
            yield (*before, name), field
