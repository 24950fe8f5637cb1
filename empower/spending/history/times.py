"""Times as a history file writes them: ISO 8601, the zone or the time of day left out at will, nothing guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from empower.canonical import moment
from empower.clock import day_bounds

# Extended or basic form. A blank may stand for the T, as databases export it and RFC 3339 allows.
_FORMS = [
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<day>\d{4}-\d{2}-\d{2})"
        r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?P<zone>Z|[+-]\d{2}(?::\d{2})?)?)?",
        r"(?P<day>\d{8})(?:T(?P<time>\d{4}(?:\d{2}(?:[.,]\d{1,9})?)?)(?P<zone>Z|[+-]\d{2}(?:\d{2})?)?)?",
    )
]


class NoSuchTime(ValueError):
    """The text is no time, or no clock ever showed it; the message is the rest of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a cell says: a day alone, a local time, or a moment (which has its zone)."""

    said: date | datetime

    @property
    def is_day(self):
        return not isinstance(self.said, datetime)

    def at(self, timezone):
        """The UTC moment, in the IANA zone named ``timezone`` where the cell names none: a day is its first moment.

        Of a local time that came twice, the first. NoSuchTime for one that the clocks jumped over.
        """
        try:
            if self.is_day:
                return day_bounds(self.said, timezone)[0]
            if self.said.tzinfo:
                return self.said.astimezone(UTC)
            at = self.said.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
            shown = at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
        except OverflowError:
            raise NoSuchTime("is beyond the calendar") from None
        if shown != self.said:
            raise NoSuchTime(f"never was in {timezone}: the clocks were put forward over it")
        return at

    def day(self, timezone):
        """The local day."""
        return self.said if self.is_day else self.at(timezone).astimezone(ZoneInfo(timezone)).date()

    def __str__(self):
        """One text for one meaning: what a row's content is compared by."""
        if self.is_day:
            return self.said.isoformat()
        return moment(self.said) if self.said.tzinfo else self.said.isoformat(timespec="microseconds")


def read_stamp(text):
    """The `Stamp` that ``text`` writes, or NoSuchTime."""
    match = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if match is None:
        raise NoSuchTime("is not a time of ISO 8601, such as 2026-11-21 or 2026-11-21T18:30:00-08:00")
    try:
        if match["time"] is None:
            return Stamp(date.fromisoformat(match["day"]))
        said = datetime.fromisoformat(f"{match['day']}T{match['time'].replace(',', '.')}{match['zone'] or ''}")
        # Also whether it can be said in UTC at all.
        return Stamp(said.astimezone(UTC) if said.tzinfo else said)
    except (ValueError, OverflowError):
        raise NoSuchTime("is a time that can't be") from None


def is_before(later, earlier, timezone):
    """Whether ``later``, which should not be, is before ``earlier``: by days where either is a day alone."""
    if later.is_day or earlier.is_day:
        return later.day(timezone) < earlier.day(timezone)
    return later.at(timezone) < earlier.at(timezone)
