"""A history file: what it says as a whole, and each of its rows, parsed or with the reasons why not. Asks no database."""

import csv
import hashlib
import re
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

from empower.canonical import canonical
from empower.incidents.models import IncidentKind, Outcome
from empower.money import is_currency, to_minor

from .times import NoSuchTime, Stamp, read_stamp

COLUMNS = """
    external_id occurred_at reported_at resolved_at property timezone department employee guest incident kind category
    narrative gesture amount cost currency outcome feeling_before feeling_after approved_by note
""".split()  # noqa: SIM905
REQUIRED = ("external_id", "occurred_at", "property")
REQUIRED_WITH_AMOUNT = ("employee", "guest", "currency")

#: What the columns of the database hold, and as much text as a person may write.
LONGEST_TEXT = 100_000
LONGEST = (
    {"narrative": LONGEST_TEXT, "note": LONGEST_TEXT}
    | dict.fromkeys(["external_id", "incident", "guest"], 200)
    | dict.fromkeys(["property", "department", "employee", "category", "gesture", "approved_by"], 64)
)
_AS_SENT = {"narrative", "note"}
# Asked of the machine once: it reads a folder each time.
TIMEZONES = frozenset(available_timezones())
_TIMES = {"occurred_at": "occurred", "reported_at": "reported", "resolved_at": "resolved"}


