"""The frame of the API's doors: rows begin with ``visible_to``, filters are strict, a change names the version it read.

A viewset says ``area`` (the scope a token needs), ``model``, ``serializer_class``, ``filterset_class`` and, for each
action that writes, which body it ``takes``; what it does beyond reading is a line to a service. The schema is made from
the same words, so that it can't say anything else than what is done.
"""

import re
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.filters import BaseFilterBackend
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from empower import exporting, paging
from empower.filtering import StrictFilterSet
from empower.members import keep_only, read_members
from empower.problems import Problem
from empower.refusals import NotPossible

#: The query parameters of every list that are no filter.
LIST_PARAMETERS = paging.PARAMETERS | {"fields", "format"}


class StrictFilters(BaseFilterBackend):
    """The view's FilterSet on the query's parameters; a view without one takes no filter. 400 names what is wrong."""

    def filter_queryset(self, request, queryset, view):
        return view.asked_of(queryset).qs


class Door(GenericViewSet):
    """One kind of row. An id that is not one of ours is 404, whether nobody has it or somebody else."""

    area = None
    model = None
    filterset_class = None
    #: The `Strict` serializer that reads the body, by the name of the action.
    takes = {}
    #: Where an action answers with something else than ``serializer_class``: how that is told (in a list, each row).
    tells = {}
    #: The actions beside ``list`` that answer with a list.
    lists = frozenset()
    #: Of those, the ones that are asked as a list is: the FilterSet, by the name of the action.
    filtersets = {}
    #: What an action reads of the query by itself: {action: {name: (its JSON Schema, whether it is required, a sentence)}}.
    asks = {}
    filter_backends = [StrictFilters]
    lookup_value_regex = "[0-9]{1,18}"
    ordering_key = "id"

    def detailed(self, rows):
        """The rows with what their answer tells: the same number of queries however many."""
        return rows.with_details() if hasattr(rows, "with_details") else rows

    def get_queryset(self):
        """The rows that this person may see."""
        rows = self.model._default_manager.all()
        return self.detailed(rows.visible_to(self.request.user) if hasattr(rows, "visible_to") else rows)

    def fresh(self, row):
        """A row that this request has just written, read again for its answer: seen by whoever wrote it."""
        return self.detailed(self.model._default_manager.all()).get(pk=row.pk)

    def get_object(self):
        row = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise NotFound(_("There is no such row, or it is not yours to see."))
        self.check_object_permissions(self.request, row)
        return row

    def asked_of(self, queryset):
        """The FilterSet bound to this request, found without a fault; kept as ``self.asked`` for who wants to look."""
        filterset = self.filterset_class or StrictFilterSet
        self.asked = filterset(self.request.query_params, queryset=queryset, request=self.request)
        self.asked.beside = LIST_PARAMETERS
        self.listing = Listing(self)
        faults = self.listing.faults | self.asked.faults()
        if faults:
            raise ValidationError(faults)
        return self.asked

    def query_of(self, **readers):
        """The query's parameters, each read by its function (a ValueError is a fault); an unknown one is an error."""
        faults = {
            name: [ValidationError(_("There is no such parameter here."), "unknown_filter")]
            for name in self.request.query_params
            if name not in readers
        }
        found = {}
        for name, read in readers.items():
            sent = self.request.query_params.get(name)
            try:
                found[name] = None if sent is None else read(sent)
            except ValueError as fault:
                faults[name] = [ValidationError(str(fault), "invalid")]
        if faults:
            raise ValidationError(faults)
        return found

    @property
    def default_response_headers(self):
        # What is told here is personal: no cache between us and the caller keeps it.
        return super().default_response_headers | {"Cache-Control": "no-store"}

    def get_serializer_class(self):
        return self.tells.get(self.action, self.serializer_class)

    def tell(self, row):
        """The row as the API says it."""
        return self.get_serializer(row).data

    def headers_of(self, told):
        """What goes with an answer that tells one row: its version, where it has one."""
        return {"ETag": etag(told["version"])} if "version" in told else {}

    def body(self, *, context=None, **options):
        """The request's body, read by what this action ``takes``; ValidationError with every field that is wrong."""
        context = self.get_serializer_context() | (context or {})
        serializer = self.takes[self.action](data=self.request.data, context=context, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class Listing:
    """How a list is wanted, beside which rows: in what order, which members of each, in what form; and all that is wrong
    with that, by parameter, in ``faults``.
    """

    def __init__(self, view):
        sent, self.faults = view.request.query_params, {}
        paginator = view.paginator
        self.order, faults = paginator.read(sent, model=view.asked.queryset.model, orderings=type(view.asked).orderings)
        self.faults |= faults
        self.members = view.members_asked_for(self.faults)
        try:
            self.form = exporting.form_asked_for(view.request)
        except KeyError:
            known = ", ".join(exporting.MEDIA_TYPES)
            self.faults["format"] = [ValidationError(_("There is: %(known)s."), "invalid_choice", {"known": known})]
            self.form = None
        if self.form not in (None, "json"):
            for name in ("cursor", "page_size"):
                if name in sent:
                    message = _("This form has the whole list, and no pages.")
                    self.faults[name] = [ValidationError(message, "no_pages")]


class Lists(ListModelMixin):
    """A list: pages of JSON, or the whole of it as NDJSON, CSV or XLSX, by ``format`` or Accept."""

    def list(self, request, *args, **kwargs):
        return self.tell_list(self.filter_queryset(self.get_queryset()))

    def tell_list(self, rows):
        """The answer of a list: ``rows`` are those that were asked for, `asked_of` has read the rest."""
        listing = self.listing
        if listing.form != "json":
            serializer = self.told_members(self.get_serializer_class()(context=self.get_serializer_context()))
            return exporting.whole_list(self.request, listing.form, listing.order.applied(rows), serializer)
        page = self.paginate_queryset(rows)
        serializer = self.told_members(self.get_serializer(page, many=True))
        return self.get_paginated_response(serializer.data)

    def members_asked_for(self, faults):
        """The tree of ``fields``, or None where all is wanted; what is wrong with it is added to ``faults``."""
        text = self.request.query_params.get("fields")
        if text is None:
            return None
        try:
            return read_members(text, self.get_serializer_class()())
        except ValidationError as fault:
            faults["fields"] = [fault]
            return None

    def told_members(self, serializer):
        return serializer if self.listing.members is None else keep_only(serializer, self.listing.members)

    def get_renderers(self):
        if self.action == "list" or self.action in self.lists:
            return [renderer() for renderer in exporting.RENDERERS]
        return super().get_renderers()


class ReadingDoor(Lists, Door):
    """A list and its rows."""

    def retrieve(self, request, pk):
        return self.tell_row(self.get_object())

    def tell_row(self, row):
        """The answer that reads one row: all of it, or the members that ``fields`` names."""
        faults = {}
        members = self.members_asked_for(faults)
        self.query_of(fields=str)
        if faults:
            raise ValidationError(faults)
        told = self.tell(row)
        headers = self.headers_of(told)
        return Response(told if members is None else only(told, members), headers=headers)


def only(told, members):
    """Of what was told, these members: see `read_members`."""
    if isinstance(told, list):
        return [only(one, members) for one in told]
    if told is None or members is None:
        return told
    return {name: only(told[name], below) for name, below in members.items()}


def etag(version):
    return f'"{version}"'


def refuse_unless_matching(request, version):
    """A change says which version it read: 428 without If-Match, 412 where the row has moved on."""
    sent = request.headers.get("If-Match")
    if sent is None:
        raise Problem(
            428,
            "if_match_required",
            _("A change needs the header If-Match, with the ETag that you read."),
            field="If-Match",
        )
    named = [tag.strip() for tag in sent.split(",")]
    if "*" in named or any(re.fullmatch(rf'"?{re.escape(str(version))}"?', tag) for tag in named):
        return
    raise stale(version)


@contextmanager
def told_as_stale():
    """For the service of a change: that somebody was quicker than our reading is a 412, as a stale If-Match is."""
    try:
        yield
    except NotPossible as refused:
        if refused.code == "stale":
            raise stale(refused.state.get("version", "")) from None
        raise


def stale(version):
    return Problem(
        412,
        "stale",
        _("It has changed since you read it: read it again."),
        field="If-Match",
        state={"version": version},
        headers={"ETag": etag(version)},
    )
