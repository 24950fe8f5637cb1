"""One form for every date that a library writes for us: that of `empower.dates`, and 24 hours.

A module for each language, which Django reads when it first formats in that language.
"""

from django.utils.translation import override

from empower.dates import PATTERNS

#: The same in every language.
TIME = "H:i"


def patterns_in(language):
    """(day, day with its time, day of the year) as plain texts: a page's scripts are given them as JSON."""
    with override(language):
        day, of_year = str(PATTERNS["18 Nov 2026"]), str(PATTERNS["18 November"])
    return day, f"{day}, {TIME}", of_year