class UnreadableFile(Exception):
    """The file can't be read as a history file at all; the message is for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that says what it must. Text is "" and everything else None where the cell is empty; money in minor units."""

    line: int
    cells: list
    external_id: str
    occurred: Stamp
    property: str
    reported: Stamp | None = None
    resolved: Stamp | None = None
    timezone: str = ""
    department: str = ""
    employee: str = ""
    guest: str = ""
    incident: str = ""
    kind: str = ""
    category: str = ""
    narrative: str = ""
    gesture: str = ""
    amount: int | None = None
    cost: int | None = None
    currency: str = ""
    outcome: str = ""
    feeling_before: int | None = None
    feeling_after: int | None = None
    approved_by: str = ""
    note: str = ""

    def digest(self, salt):
        """SHA-256 of the salted content, in hex: the same for the same meaning, in whichever order the columns stood."""
        content = {
            one.name: str(value) if isinstance(value, Stamp) else value
            for one in fields(self)
            if one.name not in ("line", "cells") and (value := getattr(self, one.name)) not in ("", None)
        }
        return hashlib.sha256(salt.encode() + canonical(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class BadRow:
    """One record that can't be imported, and why."""

    line: int
    cells: list
    reason: str


@dataclass
class Survey:
    """What a property takes from the whole file when it is created, and who approves anywhere in it."""

    currencies: dict = field(default_factory=dict)
    timezones: dict = field(default_factory=dict)
    named: set = field(default_factory=set)
    approvers: set = field(default_factory=set)

    def note(self, cells):
        property, currency, timezone = (cells.get(name, "").strip() for name in ("property", "currency", "timezone"))
        if is_currency(currency):
            self.named.add(currency)
            self.currencies.setdefault(property, currency)
        if timezone in TIMEZONES:
            self.timezones.setdefault(property, timezone)
        if approver := cells.get("approved_by", "").strip():
            self.approvers.add(approver)

    def currency_for(self, property):
        """That of the property's first row which has one, else the file's only one, else None."""
        return self.currencies.get(property) or (next(iter(self.named)) if len(self.named) == 1 else None)


class HistoryFile:
    """A file on disk, read twice and never held in memory: once as it is opened, for its `survey`, then by `rows`.

    Opening raises UnreadableFile: not a file, not UTF-8, NUL, empty, an unknown, double or missing column.
    """

    def __init__(self, path, *, called=None):
        """``called`` is what the person who gave it knows it by; its path, where that is left out."""
        self.path, self.called = Path(path), called or str(path)
        self.columns = []
        self.survey = Survey()
        #: How many records there are below the header, good or bad.
        self.count = 0
        for record in self._records():
            self.count += 1
            if isinstance(record, BadRow) or len(record[1]) != len(self.columns):
                continue
            self.survey.note(dict(zip(self.columns, record[1], strict=True)))

    def rows(self):
        """A `Row` or a `BadRow` for each record, in the order of the file. A blank line is none."""
        for record in self._records():
            yield record if isinstance(record, BadRow) else self._row(*record)

    def _records(self):
        """(line of its beginning, cells) of each record after the header, or a BadRow where the quoting is broken."""
        with _opened(self.path, self.called) as file:
            # Strict, or a stray quote would be taken for something it may not have meant.
            reader = csv.reader(_without_nul(file), strict=True)
            try:
                self.columns = _checked_header(next(reader, None))
            except csv.Error as error:
                raise UnreadableFile(f"{self.called}: the header is no CSV: {error}.") from None
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    yield BadRow(line, [], f"this is no CSV: {error}")
                    continue
                if cells is None:
                    return
                if cells:
                    yield line, cells

    def _row(self, line, cells):
        if len(cells) != len(self.columns):
            reason = f"there are {len(cells)} cells where the header has {len(self.columns)}"
            return BadRow(line, cells, reason)
        said = {
            name: cell if name in _AS_SENT else cell.strip() for name, cell in zip(self.columns, cells, strict=True)
        }
        reading = _Reading(said)
        values = reading.values()
        return BadRow(line, cells, "; ".join(reading.wrong)) if reading.wrong else Row(line, cells, **values)


class _Reading:
    """The cells of one row on their way to values; ``wrong`` gathers every reason against it."""

    def __init__(self, said):
        self.said = said
        self.wrong = []

    def values(self):
        said = self.said
        with_amount = bool(said.get("amount"))
        for name in REQUIRED + (REQUIRED_WITH_AMOUNT if with_amount else ()):
            if not said.get(name):
                self.wrong.append(f"{name} is missing" + (" beside an amount" if name not in REQUIRED else ""))
        for name, longest in LONGEST.items():
            if len(said.get(name, "")) > longest:
                self.wrong.append(f"{name} has more than {longest} characters")
        values = {name: text for name, text in said.items() if name not in _TIMES}
        values |= {attribute: self._stamp(name) for name, attribute in _TIMES.items()}
        values |= {name: self._feeling(name) for name in ("feeling_before", "feeling_after")}
        self._one_of("kind", IncidentKind.values)
        self._one_of("outcome", Outcome.values)
        self._known("currency", is_currency, "a currency of ISO 4217")
        self._known("timezone", TIMEZONES.__contains__, "a time zone of IANA")
        values |= {"incident": said.get("incident") or said.get("external_id", "")}
        values |= {"amount": None, "cost": None}
        if with_amount and is_currency(said.get("currency", "")):
            values |= self._money(said["currency"])
        if with_amount and said.get("approved_by") and said["approved_by"] == said.get("employee"):
            self.wrong.append("approved_by names the employee: nobody decides on their own spend")
        return values

    def _stamp(self, name):
        if not (text := self.said.get(name, "")):
            return None
        try:
            return read_stamp(text)
        except NoSuchTime as reason:
            self.wrong.append(f"{name} {_quoted(text)} {reason}")
            return None

    def _feeling(self, name):
        if not (text := self.said.get(name, "")):
            return None
        if not self.said.get("guest"):
            self.wrong.append(f"{name} is given, but no guest whose feeling it would be")
        if not re.fullmatch(r"[0-9]|10", text):
            self.wrong.append(f"{name} {_quoted(text)} is not a whole number from 0 to 10")
            return None
        return int(text)

    def _one_of(self, name, words):
        if (text := self.said.get(name, "")) and text not in words:
            self.wrong.append(f"{name} {_quoted(text)} is none of {', '.join(words)}")

    def _known(self, name, is_known, what):
        if (text := self.said.get(name, "")) and not is_known(text):
            self.wrong.append(f"{name} {_quoted(text)} is not {what}")

    def _money(self, currency):
        """The amount, and the cost, which has its sign: what a credit takes back did not cost more."""
        money = {}
        for name in ("amount", "cost"):
            if text := self.said.get(name, ""):
                try:
                    money[name] = to_minor(text, currency, signed=True)
                except ValidationError as error:
                    self.wrong.append(f"{name} {_quoted(text)}: {' '.join(error.messages)}")
        amount, cost = money.get("amount"), money.get("cost")
        if amount is not None and cost and (cost < 0) != (amount < 0):
            self.wrong.append("the cost has not the sign of the amount")
        return money


@contextmanager
def _opened(path, called):
    """The file's text, its line ends as they are. UnreadableFile in place of what the system says."""
    try:
        # Looked at before it is opened: a pipe would wait, and can't be read twice.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(f"{called} is not a file.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise UnreadableFile(f"{called} is not in UTF-8: save it as “CSV UTF-8”.") from None
        raise UnreadableFile(f"{called} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def _without_nul(lines):
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise UnreadableFile(f"Line {number} holds a NUL byte: this is no CSV text, or it is in UTF-16.")
        yield line


def _checked_header(cells):
    if not cells or not any(cells):
        raise UnreadableFile("The file is empty: its first line should name the columns.")
    names = [cell.strip() for cell in cells]
    unknown = sorted({name for name in names if name not in COLUMNS})
    double = sorted({name for name in names if names.count(name) > 1} - set(unknown))
    missing = [name for name in REQUIRED if name not in names]
    faults = [
        f"{what}: {', '.join(map(_quoted, columns))}."
        for what, columns in (
            ("Unknown columns", unknown),
            ("Columns that stand twice", double),
            ("Missing columns", missing),
        )
        if columns
    ]
    if faults:
        raise UnreadableFile(f"{' '.join(faults)} The columns are {', '.join(COLUMNS)}.")
    return names


def _quoted(text):
    """A cell as a reason shows it: short, and nothing in it that a terminal would obey."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:60])
    return f"“{shown}{'…' if len(text) > 60 else ''}”"
