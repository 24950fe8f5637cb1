"""Which questions the roll-ups answer, and what they say: the counterparts of `facts`, `costs` and `timing`.

One facet tells one dimension or one filter. Two at once, a gesture as a filter (which incidents had it is another question
than under which gesture an act counts), a person's role or tenure, a moment of the past: those the facts answer.
"""

from dataclasses import dataclass

from empower.incidents.models import Category
from empower.staff.models import Property

from ..moment import settled
from .cells import FACETS
from .stored import ALL
from .tallies import add, code_of, first_of, from_text, len_of_first, nested

_TIMES = frozenset({"day", "week", "month"})
_FACETS = frozenset({"property", "department", "category", "gesture"})
_FILTERS = ("department", "category", "kind")


@dataclass(frozen=True)
class Route:
    """How a question is answered: of which house, by which facet, which of its codes (None: all), told apart by what."""

    house: int
    facet: str
    codes: frozenset | None
    by: tuple
    time: str | None

    def sums(self, kept, period, part):
        """{key: nested tally}: a key has a code for each dimension of ``by``."""
        found, names = {}, property_codes() if "property" in self.by else {}
        for at, told in kept.sums(self.house, self.facet, part, period, by=self.time).items():
            for group, numbers in told.items():
                code, counted = code_of(group)
                if self.codes is None or code in self.codes:
                    add(found.setdefault(self._key(code, at, names), {}), {counted: numbers})
        return {key: nested(tally) for key, tally in found.items() if tally}

    def people(self, kept, period, most):
        """{key: how many people}, no more than ``most`` of each."""
        found, names = {}, property_codes() if "property" in self.by else {}
        if not self.facet:
            length = len_of_first(most)
            for at, text in kept.rows(self.house, "", "people", period, by=self.time, length=length):
                found.setdefault(self._key("", at, names), set()).update(first_of(text, most))
            return {key: min(most, len(people)) for key, people in found.items() if people}
        for at, text in kept.rows(self.house, self.facet, "people", period, by=self.time):
            for group, people in from_text(text).items():
                code, _rest = code_of(group)
                if self.codes is None or code in self.codes:
                    found.setdefault(self._key(code, at, names), set()).update(people)
        return {key: min(most, len(people)) for key, people in found.items()}

    def _key(self, code, at, names):
        named = {self.time: at, self.facet: code}
        if self.house != ALL and "property" in self.by:
            named["property"] = names[str(self.house)]
        elif self.facet == "property":
            named["property"] = names[code]
        elif self.facet == "team":
            house, _slash, named["department"] = code.partition("/")
            named["property"] = names[house]
        return tuple(named.get(one, "") for one in self.by)


def route_of(selection, by, part):
    """The `Route` of a question, or None where only the facts can tell. One query where the person is of one property."""
    house = _house(selection)
    times, things = [one for one in by if one in _TIMES], [one for one in by if one not in _TIMES]
    filters = [name for name in _FILTERS if getattr(selection, name)]
    if house is None or selection.gesture or len(times) > 1 or len(filters) > 1 or not _FACETS >= set(things):
        return None
    if house != ALL and "property" in things:
        things.remove("property")  # one property told apart by property: each line is that one's
    if set(things) == {"property", "department"} and not filters:
        facet = "team"
    elif len({*things, *filters}) > 1:
        return None
    else:
        facet = (things or filters or [""])[0]
    if {"property": "", "team": "department"}.get(facet, facet) not in FACETS[part]:
        return None
    codes = None
    if filters == ["category"]:
        codes = frozenset(Category.objects.filter(pk__in=selection.category_ids).values_list("code", flat=True))
    elif filters:
        codes = frozenset([getattr(selection, filters[0])])
    return Route(house, facet, codes, tuple(by), (times or [None])[0])


def _house(selection):
    user = selection.user
    if selection.as_of or not user.is_active or user.is_superuser or not user.role:
        return None
    if user.sees_every_property and not selection.property:
        return ALL
    found = [house for there in selection.houses.values() for house in there]
    return found[0] if len(found) == 1 else None


def property_codes():
    """{text of a property's id: its code}. One query."""
    codes = Property.objects.order_by().values_list("pk", "code")
    return settled("property codes", lambda: {str(pk): code for pk, code in codes})
