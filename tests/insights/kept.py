"""What roll-ups come to, however their news stand beside them."""

from empower.insights.models import RollUp
from empower.insights.queries.rollups.pieces import FINEST_FIRST, begin_of
from empower.insights.queries.rollups.tallies import from_text, summed, to_text


def state():
    """{(house, grain, facet, part, begins on, text)}: each with its news."""
    told = []
    for grain, begins, *kind, text in RollUp.objects.values_list(
        "grain", "begins_on", "house", "facet", "part", "tally"
    ):
        tally = from_text(text)
        for larger in FINEST_FIRST if grain == RollUp.Grain.NEWS else [grain]:
            told.append(((larger, begin_of(larger, begins), *kind), tally))
    return {
        (house, grain, facet, part, begins, to_text(tally))
        for (grain, begins, house, facet, part), tally in summed(told).items()
        if tally
    }
