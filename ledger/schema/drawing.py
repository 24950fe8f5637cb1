"""How drf-spectacular reads our doors: bodies from ``takes``, answers from ``tells``, parameters from FilterSets."""

import re

import django_filters
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiFilterExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from rest_framework.mixins import ListModelMixin

from empower import exporting, filtering, wire
from empower.api_views import ReadingDoor
from empower.staff.api_retries import RetriableWrites

from . import reports
from .words import PARAMETERS, TAGS, sentence_of_filter, summary_of

ID = {"type": "string", "pattern": "^[0-9]{1,19}$"}
AMOUNT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
MOMENT = {"type": "string", "format": "date-time"}

#: The verbs of the router's actions, for the operation's name and its sentence.
_ROUTED = {"list", "retrieve", "create", "partial_update", "destroy"}


class DoorSchema(AutoSchema):
    """One operation of a door."""

    @property
    def action(self):
        return getattr(self.view, "action", None) or self.method.lower()

    def _is_report(self):
        # A policy trial is of the same area, and has rows.
        return getattr(self.view, "area", None) == "reports" and not hasattr(self.view, "model")

    def resource(self):
        # What stands beneath a row of another kind is called after both: ``/webhooks/{webhook}/deliveries/{id}/``.
        path = re.sub(r"/\{(?!id\})\w+\}", "", self.path.removeprefix("/api/v1/"))
        path = path.strip("/").split("/{")[0].replace("-", "_")
        return path.removesuffix(f"/{self.action}").replace("/", "_")

    def get_operation_id(self):
        if self.action in _ROUTED:
            return f"{self.resource()}_{self.action}"
        # The method tells two actions of one address apart: `follow_ups` is read and written.
        return f"{self.resource()}_{self.action}".replace("__", "_")

    def get_tags(self):
        return [TAGS.get(self.resource().split("_")[0], self.resource())]

    def get_summary(self):
        return summary_of(self.get_operation_id()) or next(iter(self._said()), "")

    def _said(self):
        """The paragraphs of the action's own docstring; REST framework's say nothing of ours."""
        method = getattr(self.view, self.action, None)
        said = (method.__doc__ if self.action not in _ROUTED and method is not None else "") or ""
        parts = [re.sub(r"\s+", " ", part).strip() for part in said.replace("``", "`").split("\n\n")]
        return [part for part in parts if part]

    def get_description(self):
        paragraphs = [self.get_summary(), *self._said(), self._scope_sentence()]
        return "\n\n".join(dict.fromkeys(filter(None, paragraphs)))

    def _scope_sentence(self):
        area = getattr(self.view, "area", None)
        if area in (None, "any"):
            return "Any token may."
        return f"A token needs the scope `{area}:{'read' if self.method == 'GET' else 'write'}`."

    def get_request_serializer(self):
        taken = getattr(self.view, "takes", {}).get(self.action)
        if taken is None:
            return None
        return taken(partial=True) if self.method == "PATCH" else taken()

    def get_response_serializers(self):
        if self._is_report():
            return {"200": reports.ANSWER}
        told = self.view.get_serializer_class()
        if self._is_list_view():
            return told(many=True)
        made = self.action in ("create", "record_follow_up") or (
            self.method == "POST" and self.action in getattr(self.view, "makes", ())
        )
        if self.action == "bulk":
            return {"200": told}
        return {"201" if made else "200": told}

    def _is_list_view(self, serializer=None):
        return self.action == "list" or self.action in getattr(self.view, "lists", ())

    def get_filter_backends(self):
        return self.view.filter_backends if self._is_asked_as_a_list() else []

    def _is_asked_as_a_list(self):
        """Does it take filters, an order, pages and files? Some lists are short, and take nothing."""
        return (self.action == "list" and isinstance(self.view, ListModelMixin)) or self.action in getattr(
            self.view, "filtersets", {}
        )

    def filterset(self):
        return getattr(self.view, "filtersets", {}).get(self.action, self.view.filterset_class)

    def _get_pagination_parameters(self):
        return super()._get_pagination_parameters() if self._is_asked_as_a_list() else []

    def get_override_parameters(self):
        from drf_spectacular.utils import OpenApiParameter as Parameter

        found = []
        if isinstance(self.view, RetriableWrites) and self.method != "GET":
            found.append(
                Parameter(
                    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
                    Parameter.HEADER, required=self.view.key_required, description=PARAMETERS["Idempotency-Key"],
                )
            )  # fmt: skip
        if self.method == "PATCH":
            found.append(
                Parameter("If-Match", str, Parameter.HEADER, required=True, description=PARAMETERS["If-Match"])
            )
        asked = reports.parameters(self.action) if self._is_report() else self._of_rows()
        for name, schema in asked.items():
            found.append(
                Parameter(
                    name, {key: value for key, value in schema.items() if key != "description"}, Parameter.QUERY,
                    description=schema.get("description") or PARAMETERS.get(name, name),
                )
            )  # fmt: skip
        for name, (schema, required, sentence) in getattr(self.view, "asks", {}).get(self.action, {}).items():
            found.append(Parameter(name, schema, Parameter.QUERY, required=required, description=sentence))
        return found

    def _of_rows(self):
        """The parameters of a list, and of a row that is read, beside the filters."""
        if self._is_asked_as_a_list():
            words = self.view.pagination_class().words(getattr(self.filterset(), "orderings", {}))
            ordering = {"type": "string", "enum": [sign + word for word in words for sign in ("", "-")]}
            whole = {"fields": _WORD, "format": {"type": "string", "enum": list(exporting.MEDIA_TYPES)}}
            return {"ordering": ordering} | whole
        return {"fields": _WORD} if self.action == "retrieve" and issubclass(type(self.view), ReadingDoor) else {}

    def _get_filter_parameters(self):
        return super()._get_filter_parameters() if self._is_asked_as_a_list() else []


