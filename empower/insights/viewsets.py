"""The doors of the reports, which only read and take nothing they do not know, and of the policy trials."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from empower import exporting
from empower.api_views import ReadingDoor
from empower.refusals import NotPermitted
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites

from . import services
from .filters import PolicyTrialFilterSet
from .forms import QuestionForm
from .models import PolicyTrial
from .permissions import can_read_figures
from .queries.reports import DIMENSIONS_OF, MOST_DIMENSIONS, report
from .queries.selection import DIMENSIONS
from .serializers import (
    TABLE_COLUMNS,
    NewPolicyTrial,
    PolicyTrialSerializer,
    SharedWith,
    report_as_table,
    report_as_told,
)

#: Dimensions that are read from the people as they are today.
_OF_TODAY = frozenset({"role", "tenure"})

#: What is asked by whoever would like to compare people.
_PEOPLE = frozenset({"employee", "employees", "employee_id", "person", "people", "user", "author", "decided_by"})
_OF_NOBODY = _("No figure is told by person, and nobody is ranked. There are: %(known)s.")


class ReportDoor(ViewSet):
    """``reports/usage/`` and the other six, each with the same parameters.

    ``from``, ``to`` (local days, both included; without them the last 30), ``property``, ``department``, ``category`` (with
    all below it), ``gesture``, ``kind``, ``group_by`` (one or two, by commas), ``format``; ``as_of_recorded`` and
    ``as_of_occurred``: the figures as they would have been told then (RFC 3339, or a day, itself included). Unknown ones
    are a 400, and so is ``as_of_recorded`` with a dimension of people, of whom only today's facts are known.
    As NDJSON, CSV or XLSX, by ``format`` or Accept, a report is a table: a line for each figure of the whole and of each
    group.
    """

    area = "reports"
    renderer_classes = exporting.RENDERERS

    @action(detail=False)
    def usage(self, request):
        return self._answer(request, "usage")

    @action(detail=False)
    def outcomes(self, request):
        return self._answer(request, "outcomes")

    @action(detail=False)
    def authority(self, request):
        return self._answer(request, "authority")

    @action(detail=False)
    def timing(self, request):
        return self._answer(request, "timing")

    @action(detail=False)
    def causes(self, request):
        return self._answer(request, "causes")

    @action(detail=False)
    def health(self, request):
        return self._answer(request, "health")

    @action(detail=False)
    def budget(self, request):
        return self._answer(request, "budget")

    def _answer(self, request, name):
        if not can_read_figures(request.user):
            raise NotPermitted("no_figures", _("Figures are for who works at a property, leaders and auditors."))
        form = QuestionForm(request.query_params, user=request.user, with_moments=True)
        faults = _unknown(request.query_params, {*form.fields, "group_by", "format"} - {"period"})
        by, wrong = _dimensions(",".join(request.query_params.getlist("group_by")), DIMENSIONS_OF.get(name, DIMENSIONS))
        if wrong:
            faults["group_by"] = [wrong]
        try:
            told_as = exporting.form_asked_for(request)
        except KeyError:
            faults["format"] = [_wrong(_("There is: %(known)s."), known=", ".join(exporting.MEDIA_TYPES))]
        if not form.is_valid():
            faults = form.errors.as_data() | faults
        elif form.as_of.recorded and (of_today := [one for one in by if one in _OF_TODAY]):
            faults["as_of_recorded"] = [
                _wrong(
                    _("What somebody's %(name)s was then is not known: leave it out of group_by, or as_of_recorded."),
                    "not_as_of",
                    name=of_today[0],
                )
            ]
        if faults:
            raise ValidationError(faults)
        with services.up_to_date():
            found = report(name, form.selection, by)
        if told_as == "json":
            return Response(report_as_told(found), headers={"Cache-Control": "no-store"})
        columns = [((column,), None) for column in (*TABLE_COLUMNS[:4], *by, *TABLE_COLUMNS[4:])]
        return exporting.answer(request, told_as, report_as_table(found), columns)


def _unknown(given, known):
    faults = {
        name: [
            _wrong(
                _OF_NOBODY if name in _PEOPLE else _("There is no such parameter. There are: %(known)s."),
                "unknown_filter",
                known=", ".join(sorted(known)),
            )
        ]
        for name in given
        if name not in known
    }
    twice = {
        name: [_wrong(_("Given twice."), "twice")]
        for name in given
        if len(given.getlist(name)) > 1 and name != "group_by"
    }
    blank = {
        name: [_wrong(_("Nothing is asked by nothing: leave it out, or say what is wanted."), "blank")]
        for name in given
        if given.get(name) == ""
    }
    return blank | twice | faults


def _dimensions(text, known):
    """(dimensions, fault or None) of a ``group_by``: by commas, or given again."""
    by = tuple(name.strip() for name in text.split(",")) if text else ()
    for name in by:
        if name not in known:
            says = _OF_NOBODY if name in _PEOPLE else _("“%(name)s” is none of %(known)s.")
            return (), _wrong(says, name=name[:64], known=", ".join(known))
    if len(by) > MOST_DIMENSIONS or len(set(by)) < len(by):
        return (), _wrong(_("One or two, each once."))
    return by, None


def _wrong(message, code="invalid", **params):
    return ValidationError(message, code, params)


class PolicyTrialDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    """ "What if the limit had been …?": history replayed under other rules, kept with its answer."""

    area = "reports"
    model = PolicyTrial
    serializer_class = PolicyTrialSerializer
    filterset_class = PolicyTrialFilterSet
    takes = {"create": NewPolicyTrial, "share": SharedWith}

    def create(self, request):
        """Replay these days under one rule, or up to four: the property's managers, leaders, auditors."""
        return self.once(self._run, status=201)

    @action(detail=True, methods=["post"])
    def share(self, request, pk):
        """Share a trial with everyone who may run one there, or with nobody: whoever ran it."""
        return self.once(
            lambda: services.share_policy_trial(actor=request.user, trial=self.get_object(), **self.body())
        )

    def _run(self):
        facts = self.body()
        stands_alone = facts.pop("stands_alone")
        try:
            return services.run_policy_trial(actor=self.request.user, **facts)
        except ValidationError as refused:
            if not stands_alone:
                raise
            faults = refused.error_dict.items()
            raise ValidationError({name.removeprefix("variants.0."): fault for name, fault in faults}) from None
