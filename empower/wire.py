"""How values travel: what a JSON body may hold, and how ids, amounts, moments and texts are read and written.

Strict on the way in: a misread amount is somebody's money, and a mistyped name must not be ignored.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.fields import SkipField, get_attribute, get_error_detail
from rest_framework.parsers import BaseParser

from empower import money
from empower.problems import Problem, UnknownReference

#: Deeper than any body of ours, and shallow enough for every reader of it.
DEEPEST = 20
LARGEST_ID = 2**63 - 1


class JSONParser(BaseParser):
    """A JSON object in UTF-8. Numbers with a point stay exact (Decimal); refused by name: NaN, a member given twice,
    NUL, half a surrogate pair, nesting below ``DEEPEST``, and more bytes than DATA_UPLOAD_MAX_MEMORY_SIZE (413).
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(largest + 1)
        if len(raw) > largest:
            raise Problem(413, "too_large", _("The body is too large: %(bytes)s bytes at most.") % {"bytes": largest})
        try:
            body = json.loads(
                raw.decode("utf-8"), parse_float=_exact, parse_constant=_no_number, object_pairs_hook=_each_once
            )
            _look_through(body, "", DEEPEST)
        except RecursionError:
            raise _too_deep() from None
        except ValueError as fault:
            raise exceptions.ParseError(_("This is not JSON: %(fault)s") % {"fault": fault}) from None
        return body


def _exact(literal):
    # Python reads any exponent; arithmetic with a million digits of it would be slow long before it is wrong.
    if len(literal) > 60:
        raise ValueError("a number of more than 60 characters")
    return Decimal(literal)


def _no_number(literal):
    raise ValueError(f"{literal} is not a number")


