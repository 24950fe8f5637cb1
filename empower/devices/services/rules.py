"""Which six digits may be a PIN. Not a password's rules: no letters, no length to choose, and nothing one guesses first."""

import re
import unicodedata
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from empower.texts import as_sent, malformed

LENGTH = 6

# Found at the top of every list of stolen PINs, and caught by none of the rules below.
_OFTEN = {
    "112233", "123321", "102030", "010203", "159753", "147258", "258369", "147852", "142536", "246810", "135790",
    "135791", "131415",
}  # fmt: skip


def digits_of(text):
    """What was typed as ASCII digits: of any script, blanks and hyphens left out; None where there is anything else."""
    found = []
    for letter in re.sub(r"[\s-]", "", text):
        digit = unicodedata.digit(letter, None)
        if digit is None:
            return None
        found.append(str(digit))
    return "".join(found)


def checked_pin(pin, *, staff_number):
    """The PIN as six ASCII digits. ValidationError names ``pin``: ``invalid``, ``too_simple``, ``staff_number``."""
    digits = digits_of(as_sent(pin, "pin", longest=50))
    if digits is None or len(digits) != LENGTH:
        raise malformed("pin", _("Six digits."))
    if _is_simple(digits):
        raise malformed("pin", _("Too easy to guess: no rows, no repeats such as 123456 or 112211."), code="too_simple")
    number = "".join(re.findall(r"[0-9]+", staff_number))
    if number and number.zfill(LENGTH)[-LENGTH:] in (digits, digits[::-1]):
        raise malformed("pin", _("Not your staff number: everybody knows it."), code="staff_number")
    return digits


def _is_simple(digits):
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    if len(set(digits)) < 3 or len(steps) == 1:
        return True
    return digits[:3] == digits[3:] or digits in _OFTEN or digits[::-1] in _OFTEN
