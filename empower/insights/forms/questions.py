"""What is asked: period, property, department, category, gesture, kind. One form for the page, the API and the export.

It lives in the address, so a view can be sent to a colleague: who opens it sees what *they* may see.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.filter_kinds import MomentField
from empower.incidents.models import IncidentKind
from empower.shipped import in_readers_words
from empower.spending.queries.as_of import Moments

from ..queries import catalogues
from ..queries.period import DEFAULT_DAYS, EARLIEST, LATEST, Period, last_days, presets, today_in
from ..queries.selection import FILTERS, Selection

#: The choice of a page that asks for the two days themselves.
BETWEEN = "days"


class QuestionForm(forms.Form):
    """A question of ``user``. When it is valid, ``selection`` is the `Selection`; nothing asked is the last 30 days.

    ``with_moments``: it may be asked as of a moment too, which the page has no control for. Four queries at most: a list
    of choices for each of what one may choose from (`queries.catalogues`).
    """

    def __init__(self, data=None, *, user, with_moments=False):
        super().__init__(data)
        self.user = user
        houses = catalogues.houses(user)
        asked = data.get("property") if data else None
        #: The zones of what is asked about: its last days are theirs.
        self.zones = [zone for code, _name, zone in houses if code == asked] or [zone for *_names, zone in houses]
        self.today = today_in(self.zones)
        self.periods = {name: (words, period) for name, words, period in presets(self.today)}
        self.periods[BETWEEN] = _("Between two days"), last_days(DEFAULT_DAYS, today=self.today)
        self.fields = {
            "period": _choice(_("Period"), [(name, words) for name, (words, _period) in self.periods.items()]),
            "from": _day(_("From")),
            "to": _day(_("To")),
            "property": _choice(_("Property"), [(code, name) for code, name, _zone in houses], _("All properties")),
            "department": _choice(
                _("Department"),
                _read(
                    _once((code, name) for house, code, name in catalogues.teams(user) if asked in (None, "", house))
                ),
                _("All departments"),
            ),
            "category": _choice(_("Category"), _in_their_tree(), _("All causes")),
            "gesture": _choice(_("Gesture"), _read(catalogues.gestures()), _("All gestures")),
            "kind": _choice(_("Kind"), IncidentKind.choices, _("Both kinds")),
        }
        if with_moments:
            self.fields |= {
                "as_of_recorded": _moment(user, _("As of, by when it was written down")),
                "as_of_occurred": _moment(user, _("As of, by when it happened")),
            }

    def clean(self):
        asked = super().clean()
        begins, ends = asked.get("from"), asked.get("to")
        if begins and ends and ends < begins:
            raise ValidationError({"to": ValidationError(_("The last day comes before the first."), "before_from")})
        return asked

    @property
    def period(self):
        """The `Period` asked for: the preset chosen on the page, or the days that were named, or the last 30 days."""
        asked = self.cleaned_data
        chosen = asked.get("period")
        if chosen and chosen != BETWEEN:
            return self.periods[chosen][1]
        if asked.get("from") or asked.get("to"):
            return Period(asked.get("from"), asked.get("to"))
        return last_days(DEFAULT_DAYS, today=self.today_then)

    @property
    def today_then(self):
        """Today, or the day as of which it is asked: the last 30 days of a question as of March end in March."""
        earliest = self.as_of.earliest
        return min(self.today, today_in(self.zones, earliest)) if earliest else self.today

    @property
    def as_of(self):
        """The `Moments` as of which it is asked."""
        asked = self.cleaned_data
        return Moments(recorded=asked.get("as_of_recorded"), occurred=asked.get("as_of_occurred"))

    @property
    def asks_for_days(self):
        """Whether the page shows the two days."""
        asked = self.data.get("period")
        return asked == BETWEEN or (not asked and bool(self.data.get("from") or self.data.get("to")))

    @property
    def selection(self):
        asked = self.cleaned_data
        codes = {name: asked.get(name) or None for name in FILTERS}
        return Selection(self.user, self.period, **codes, as_of=self.as_of)


def _day(label):
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "select"}, format="%Y-%m-%d"),
        validators=[_in_living_memory],
        error_messages={"invalid": _("Write the day as in 2026-11-21.")},
    )


def _moment(user, label):
    field = MomentField(label=label, required=False)
    field.ends = True
    field.timezone = user.property.timezone if user.property_id else "UTC"
    return field


def _in_living_memory(day):
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(
            _("Give a day from %(first)s to %(last)s."), "out_of_range", {"first": EARLIEST, "last": LATEST}
        )


def _choice(label, choices, nothing=None):
    choices = list(choices)
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=([("", nothing)] if nothing else []) + choices,
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": _("“%(value)s” is no code here.")},
    )


def _read(catalogue):
    """[(code, name in the reader's words)]."""
    return [(code, in_readers_words(name)) for code, name in catalogue]


def _once(choices):
    """Each code once, with the first of its names: departments of several properties share theirs."""
    found = {}
    for code, name in choices:
        found.setdefault(code, name)
    return found.items()


def _in_their_tree():
    """The causes, each below the one that it belongs to, set off from it by a dash."""
    below = {}
    for pk, parent, code, name in catalogues.causes():
        below.setdefault(parent, []).append((pk, code, in_readers_words(name)))

    def walk(parent, depth):
        for pk, code, name in below.get(parent, []):
            yield code, f"{'– ' * depth}{name}"
            yield from walk(pk, depth + 1)

    return walk(None, 0)