def _each_once(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set()
        for name, _value in pairs:
            if name in seen:
                raise exceptions.ValidationError(
                    {_printable(name): [exceptions.ErrorDetail(_("Given twice."), "twice")]}
                )
            seen.add(name)
    return found


def _look_through(thing, path, deeper):
    if isinstance(thing, str):
        if "\0" in thing:
            fault = exceptions.ErrorDetail(_("Null characters are not allowed."), "null_characters_not_allowed")
            raise exceptions.ValidationError({path or "non_field_errors": [fault]})
        if not thing.isascii() and any("\ud800" <= letter <= "\udfff" for letter in thing):
            fault = exceptions.ErrorDetail(_("Half a surrogate pair is not a character."), "surrogate")
            raise exceptions.ValidationError({path or "non_field_errors": [fault]})
    elif isinstance(thing, dict):
        if not deeper:
            raise _too_deep()
        for name, value in thing.items():
            _look_through(name, "", deeper)
            _look_through(value, f"{path}.{name}" if path else name, deeper - 1)
    elif isinstance(thing, list):
        if not deeper:
            raise _too_deep()
        for place, value in enumerate(thing):
            _look_through(value, f"{path}.{place}" if path else str(place), deeper - 1)


def _too_deep():
    return Problem(400, "too_deep", _("The body is nested more than %(levels)s levels deep.") % {"levels": DEEPEST})


def _printable(name):
    return name.encode("utf-8", "replace").decode().replace("\0", "�")[:100]


class Strict(serializers.Serializer):
    """A serializer for what comes in: a member that it does not take is an error that names it.

    All that is wrong with a body is told at once: unknown members, missing and malformed ones, and what `look_up` finds.
    ``validate`` is for what can only be asked of a body with nothing wrong in it.
    """

    default_error_messages = {"invalid": _("A JSON object is wanted."), "unknown": _("There is no such field here.")}

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            return super().to_internal_value(data)  # which refuses it
        said, errors = {}, {}
        for field in self._writable_fields:
            try:
                self.set_value(said, field.source_attrs, field.run_validation(field.get_value(data)))
            except SkipField:
                pass
            except exceptions.ValidationError as refused:
                errors[field.field_name] = refused.detail
            except ValidationError as refused:
                errors[field.field_name] = get_error_detail(refused)
        fault = exceptions.ErrorDetail(self.error_messages["unknown"], "unknown_field")
        taken = {field.field_name for field in self._writable_fields}
        errors |= {_printable(str(name)): [fault] for name in data if name not in taken}
        try:
            self.look_up(said, errors)
        except UnknownReference as missing:
            if not errors:
                raise
            errors[missing.field] = [exceptions.ErrorDetail(missing.detail, missing.code)]
        if errors:
            raise exceptions.ValidationError(errors)
        return said

    def look_up(self, said, errors):
        """Put in ``said`` the rows behind its codes and ids; what is wrong with them goes to ``errors``, by field.

        It is asked whatever else is wrong: a member that is missing or could not be read is not in ``said``. An
        `UnknownReference` may end it: alone it is a 404, beside other faults one of them.
        """


class Id(serializers.Field):
    """An id: a string of digits outside, an int inside. A JSON integer is taken too."""

    default_error_messages = {"invalid": _("An id is a string of digits.")}

    def to_representation(self, value):
        return str(value)

    def to_internal_value(self, data):
        if type(data) is int:
            data = str(data)
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{1,19}", data) or int(data) > LARGEST_ID:
            self.fail("invalid")
        return int(data)


class Text(serializers.CharField):
    """Text exactly as it was sent: never trimmed, and a number is no text."""

    def __init__(self, **options):
        super().__init__(**{"trim_whitespace": False, "allow_blank": True} | options)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Code(Text):
    """A code, as it is written in the catalogue."""

    def __init__(self, **options):
        super().__init__(**{"allow_blank": False, "max_length": 64} | options)


class Moment(serializers.Field):
    """RFC 3339, in UTC with a ``Z`` on the way out. One without a zone is refused: nothing is guessed."""

    default_error_messages = {
        "invalid": _("Write the time as in 2026-11-21T22:51:10Z."),
        "no_zone": _("The time has no zone: write it as in 2026-11-21T22:51:10Z or 2026-11-21T14:51:10-08:00."),
    }

    def to_representation(self, value):
        return moment_text(value)

    def to_internal_value(self, data):
        try:
            return read_moment(data)
        except ValueError as fault:
            return self.fail(str(fault))


_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def read_moment(text):
    """An aware datetime in UTC of RFC 3339. ValueError ``invalid`` or ``no_zone``. Below a microsecond is cut off."""
    match = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError("invalid")
    if not match["zone"]:
        raise ValueError("no_zone")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("invalid") from None


def moment_text(value):
    """``2026-11-21T22:51:10Z``, or None: UTC, with as many digits of the second as it has."""
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


class CodeOf(serializers.CharField):
    """The code of what a row refers to, as ``CodeOf("department")``; null where it refers to nothing. For answers."""

    def __init__(self, reference=None, **options):
        super().__init__(**{"allow_null": True, "read_only": True} | options)
        self.reference = reference

    def bind(self, field_name, parent):
        self.source = f"{self.reference or field_name}.code"
        super().bind(field_name, parent)


class Amount(serializers.Field):
    """Minor units as a decimal string of the row's currency, which lies at ``currency``. For answers."""

    def __init__(self, *, currency="currency", **options):
        super().__init__(**{"read_only": True, "allow_null": True} | options)
        self.currency = currency.split(".")

    def get_attribute(self, row):
        minor = super().get_attribute(row)
        return None if minor is None else (minor, get_attribute(row, self.currency))

    def to_representation(self, sum_and_currency):
        return money.to_text(*sum_and_currency)


class OrNull(serializers.CharField):
    """Text that a row keeps as "" where it has none, and that is told as null. For answers."""

    def __init__(self, **options):
        super().__init__(**{"read_only": True, "allow_null": True} | options)

    def get_attribute(self, row):
        return super().get_attribute(row) or None


class AmountAsSent(serializers.Field):
    """An amount before its currency is known: a string, or a JSON number that is exact. `minor_units` reads it."""

    default_error_messages = {"invalid": _('Write the amount as a decimal string, such as "12.34".')}

    def to_internal_value(self, data):
        if type(data) not in (str, int, Decimal):
            self.fail("invalid")
        return data


def minor_units(sent, currency, *, field, errors):
    """The minor units of an `AmountAsSent`, or None; what is wrong is added to ``errors`` under the field's name."""
    if sent is None:
        return None
    try:
        return money.to_minor(sent, currency)
    except ValidationError as refused:
        named = "currency" if refused.code == "currency" else field
        errors[named] = [exceptions.ErrorDetail(message, refused.code) for message in refused.messages]
        return None
