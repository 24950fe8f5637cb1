"""What people write, as it may be stored: kept letter for letter, or refused by the name of its field."""

from django.core.exceptions import ValidationError
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
