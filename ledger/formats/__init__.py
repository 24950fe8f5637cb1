"""One form for every date that a library writes for us: that of `empower.dates`, and 24 hours."""

from django.utils.functional import lazystr

from empower.dates import PATTERNS

DAY, DAY_OF_YEAR = PATTERNS["18 Nov 2026"], PATTERNS["18 November"]


class _WithTime:
    def __str__(self):
        return f"{DAY}, H:i"


MOMENT, TIME = lazystr(_WithTime()), "H:i"
