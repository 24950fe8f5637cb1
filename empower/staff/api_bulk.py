"""Many rows in one request: all of them or none, or each for itself. For viewsets, over `RetriableWrites`.

Nothing personal is in an answer, so that it can be kept for a repetition and an erasure need not look for it.
"""

import logging
from hashlib import sha256
from uuid import uuid4

from django.db import OperationalError, models, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from empower import problems
from empower.audit.services import whole_command
from empower.wire import Strict

from .api_retries import RetriableWrites
from .services import run_once

log = logging.getLogger(__name__)

MOST_ROWS = 1000


class Mode(models.TextChoices):
    ALL_OR_NONE = "all_or_none", _("all or none")
    EACH = "each", _("each for itself")


class Rows(serializers.ListField):
    """The rows as they came: each is read when its turn comes, so that one that can't be read is one answer of many."""

    def __init__(self, row, **options):
        super().__init__(**{"allow_empty": False, "max_length": MOST_ROWS} | options)
        self.row = row

    def run_child_validation(self, data):
        return data


def rows_of(row, name):
    """The `Strict` serializer of a bulk of ``row``; ``name`` is what the schema calls it."""
    return type(
        name,
        (Strict,),
        {
            "__doc__": "Up to 1,000 rows in one request.",
            "__module__": row.__module__,
            "mode": serializers.ChoiceField(Mode.choices, default=Mode.ALL_OR_NONE),
            "rows": Rows(row),
        },
    )


class BulkResult(serializers.Serializer):
    """What became of one row."""

    row = serializers.IntegerField(help_text=_("Which row, counted from 0."))
    status = serializers.IntegerField(help_text=_("The status that a request of its own would have had."))
    made = serializers.DictField(allow_null=True, help_text=_("What was made; null where nothing was."))
    problem = serializers.DictField(allow_null=True, help_text=_("Why not, as a problem document; null where it was."))


class BulkAnswer(serializers.Serializer):
    """What became of each row, in their order."""

    mode = serializers.CharField(help_text=_("`all_or_none` or `each`."))
    made = serializers.IntegerField(help_text=_("How many rows were made."))
    refused = serializers.IntegerField(help_text=_("How many were not."))
    results = BulkResult(many=True, help_text=_("One for each row, in their order."))


class BulkWrites(RetriableWrites):
    """Adds ``bulk/``: ``make_row(said)`` calls the service for one row's validated body, ``told_in_bulk`` tells it.

    The same key and body sent again: of all or none, the first answer; each for itself, the first answer of every row
    that was made, and another try for every row that was refused, since refusals are not kept.
    """

    #: How a row that was made is told: ids and codes, nothing personal.
    told_in_bulk = None

    @action(detail=False, methods=["post"])
    def bulk(self, request):
        """All or none: the first row that is refused refuses all, and the error names it, `rows.3.amount`.

        Each for itself: every row is a command of its own, and the answer says what became of each.
        """
        self.refuse_chunks()
        key, said = self._key(), self.body()
        if said["mode"] == Mode.EACH:
            told, replayed = self._each(key, said["rows"])
        else:
            told, replayed = self._all_or_none(key, said["rows"])
        return Response(told, headers={"Idempotent-Replayed": "true"} if replayed else {})

    def make_row(self, said):
        raise NotImplementedError

    def hold_rows(self, rows):
        """Of all or none: holds what all of them (validated bodies) need, in one order for everybody."""

    def _read(self, raw):
        serializer = self.takes["bulk"]._declared_fields["rows"].row(data=raw, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _once(self, key, do):
        """(what ``do`` tells, whether it was told before): once for a key, as often as it is sent without one."""
        if key is None:
            with whole_command(), transaction.atomic():
                return do()[1], False
        if not hasattr(self, "_marks"):
            self._marks = self.marks()  # of the whole body: once, and not again for each of its rows
        return run_once(employee=self.request.user, key=key, fingerprint=self._marks, do=do)[1:]

    # --- each for itself ----------------------------------------------------------------------------------------------

    def _each(self, key, rows):
        if key is not None:
            # Its own row, so that the key can't be used for something else; then one for each row of the bulk.
            self._once(key, lambda: (200, {}, "bulk", None))
        results, replays, busy = [], 0, None
        for number, raw in enumerate(rows):
            if busy is not None:
                results.append(_result(number, 503, problem=busy))
                continue
            try:
                made, replayed = self._make_one(key, number, raw)
                results.append(_result(number, 201, made=made))
                replays += replayed
            except Exception as refused:
                # What was made stays made: whoever sent it has to learn of that, whatever becomes of this row.
                document = problems.told(refused) or _unforeseen(refused, number)
                results.append(_result(number, document["status"], problem=document))
                # After the second in a row: those behind them would each wait as long, and in vain.
                was_busy = bool(results[:-1]) and results[-2]["status"] == 503
                busy = document if was_busy and document["status"] == 503 else None
        return _answer(Mode.EACH, results), bool(results) and replays == len(results)

    def _make_one(self, key, number, raw):
        def do():
            row = self.make_row(self._read(raw))
            return 201, self._told(row), row._meta.model_name, row.pk

        return self._once(key and f"bulk:{sha256(key.encode()).hexdigest()}:{number}", do)

    # --- all or none --------------------------------------------------------------------------------------------------

    def _all_or_none(self, key, rows):
        def do():
            made, read = [], self._all_read(rows)
            self.hold_rows(read)
            for number, said in enumerate(read):
                try:
                    made.append(self._told(self.make_row(said)))
                except Exception as refused:
                    document = problems.told(refused)
                    if document is not None:
                        refused.in_bulk = f"rows.{number}"
                    raise
            return (
                200,
                _answer(Mode.ALL_OR_NONE, [_result(number, 201, made=one) for number, one in enumerate(made)]),
                "bulk",
                None,
            )

        return self._once(key, do)

    def _all_read(self, rows):
        """Every row's body; what is wrong with any of them is told at once, before anything is made."""
        read, faults = [], {}
        for number, raw in enumerate(rows):
            try:
                read.append(self._read(raw))
            except exceptions.ValidationError as refused:
                faults[f"rows.{number}"] = refused.detail
            except problems.Problem as refused:
                faults[f"rows.{number}"] = {refused.field or "": [exceptions.ErrorDetail(refused.detail, refused.code)]}
        if faults:
            raise exceptions.ValidationError(faults)
        return read

    def _told(self, row):
        return self.told_in_bulk(row, context=self.get_serializer_context()).data


def _unforeseen(fault, number):
    """The problem document of a row that broke off, which is logged under an id."""
    request_id = uuid4().hex
    log.exception("request %s failed at row %s of a bulk", request_id, number)
    if isinstance(fault, OperationalError):
        status, code, detail = 503, "unavailable", _("The database is busy. Send it again.")
    else:
        status, code, detail = 500, "internal", _("Something went wrong here, and it was written down.")
    return problems.document(status, code, detail, request_id=request_id)


def _result(number, status, made=None, problem=None):
    return {"row": number, "status": status, "made": made, "problem": problem}


def _answer(mode, results):
    made = sum(one["problem"] is None for one in results)
    return {"mode": str(mode), "made": made, "refused": len(results) - made, "results": results}
