"""What budgets will have spent by their end, if the days go on as they went: mean and scatter of those that are over."""

from ..budgets import forecasts, together
from ..figures import Figure
from .family import Family


def _forecasts(selection, by):
    found = {}
    for one, each, forecast in forecasts(selection):
        key = (one.house.code,) if by else ()
        found.setdefault(key, {}).setdefault(one.house.currency, []).append((one.days, sum(each), forecast))

    def figures_of(key):
        for currency, told in sorted(found.get(key, {}).items()):
            yield _figure(currency, sum(days for days, *_more in told), told)

    return set(found), figures_of


def _figure(currency, days, told):
    """Of [(days of the budget, spent, `Forecast` or None)]; without a value where one of them has none."""
    forecast = together([one for _days, _spent, one in told])
    if forecast is None:
        return Figure("forecast", "money", None, 0, sum(spent for _days, spent, _f in told), days, None, currency)
    value, low, high = forecast.range()
    interval = round(low), round(high)
    return Figure("forecast", "money", round(value), forecast.days, forecast.spent, days, interval, currency)


FORECASTS = Family(_forecasts, frozenset({"property"}))
