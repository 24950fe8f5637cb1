"""What the pages of the dashboard have in common: the question in the address, and where the rows behind a figure are."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode

from empower.incidents.forms import KNOWN, STANDING

from ..forms import BETWEEN, QuestionForm
from ..permissions import can_read_figures, can_read_rows
from ..queries.costs import BINS
from ..queries.dashboard import BY_MINUTES
from ..queries.period import DEFAULT_DAYS
from ..queries.rows import OF_INCIDENTS, OF_REQUESTS, OF_SPENDS
from ..queries.selection import FILTERS, Selection
from ..services import up_to_date

#: What of an address is a question: the rest is nobody's.
_NAMES = ("period", "from", "to", *FILTERS)


@dataclass(frozen=True)
class Question:
    """What was asked. ``fits``: as it stands in the address; else the usual question is answered in its place."""

    form: QuestionForm
    fits: bool
    selection: Selection

    @property
    def chosen(self):
        return BETWEEN if self.form.asks_for_days else self.form.data.get("period") or str(DEFAULT_DAYS)

    @property
    def narrowed(self):
        """[(what, by what)] of the filters that are set, in the words of the form."""
        fields = ((self.form.fields[name], getattr(self.selection, name)) for name in FILTERS)
        return [(field.label, dict(field.choices).get(code, code)) for field, code in fields if code]

    def address(self, name, *args):
        """Another page of the dashboard, asked the same."""
        given = self.form.data if self.fits else {}
        asked = urlencode([(one, given[one]) for one in _NAMES if given.get(one)])
        return f"{path_of(name, *args)}?{asked}" if asked else path_of(name, *args)


@contextmanager
def answering(request):
    """The `Question` of the address, with all that is asked inside of one moment (`services.up_to_date`).

    403 for who reads no figures. At most four queries for its choices.
    """
    if not can_read_figures(request.user):
        raise PermissionDenied
    with up_to_date():
        form = QuestionForm(request.GET, user=request.user)
        fits = form.is_valid()
        answered = form if fits else QuestionForm({}, user=request.user)
        answered.is_valid()
        yield Question(form, fits, answered.selection)


def rows_behind(selection):
    """Where the rows behind a figure are listed, by what they are called in the templates.

    "" where no list can ask the same: that of the incidents not by the gesture; acts, requests and sums have a page of
    their own (`rows`), for who may read it.
    """

    def behind(kind, **more):
        if selection.gesture or selection.kind not in (None, kind):
            return ""
        return where(selection, kind, **more)

    recoveries, resolved = behind("recovery"), behind("recovery", status="resolved")
    return {
        "recoveries": recoveries,
        "delights": behind("delight"),
        "resolved": resolved,
        "known": behind("recovery", status="resolved", outcome=KNOWN),
        "no_cause": "" if selection.category else behind("recovery", has_category="false"),
        **{
            one: behind("recovery", status="resolved", outcome=one)
            for one in ("recovered", "delighted", "lost", "unknown")
        },
        # Who may not read single acts is led to what they are out of.
        **dict.fromkeys(("use", "use_at_a_cost", "recurrence"), recoveries),
        "autonomy": resolved,
        **(_of_their_own_page(selection) if can_read_rows(selection.user) else {}),
    }


def _of_their_own_page(selection):
    asked = _encoded(_said(selection))

    def at(name, more=""):
        return f"{path_of('insights:rows', name)}?{asked}{more}"

    found = {name: at(name) for name in (*OF_INCIDENTS, *OF_SPENDS, *OF_REQUESTS)}
    found |= {("limit_use", part): at("limit_use", f"&part={part}") for part in range(BINS)}
    found |= {("acts", currency): at("acts", f"&currency={currency}") for currency in selection.currencies}
    for name in ("yes_own", "yes_asked"):
        found |= {(name, minutes): at(name, f"&part={minutes}") for minutes in BY_MINUTES}
    return found


#: Which of `rows_behind` a figure that comes after the first paint is out of, by its name.
LEADS_TO = {
    "second_failure": "recoveries",
    "followed_up": "resolved",
    "yes_within_5_min_own": ("yes_own", 5),
    "yes_within_5_min_asked": ("yes_asked", 5),
    "time_to_yes_own_p90": "yes_own",
    "verbal_denied": "denied",
    "limit_reached": ("limit_use", BINS - 1),
    **{
        name: name
        for name in (
            "decline_regret", "promises_kept", "limit_reached_in_parts", "in_parts_above_the_limit_incident",
            "in_parts_above_the_limit_guest_day", "resolved", "recovered", "delighted", "lost", "acts_own",
            "acts_approved", "acts_excused", "acts_unlimited", "requests", "answered", "approved", "declined", "open",
            "verbal", "denied",
        )
    },
}  # fmt: skip


def leads_to(one, rows):
    """Where the rows of a figure are that comes after the first paint; "" for nowhere."""
    if one.name == "amount":
        return rows.get(("acts", one.currency), "")
    return rows.get(LEADS_TO.get(one.name), "")


def rows_of_teams(selection, teams):
    """[(team, where its incidents are listed)]: a team is asked about whatever the kind and the gesture."""
    return [(one, where(selection, "recovery", property=one.property, department=one.department)) for one in teams]


def asked_of(selection, **more):
    """The dashboard asked the same, but for what ``more`` says: a part of it, or ``begins`` and ``ends``."""
    return f"{path_of('insights:dashboard')}?{_encoded(_said(selection, **more))}"


def _said(selection, **more):
    begins, ends = more.pop("begins", selection.period.begins), more.pop("ends", selection.period.ends)
    asked = {"period": "all"} if begins is None and ends is None else {"period": BETWEEN, "from": begins, "to": ends}
    return asked | {name: getattr(selection, name) for name in FILTERS} | more


def _encoded(asked):
    return urlencode({name: value for name, value in asked.items() if value not in (None, "")})


def where(selection, kind, **more):
    """The list of the incidents of this ``kind`` in the period and the part of the house asked for."""
    asked = {
        "property": selection.property,
        "department": selection.department,
        "category": selection.category,
        "occurred_on_from": selection.period.begins,
        "occurred_on_to": selection.period.ends,
        "status": STANDING,
        "kind": kind,
    } | more
    return f"{path_of('incidents:incident_list')}?{urlencode({name: value for name, value in asked.items() if value})}"


def path_of(name, *args):
    """As Django's `reverse`, found once: a page has a hundred and fifty links, to ten pages."""
    return _path(get_script_prefix(), name, args)


@lru_cache(maxsize=1000)
def _path(_prefix, name, args):
    return reverse(name, args=args)
