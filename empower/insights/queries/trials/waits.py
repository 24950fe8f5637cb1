"""How long a request waits for an answer where and when it is made: by the property, and there by the hour of the day.

The same waits as the reports' (`..timing`): asked to decided, yes or no; who had no answer counts for as long as they waited.
"""

from zoneinfo import ZoneInfo

from empower import clock
from empower.spending.models import Approval, ApprovalStatus

from ..timing import Waits, seconds

CHUNK = 5_000
_TIMED = (ApprovalStatus.OPEN, ApprovalStatus.APPROVED, ApprovalStatus.DECLINED, ApprovalStatus.EXPIRED)


class LocalWaits:
    """Of requests: ``all`` of them, as `Waits`; the median at a property and an hour by ``median_at``."""

    def __init__(self, rows):
        """``rows``: (property id, hour 0 to 23, seconds, whether it was answered)."""
        together, here = [], {}
        for house, hour, lasted, answered in rows:
            one = lasted, answered
            together.append(one)
            for place in ((house, None), (house, hour)):
                here.setdefault(place, []).append(one)
        self.all = _waits(together)
        self._medians = {place: _waits(those).quantile(0.5) for place, those in here.items()}
        self._medians[None] = self.all.quantile(0.5)

    def median_at(self, house, hour):
        """(seconds, whether they are of this very hour): else of the property's whole day, else of all; None for none."""
        for place in ((house, hour), (house, None), None):
            if self._medians.get(place) is not None:
                return self._medians[place], place == (house, hour)
        return None, False


def local_waits(past):
    """The `LocalWaits` of the requests that were made in a `Past`'s period, whoever's; imported ones left out. One query."""
    zones, now = {pk: ZoneInfo(name) for pk, name in past.zones.items()}, clock.now()
    rows = (
        Approval.objects.order_by()
        .filter(past.period.covers(past.houses, field="requested_at"), property__in=list(zones), status__in=_TIMED)
        .filter(spend__external_id="")
        .values_list("property_id", "requested_at", "decided_at", "expires_at")
    )

    def told(house, requested_at, decided_at, expires_at):
        until = decided_at or min(now, expires_at or now)
        return house, requested_at.astimezone(zones[house]).hour, seconds(requested_at, until), decided_at is not None

    return LocalWaits(told(*row) for row in rows.iterator(chunk_size=CHUNK))


def _waits(those):
    return Waits.of(
        [(lasted, 1) for lasted, answered in those if answered],
        [(lasted, 1) for lasted, answered in those if not answered],
    )
