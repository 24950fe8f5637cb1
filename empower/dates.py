"""How a day is written for people: the patterns are texts, since a language has its own order and its own small words.

The letters are those of Django's ``date`` filter; a translator keeps them and puts a backslash before each of their own.
"""

from django.utils.dateformat import format as as_date
from django.utils.translation import pgettext_lazy

PATTERNS = {
    "18 Nov": pgettext_lazy("date", "j M"),
    "18 Nov 2026": pgettext_lazy("date", "j M Y"),
    "Nov 2026": pgettext_lazy("date", "M Y"),
    "18 November": pgettext_lazy("date", "j F"),
    "18 November 2026": pgettext_lazy("date", "j F Y"),
    "Saturday 18 November": pgettext_lazy("date", "l j F"),
    "Saturday 18 November 2026": pgettext_lazy("date", "l j F Y"),
    "Sat 18 Nov": pgettext_lazy("date", "D j M"),
    "Sat": pgettext_lazy("date", "D"),
}


def written(day, like):
    """``day`` (a date, or a datetime where it stands) in the reader's language, as the key of `PATTERNS` shows it."""
    return as_date(day, str(PATTERNS[like]))
