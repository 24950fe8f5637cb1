"""Where a look is worth while: what stands out by more than chance, as questions. Teams in the order of their names."""

from django.utils.translation import gettext as _

from empower.staff.models import Department, Property

from ..queries import pictures, signals
from ..queries.hiding import is_hidden
from .figures import number


def looks_of(selection, figures, asked):
    """[(what, the question, where to look)]; ``figures`` are those of the panel. Some ten queries."""
    if is_hidden(selection):
        return []
    names = names_of_groups(selection)
    return [*_limit(figures), *_outside(selection, asked, names), *_uneven(selection, asked, names)]


def names_of_groups(selection):
    """{key of a group: what it is called}, for properties, teams of several and departments of one. Two queries."""
    houses = {("property", one.code): one.name for one in Property.objects.visible_to(selection.user)}
    rows = list(Department.objects.visible_to(selection.user).select_related("property"))
    teams = {("property", "department", row.property.code, row.code): f"{row}, {row.property.code}" for row in rows}
    return houses | teams | {("department", row.code): str(row) for row in rows}


def _limit(figures):
    reached = next((one for one in figures if one.name == "limit_reached"), None)
    if reached and not reached.hidden and signals.is_limit_low(reached.numerator, reached.denominator):
        said = {"reached": number(reached.numerator), "all": number(reached.denominator)}
        yield (
            _("Is the limit too low?"),
            _("%(reached)s of %(all)s sums used 95 %% of it or more: surely more than one in ten.") % said,
            "",
        )


def _outside(selection, asked, names):
    for by, chart in pictures.funnels(selection, hidden=False):
        for point in _standing_out(chart, by, names):
            said = {"used": number(point.successes), "all": number(point.n)}
            yield (
                names.get((*by, *point.key), "/".join(point.key)),
                _(
                    "Used in %(used)s of %(all)s incidents, which is more than chance away from the others. What is different?"
                )
                % said,
                asked(**dict(zip(by, point.key, strict=True))),
            )


def _uneven(selection, asked, names):
    chart, by = signals.uneven_desks(selection), ("property", "department")
    for point in _standing_out(chart, by, names) if chart else ():
        if point.share > chart.target:
            said = {"outside": number(point.successes), "all": number(point.n)}
            yield (
                names.get((*by, *point.key), "/".join(point.key)),
                _("%(outside)s of %(all)s gifts lie far from what like cases got in the house. Are the cases alike?")
                % said,
                asked(**dict(zip(by, point.key, strict=True))),
            )


def _standing_out(chart, by, names):
    points = (point for point in chart.points if point.stands_out)
    return sorted(points, key=lambda point: names.get((*by, *point.key), ""))
