"""What roll-ups come to, however their news stands beside them."""

from empower.insights.models import RollUp
from empower.insights.queries.rollups.tallies import from_text, summed, to_text


def state():
    """{(house, grain, facet, part, begins on, text)}: each with its news."""
    rows = RollUp.objects.order_by("is_delta").values_list("house", "grain", "facet", "part", "begins_on", "tally")
    sums = summed((tuple(at), from_text(text)) for *at, text in rows)
    return {(*at, to_text(tally)) for at, tally in sums.items() if tally}
