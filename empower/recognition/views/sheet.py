"""How much of a line-up stands on one sheet of paper: A4 or Letter, in print and as PDF, and the same on the screen.

Whoever prints it at 7.30 wants one page, however busy the day. What does not fit is counted and said, with the address of
the whole list. A line is a line of a table; the widths are those of line-up.css, and a browser test measures both.
"""

from dataclasses import dataclass
from math import ceil
from unicodedata import category

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from empower.texts import apart, together

#: Lines for rows, titles, story and notes on a Letter page, which is the shorter of the two, with two to spare: the
#: reader's fonts are not ours.
PAPER = 48
#: A title with the head of its table, or with the one sentence that there is nothing; the line of the sums.
TITLE, SUMS = 2.5, 1.2
#: A row is its border and its lines: two lines take less than two rows of one.
BORDER, LINE = 0.13, 0.89
#: A ruled line is as high as a pen needs it.
RULE = 1.65
FEWEST_RULES, MOST_RULES = 3, 12
#: Characters of a line in a half of the page, and over all of it, of which a cell has its share.
HALF, WHOLE = 60, 104
STORY, CARD, CARDS = 360, 90, 3
#: A cell of one sheet is cut here, that no single row takes half of it.
CELL = 110

#: Whose rows go on first when there is no room for all: in house before promised, promised before due and asked.
_SHARES = {"parties": 5, "promises": 4, "follow_ups": 2, "requests": 1}


@dataclass(frozen=True)
class Line:
    """A row of a table in words, the row it tells of, and how many lines of paper it takes."""

    of: object
    who: str
    what: str
    did: str = ""
    height: float = BORDER + LINE


@dataclass
class Section:
    """What is shown of it, and how many more there are."""

    lines: list
    more: int = 0

    def __bool__(self):
        return bool(self.lines or self.more)


@dataclass(frozen=True)
class Sheet:
    """The sections by name, the story's words and the cards as they fit, and ruled lines for a pen."""

    promises: Section
    requests: Section
    parties: Section
    follow_ups: Section
    thanks: Section
    story_text: str
    rules: range
    is_whole: bool

    @property
    def leaves_something_out(self):
        return any(one.more for one in (self.promises, self.requests, self.parties, self.follow_ups, self.thanks))


def fit(found, *, whole=False):
    """The `Sheet` of a `LineUp`: one page of it, or the ``whole`` list, which may take more. No query."""
    lines = {
        "promises": [_promise(spend, whole) for spend in found.promises],
        "requests": [_request(approval, whole) for approval in found.requests],
        "parties": [_party(party, whole) for party in found.parties],
        "follow_ups": [_follow_up(due, whole) for due in found.follow_ups],
    }
    cards = [_card(card, whole) for card in found.thanks]
    told = found.story.text if found.story else ""
    text = told if whole else Truncator(" ".join(told.split())).chars(STORY)
    shown = cards if whole else cards[:CARDS]
    rooms = _rooms(lines, text, shown)
    sections = {name: Section(rows) for name, rows in lines.items()} if whole else _share(lines, rooms)
    left = rooms - sum(line.height for one in sections.values() for line in one.lines)
    left -= sum(bool(one.more) for one in sections.values())
    if found.older_promises:
        sections["promises"].more += found.older_promises
    return Sheet(
        **sections,
        thanks=Section(shown, len(cards) - len(shown)),
        story_text=text,
        rules=range(max(FEWEST_RULES, min(MOST_RULES, FEWEST_RULES + int(left / RULE)))),
        is_whole=whole,
    )


def _rooms(lines, text, cards):
    """Lines left for rows, when all that is always there has its own. What has no rows and no sentence is left out."""
    titles = {"promises", "parties"} | {name for name, rows in lines.items() if rows}
    story = ceil(len(text) / HALF) * 0.97 + 2.4 if text else 2.5
    thanks = sum(card.height for card in cards) + 3.4 if cards else 2.5
    sums = SUMS if lines["parties"] else 0
    return PAPER - len(titles) * TITLE - sums - max(story, thanks) - FEWEST_RULES * RULE


def _share(lines, rooms):
    """{name: Section}: rows go on one by one, from the section that has least for its share."""
    taken = {name: [] for name in lines}
    used = dict.fromkeys(lines, 0)
    going = {name for name, rows in lines.items() if rows}
    # A section that is cut needs a line to say so.
    left = rooms - len(going)
    while going:
        name = min(going, key=lambda one: (used[one] / _SHARES[one], one))
        line = lines[name][len(taken[name])]
        is_last = len(taken[name]) + 1 == len(lines[name])
        if line.height > left + is_last:
            going.discard(name)
            continue
        taken[name].append(line)
        used[name] += line.height
        left -= line.height - is_last
        if is_last:
            going.discard(name)
    return {name: Section(rows, len(lines[name]) - len(rows)) for name, rows in taken.items()}


def _promise(spend, whole):
    category = _named(spend.incident)
    line = _told(spend, whole, who=str(spend.guest.merged_into or spend.guest), what=str(spend.gesture), did=spend.note)
    return _measured(line, (line.who, 0.22), (f"{line.what} {category} {line.did}", 0.45))


def _request(approval, whole):
    line = _told(approval, whole, who=str(approval.spend.guest), what=str(approval.spend.gesture), did="")
    return _measured(line, (line.who, 0.22), (f"{line.what} asked by {approval.employee.get_short_name()}", 0.33))


def _party(party, whole):
    did = [str(gesture) for gesture in party.given]
    did += [_("%(gesture)s asked for") % {"gesture": apart(gesture)} for gesture in party.asked]
    what = together([_named(incident) for incident in party.incidents])
    line = _told(party, whole, who=together(party.guests), what=what, did=together(did))
    failed = _("second failure") if party.is_second_failure else ""
    return _measured(line, (line.who, 0.22), (f"{line.what}, {failed}", 0.24), (line.did, 0.2))


def _follow_up(due, whole):
    line = _told(due, whole, who=together(due.guests), what=_named(due.incident))
    return _measured(line, (line.who, 0.22), (line.what, 0.38))


def _card(card, whole):
    text = " ".join(card.text.split())
    who, what = card.receiver.get_short_name(), text if whole else Truncator(text).chars(CARD)
    said = f"{who}, from {card.given_by.get_short_name()}"
    return Line(card, who, what, height=ceil(_width(said) / HALF) + ceil(_width(f"“{what}”") / HALF))


def _named(incident):
    name = str(incident.category or incident.get_kind_display().capitalize())
    if incident.kind == "delight":
        return _("%(what)s (delight)") % {"what": name}
    return name


def _told(of, whole, *, who, what, did=""):
    words = [" ".join(text.split()) for text in (who, what, did)]
    return Line(of, *(words if whole else (Truncator(text).chars(CELL) for text in words)))


def _measured(line, *cells):
    """The line with its height: that of its highest cell, by what fits in its share of the width."""
    lines = max((ceil(_width(text) / (share * WHOLE)) for text, share in cells), default=1)
    return Line(line.of, line.who, line.what, line.did, BORDER + LINE * max(1, lines))


def _width(text):
    """Characters, those of wide scripts twice."""
    return sum(1 if ord(letter) < 0x1100 else 2 for letter in text if category(letter) != "Cf")
