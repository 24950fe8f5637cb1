"""The four houses: where they stand, what they spend, how dear they are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class House:
    """A hotel as the demo tells it. ``unit``: minor units in what feels like a dollar there; ``step``: what people
    round to, in minor units. ``share``: incidents on an ordinary day at scale 1. ``allotment``: for a period of
    ``months``, in minor units, at scale 1. ``rooms``: how many it has, where it reports how many are occupied."""

    code: str
    name: str
    currency: str
    timezone: str
    unit: int
    step: int
    share: float
    allotment: int
    months: int
    floors: range
    answers: tuple
    departments: tuple
    rooms: int = 0


FRONT_DESK, HOUSEKEEPING, DINING = ("front_desk", "Front desk"), ("housekeeping", "Housekeeping"), ("dining", "Dining")
CONCIERGE, ENGINEERING, SPA = ("concierge", "Concierge"), ("engineering", "Engineering"), ("spa", "Spa")
_HOTEL = (FRONT_DESK, HOUSEKEEPING, DINING, CONCIERGE, ENGINEERING, SPA)

#: ``answers``: the usual minutes until a request is looked at, from the quickest to the slowest quarter.
HOUSES = (
    House(
        "LAX", "Los Angeles", "USD", "America/Los_Angeles", 100, 500, 0.86, 3_000_000, 3, range(3, 21), (2, 6, 14),
        _HOTEL, rooms=342,
    ),
    House(
        "NYC", "New York", "USD", "America/New_York", 100, 500, 0.67, 650_000, 1, range(5, 32), (9, 34, 120), _HOTEL
    ),
    House(
        "PAR", "Paris", "EUR", "Europe/Paris", 92, 500, 0.56, 900_000, 3, range(1, 7), (4, 12, 35), _HOTEL
    ),
    House("KYO", "Kyoto", "JPY", "Asia/Tokyo", 150, 500, 0.47, 1_300_000, 3, range(2, 6), (3, 8, 20), _HOTEL),
)  # fmt: skip
