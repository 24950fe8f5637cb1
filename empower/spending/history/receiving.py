"""A history file on its way in from a browser: onto this machine's disk, measured, looked at as a whole."""

import csv
import hashlib
import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.spreadsheets import Number, csv_line
from empower.texts import malformed

from .reading import HistoryFile, UnreadableFile

#: What is taken at the desk; the command on the server takes any size.
MOST_BYTES = 25 * 2**20
#: How much of a file is one row of the table of parts.
PART = 2**19
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Received:
    """A readable history file: where it lies, until the block that received it ends, and what it is."""

    path: Path
    digest: str
    size: int
    rows: int

    def parts(self):
        """Its bytes, `PART` at a time."""
        with self.path.open("rb") as file:
            while piece := file.read(PART):
                yield piece


@contextmanager
def received(pieces):
    """The `Received` file that these pieces of bytes make up; nothing of it is left behind.

    ValidationError ``file``: larger than `MOST_BYTES`, no row in it, or what the command says of what it can't read.
    """
    with TemporaryDirectory(prefix="history-") as folder:
        path, digest, size = Path(folder) / "history.csv", hashlib.sha256(), 0
        with path.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise too_large()
                digest.update(piece)
                file.write(piece)
        try:
            history = HistoryFile(path, called=str(_("The file")))
        except UnreadableFile as reason:
            raise ValidationError({"file": ValidationError(str(reason), code="unreadable")}) from None
        if not history.count:
            raise malformed("file", _("The file has a header and no row below it."), code="empty")
        yield Received(path, digest.hexdigest(), size, history.count)


def too_large():
    return malformed(
        "file",
        _("Up to %(most)d MB are taken here. On the server, manage.py import_history takes a file of any size."),
        code="too_large",
        most=MOST_BYTES // 2**20,
    )


class LeftOut:
    """What was not imported, as a CSV that no spreadsheet takes for formulas, in ``parts`` that end with whole records."""

    def __init__(self, columns):
        self.parts, self._open, self._size = [], [], 0
        self.lines = set()
        self._write(["line", "reason", *columns])

    def add(self, line, reason, cells):
        """As `import_history` calls ``on_left_out``. A number stays plain: a credit has its minus when it comes back."""
        self.lines.add(line)
        self._write([line, reason, *(Number(cell) if _PLAIN_NUMBER.fullmatch(cell) else cell for cell in cells)])

    def _write(self, cells):
        piece = csv_line(cells).encode()
        self._open.append(piece)
        self._size += len(piece)
        if self._size >= PART:
            self._close_part()

    def _close_part(self):
        self.parts.append(b"".join(self._open))
        self._open, self._size = [], 0

    def whole(self):
        """The parts; nothing where all was imported."""
        if self._open:
            self._close_part()
        return self.parts if self.lines else []


def first_left_out(part, most=20):
    """[(line, reason)] of the first rows in the first part of what was left out."""
    rows = csv.reader(io.StringIO(part.decode(), newline=""))
    next(rows, None)
    return [(row[0], row[1]) for row, _number in zip(rows, range(most), strict=False)]
