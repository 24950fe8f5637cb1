"""By which columns the rows of each model are told apart."""

from datetime import timedelta

from django.db.models import Case, CharField, F, Func, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from empower.incidents.models import Incident
from empower.journal.models import Posting
from empower.spending.models import Approval, Spend
from empower.staff.models import Employee

from .period import local

#: How long somebody had been there on the last day counted: name, and fewer than so many days.
TENURES = (("under_60_days", 60), ("under_a_year", 365), ("under_3_years", 3 * 365), ("longer", None))


class Written(Func):
    """A word of ours as it stands in the query: SQLite looks into no parameter to see that an index of a part of the rows
    (``judged_as = 'approved'``) holds all that is asked for.
    """

    template = "'%(word)s'"
    output_field = CharField()

    def __init__(self, word):
        if not word.isidentifier():
            raise ValueError("Only a word of ours is written into a query.")
        super().__init__(word=str(word))


def column_of(model, name, selection):
    """An expression: the text by which a row is told apart by the dimension of this name; "" where it has none."""
    columns = _COLUMNS[model]
    if name in ("day", "week", "month"):
        return local(name, moment=columns["moment"], zone="property__timezone", timezones=selection.timezones)
    if name == "tenure":
        return _tenure(columns["joined"], selection.period.ends or selection.today)
    return Coalesce(columns[name], Value(""), output_field=CharField())


def _of_incident(column):
    return Subquery(Incident.objects.filter(pk=OuterRef("incident_id")).order_by().values(column)[:1])


_COLUMNS = {
    Incident: {
        "property": F("property__code"),
        "department": F("department__code"),
        "category": F("category__code"),
        "outcome": F("outcome"),
        "gesture": F("spends__gesture__code"),
        "role": F("spends__employee__role"),
        "joined": "spends__employee__joined_on",
        "moment": "occurred_at",
    },
    Spend: {
        "property": F("property__code"),
        "department": F("department__code"),
        "category": F("incident__category__code"),
        "outcome": F("incident__outcome"),
        "gesture": F("gesture__code"),
        "role": F("employee__role"),
        "joined": "employee__joined_on",
        "moment": "act_at",
    },
    Approval: {
        "property": F("property__code"),
        "department": F("spend__department__code"),
        "category": F("spend__incident__category__code"),
        "outcome": F("spend__incident__outcome"),
        "gesture": F("spend__gesture__code"),
        "role": F("employee__role"),
        "joined": "employee__joined_on",
        "moment": "requested_at",
    },
    Employee: {
        "property": F("property__code"),
        "department": F("department__code"),
        "role": F("role"),
        "joined": "joined_on",
    },
    Posting: {
        "property": F("property__code"),
        "department": F("department__code"),
        "category": _of_incident("category__code"),
        "outcome": _of_incident("outcome"),
        "gesture": Subquery(
            Spend.objects.filter(pk=OuterRef("entry__spend_id")).order_by().values("gesture__code")[:1]
        ),
        "role": F("employee__role"),
        "joined": "employee__joined_on",
        "moment": "act_at",
    },
}


def _tenure(joined, on_day):
    whens = [When(**{joined: None}, then=Value(""))]
    for name, fewer_than in TENURES:
        if fewer_than is not None:
            whens.append(When(**{f"{joined}__gt": on_day - timedelta(days=fewer_than)}, then=Value(name)))
    return Case(*whens, default=Value(TENURES[-1][0]), output_field=CharField())
