"""How a refusal looks on the wire: RFC 9457 problem documents, one shape for every error under ``/api/``.

``{type, title, status, detail, code, errors: [{field, code, message}], state}``: ``type`` says the kind (one for each
status, a relative URI that never changes), ``code`` what it was, ``errors`` which fields, several at once; ``state``,
where there is one, how things stand now.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from empower import money
from empower.refusals import Refused

MEDIA_TYPE = "application/problem+json"

KINDS = {
    400: ("invalid-input", _("The request is not as it should be")),
    401: ("not-authenticated", _("Say who you are")),
    403: ("not-permitted", _("This is not yours to do")),
    404: ("not-found", _("There is nothing here")),
    405: ("method-not-allowed", _("That method does nothing here")),
    406: ("not-acceptable", _("Answers are JSON")),
    409: ("not-possible", _("It can't be done as things stand")),
    411: ("length-required", _("Say how long the request is")),
    412: ("stale", _("It has changed since you read it")),
    413: ("too-large", _("The request is too large")),
    414: ("uri-too-long", _("The address is too long")),
    415: ("unsupported-media-type", _("Bodies of that kind are not read here")),
    422: ("key-reused", _("This Idempotency-Key belongs to another request")),
    428: ("precondition-required", _("Say which version you are changing")),
    429: ("too-many-requests", _("Too many requests")),
    431: ("headers-too-large", _("The headers are too large")),
    500: ("internal", _("Something went wrong here")),
    503: ("unavailable", _("Busy: try again in a moment")),
}

#: What in a refusal's state is money, in minor units of its ``currency``.
_SUMS = {
    *("limit", "own", "approved", "waiting", "remaining", "total", "cap", "cap_left", "left", "available", "held"),
    *("amount", "cost", "spent", "reversed_amount", "reversed_cost", "asked_amount", "decided_amount", "up_to"),
}
#: What is an id though it does not end in ``_id``.
_IDS = {"id", "incident", "spend", "approval", "guest", "employee", "policy", "decided_by"}


class Problem(exceptions.APIException):
    """What a door itself has to refuse: a status, a stable code, a sentence, and where it helps the field and state."""

    def __init__(self, status, code, message, *, field=None, state=None, headers=None):
        super().__init__(message, code)
        self.status_code, self.code, self.field, self.state = status, code, field, state
        self.headers = headers or {}


class UnknownReference(Problem):
    """The body refers to a row that is not there for this person: 404, as a path to it would be, and the field named."""

    def __init__(self, field):
        super().__init__(404, "does_not_exist", _("There is no such row, or it is not yours to see."), field=field)


def document(status, code, detail, *, errors=(), state=None, **more):
    """The problem document, as a dict."""
    kind, title = KINDS.get(status, KINDS[500 if status >= 500 else 400])
    said = {
        "type": f"/problems/{kind}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "code": str(code),
        "errors": list(errors),
    }
    if state:
        said["state"] = state_on_the_wire(state)
    return said | more


def error(field, code, message):
    return {"field": field, "code": str(code), "message": str(message)}


def told(refused):
    """The document of a refusal that is foreseen; None of any other exception, and of what the web layer itself raises.

    One that was raised for a row of a bulk carries ``in_bulk``, and its fields begin with that: ``rows.3.amount``.
    """
    state = getattr(refused, "state", None)
    if isinstance(refused, Refused):
        status, code, detail, field = refused.status, refused.code, refused.message, refused.field
    elif isinstance(refused, Problem):
        status, code, detail, field = refused.status_code, refused.code, refused.detail, refused.field
    elif isinstance(refused, ValidationError | exceptions.ValidationError):
        django = isinstance(refused, ValidationError)
        errors = errors_of_django(refused) if django else errors_of_serializer(refused.detail)
        errors = _in_bulk(errors, refused)
        return document(400, errors[0]["code"] if len(errors) == 1 else "invalid", in_words(errors), errors=errors)
    else:
        return None
    errors = _in_bulk([error(field, code, detail)] if field or hasattr(refused, "in_bulk") else [], refused)
    return document(status, code, detail, errors=errors, state=state)


def _in_bulk(errors, refused):
    row = getattr(refused, "in_bulk", None)
    if row is None:
        return errors
    return [one | {"field": f"{row}.{one['field']}" if one["field"] else row} for one in errors]


def errors_of_django(refused):
    """The errors of Django's ValidationError, in the order of its fields; what belongs to no field has ``None``."""
    if hasattr(refused, "error_dict"):
        fields = refused.error_dict.items()
    else:
        fields = [(NON_FIELD_ERRORS, refused.error_list)]
    return [
        error(None if field == NON_FIELD_ERRORS else field, one.code or "invalid", message)
        for field, faults in fields
        for one in faults
        for message in one.messages
    ]


def errors_of_serializer(detail, path=""):
    """The errors of a serializer, flat: ``guests.0.name`` is the name of the first guest."""
    if isinstance(detail, dict):
        flat = []
        for name, inside in detail.items():
            own = str(name) in ("non_field_errors", NON_FIELD_ERRORS)
            flat += errors_of_serializer(inside, path if own else f"{path}.{name}" if path else str(name))
        return flat
    if isinstance(detail, list | tuple):
        flat = []
        for place, one in enumerate(detail):
            nested = isinstance(one, dict | list | tuple)
            flat += errors_of_serializer(one, f"{path}.{place}" if nested and path else path)
        return flat
    return [error(path or None, getattr(detail, "code", None) or "invalid", detail)]


def in_words(errors):
    """One sentence of several errors, each with its field's name."""
    return " ".join(f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in errors)


def state_on_the_wire(state):
    """A refusal's state as the API says things: ids as strings, sums as decimal strings where the currency is told."""
    currency = state.get("currency")
    known = currency if money.is_currency(currency) else None
    return {str(name): _said(str(name), value, known) for name, value in state.items()}


def _said(name, value, currency):
    if isinstance(value, dict):
        return state_on_the_wire({"currency": currency, **value} if currency and "currency" not in value else value)
    if isinstance(value, list | tuple):
        return [_said(name, one, currency) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if name in _IDS or name.endswith("_id"):
            return str(value)
        return money.to_text(value, currency) if currency and name in _SUMS else value
    return str(value)
