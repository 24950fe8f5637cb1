"""What people write, as it may be stored: kept letter for letter, or refused by the name of its field; as it is shown."""

import re
from functools import reduce
from unicodedata import bidirectional

from django.core.exceptions import ValidationError
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _


def as_sent(value, field, *, longest=None, required=False):
    """``value`` unchanged, or ValidationError ({field: ...}): ``invalid``, ``null_characters``, ``too_long``, ``required``.

    PostgreSQL stores no NUL, and neither engine half a surrogate pair; both come in through JSON.
    """
    if not isinstance(value, str):
        raise ValidationError({field: ValidationError(_("Write this as text."), code="invalid")})
    if "\x00" in value or (not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise ValidationError(
            {field: ValidationError(_("This holds a character that can't be stored (NUL)."), code="null_characters")}
        )
    if longest is not None and len(value) > longest:
        raise ValidationError(
            {
                field: ValidationError(
                    _("%(longest)d characters at most; these are %(count)d."),
                    code="too_long",
                    params={"longest": longest, "count": len(value)},
                )
            }
        )
    if required and not value.strip():
        raise ValidationError({field: ValidationError(_("This can't be empty."), code="required")})
    return value


def malformed(field, message, *, code="invalid", **params):
    """The ValidationError that names one field."""
    return ValidationError({field: ValidationError(message, code=code, params=params or None)})


def runs_from_right(text):
    """Whether its first letter is of a script that is written from right to left; None for no letter at all."""
    for letter in str(text):
        kind = bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return None


def together(names):
    """“Rania Haddad, Sami Haddad”, with the comma of the reader's language; "" for none."""
    # Not Babel's: its Arabic list says the last one twice.
    said = [apart(name) for name in names]
    return reduce(lambda told, name: gettext("%(told)s, %(name)s") % {"told": told, "name": name}, said) if said else ""


#: The embeddings, overrides and isolates of the bidirectional algorithm; and what was set apart before, which stays so.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SET_APART = re.compile("\u2068[^\u202a-\u202e\u2066-\u2069]*\u2069")


def apart(text):
    """``text`` as it goes into a sentence: set apart (U+2068, U+2069) where it holds letters of the other direction.

    Else the marks and numbers beside it would be drawn on its wrong side. In what goes the sentence's way, nothing is
    added: most texts are compared, searched and copied. What a name itself says about directions (U+202E and its like) is
    left out: it would turn round whatever stands after it.
    """
    text = str(text)
    if _TURNS.search(_SET_APART.sub("", text)):
        text = _TURNS.sub("", text)
    other = {"L"} if get_language_bidi() else {"R", "AL"}
    return f"\u2068{text}\u2069" if any(bidirectional(letter) in other for letter in text) else text