class Filters(OpenApiFilterExtension):
    """The filters of a list, each with its sentence; several choices go by commas."""

    target_class = "empower.api_views.StrictFilters"

    def get_schema_operation_parameters(self, auto_schema, *args, **kwargs):
        filterset = auto_schema.filterset()
        named = filterset.base_filters.items() if filterset else ()
        return [self._parameter(name, one) for name, one in named]

    def _parameter(self, name, one):
        schema = schema_of_filter(one)
        said = PARAMETERS.get(name) or (one.extra.get("help_text") if not choices_of(one) else None)
        if getattr(one, "several", False) and said:
            said = f"{said} Several by commas."
        said = str(said or sentence_of_filter(name, several=getattr(one, "several", False)))
        return build_parameter_type(name=name, schema=schema, location="query", description=said)


def choices_of(one):
    """The choices of a filter, as Django takes them; None where it has none."""
    return one.extra.get("choices")


def schema_of_filter(one):
    """What a filter takes, as JSON Schema: a list where it takes several, by commas or given again."""
    choices = choices_of(one)
    if choices is not None:
        pairs = getattr(choices, "choices", None) or (choices() if callable(choices) else choices)
        schema = {"type": "string", "enum": [str(value) for value, _label in pairs if value != ""]}
    else:
        schema = next((dict(schema) for kind, schema in _KINDS if isinstance(one, kind)), dict(_WORD))
    return {"type": "array", "items": schema, "minItems": 1} if getattr(one, "several", False) else schema


_WORD = {"type": "string", "minLength": 1}
_KINDS = (
    (filtering.IdFilter, ID),
    (filtering.YesNoFilter, {"type": "string", "enum": ["true", "false"]}),
    (filtering.DayFilter, {"type": "string", "format": "date"}),
    (filtering.AmountFilter, AMOUNT),
    (filtering.CurrencyFilter, {"type": "string", "pattern": "^[A-Z]{3}$"}),
    (django_filters.NumberFilter, {"type": "integer", "minimum": 0, "maximum": wire.LARGEST_ID}),
)


class _Field(OpenApiSerializerFieldExtension):
    target_class = None
    schema = {}

    def map_serializer_field(self, auto_schema, direction):
        return dict(self.schema)


class IdField(_Field):
    target_class = wire.Id

    def map_serializer_field(self, auto_schema, direction):
        if direction == "request":
            return {"type": ["string", "integer"], "pattern": ID["pattern"], "minimum": 0, "maximum": wire.LARGEST_ID}
        return dict(ID)


class MomentField(_Field):
    target_class = wire.Moment
    schema = MOMENT


class AmountField(_Field):
    target_class = wire.Amount
    schema = AMOUNT


class SentAmountField(_Field):
    target_class = wire.AmountAsSent
    schema = {"type": ["string", "number"], "pattern": r"^[0-9]{1,13}(\.[0-9]{1,3})?$", "minimum": 0}


class GuestField(_Field):
    """An id, or the facts of a guest to make."""

    target_class = "empower.incidents.serializers.requests.GuestNamed"

    def map_serializer_field(self, auto_schema, direction):
        from empower.incidents.serializers import GuestOfNewIncident

        made = auto_schema.resolve_serializer(GuestOfNewIncident, "request")
        return {"anyOf": [IdField(self.target).map_serializer_field(auto_schema, "request"), made.ref]}


class RowsOfBulk(_Field):
    target_class = "empower.staff.api_bulk.Rows"

    def map_serializer_field(self, auto_schema, direction):
        row = auto_schema.resolve_serializer(self.target.row, "request")
        return {"type": "array", "items": row.ref, "minItems": 1, "maxItems": self.target.max_length}


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "empower.staff.api_authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer <token>`"}


class BrowserScheme(OpenApiAuthenticationExtension):
    target_class = "empower.staff.api_authentication.BrowserSession"
    name = "browser"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey", "in": "cookie", "name": "sessionid",
            "description": "The browser's session; a write needs its CSRF token in `X-CSRFToken`.",
        }  # fmt: skip
