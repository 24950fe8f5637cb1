"""Whether a text names a guest: by any word of a name, or by the room.

Too careful rather than too free: a guest called Will keeps "will" out of the text, and the refusal says which word it
was, so that it can be said another way.
"""

import re
from unicodedata import category, digit, normalize

from django.utils.translation import gettext_lazy as _

from empower.incidents.models import IncidentGuest
from empower.texts import malformed

# Forms of address, and the small words between names: they tell nobody from others.
_ADDRESS = {
    *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "lady", "lord", "jr", "guest", "family"),
    *("herr", "frau", "mme", "mlle", "madame", "monsieur", "sr", "sra", "srta", "senor", "senora", "signor", "signora"),
}
_BETWEEN = {
    *("de", "la", "le", "les", "du", "des", "da", "do", "dos", "das", "di", "del", "della", "van", "von", "der", "den"),
    *("het", "el", "al", "bin", "ibn", "bint", "abu", "don", "dona", "and", "of", "the"),
}
_WORD = re.compile(r"[^\W_]+")


def require_nameless(text, incident):
    """ValidationError ``text``, code ``names_a_guest``, where a guest of the incident is named. One query."""
    rows = IncidentGuest.objects.filter(incident=incident).select_related("guest__merged_into")
    for row in rows:
        for guest in (row.guest, row.guest.merged_into):
            found = guest and named_in(text, name=guest.name, room=guest.room)
            if found:
                raise malformed(
                    "text",
                    _("“%(found)s” tells who the guest is: say it without, unless the guest agreed to be named."),
                    code="names_a_guest",
                    found=found,
                )


def named_in(text, *, name, room):
    """The first word of the name, or the room, that stands in the text; "" where none does.

    However it is written: capitals, accents, wide letters, digits of another script, marks that can't be seen. In a
    script without word breaks or capitals a part of a word counts as well.
    """
    told = _plain(text)
    words = set(_WORD.findall(told))
    parts = [part for part in _WORD.findall(_plain(name)) if part not in _ADDRESS and not part.isdigit()]
    # Who is called by nothing else is told by it: a Mr Van.
    telling = [part for part in parts if part not in _BETWEEN and (len(part) > 1 or not part.isascii())] or parts
    for part in telling:
        has_no_capitals = part.upper() == part.lower()
        if part in words or (has_no_capitals and part in told):
            return part
    room = _plain(room).strip()
    if room and re.search(rf"(?<![^\W_]){re.escape(room)}(?![^\W_])", told):
        return room
    return ""


def _plain(text):
    """Letters alone: compatible ones as one, without accents and without what can't be seen, in small letters."""
    kept = (letter for letter in normalize("NFKD", text) if category(letter) not in ("Mn", "Cf"))
    return "".join(str(digit(letter)) if letter.isdigit() else letter for letter in kept).casefold()
