"""A history file written in the test, and what the command did with it."""

import csv
import io
from dataclasses import dataclass, field

from django.core.management import CommandError, call_command

LAX = {"property": "LAX", "occurred_at": "2026-03-10"}
GIFT = LAX | {"employee": "E1", "guest": "Dr Haddad", "gesture": "refund", "amount": "10.00", "currency": "USD"}


@dataclass
class Imported:
    """``code`` is the exit code, ``said`` the summary by its labels (``said["rejected"]`` is "2"), ``rejects`` rows."""

    code: int
    out: str
    err: str
    rejects: list = field(default_factory=list)

    @property
    def said(self):
        return dict(line.split(": ", 1) for line in self.out.splitlines() if ": " in line)

    def counts(self):
        """(read, imported, already there, conflicting, rejected)"""
        labels = ("rows read", "imported", "already there", "conflicting", "rejected")
        return tuple(int(self.said[label]) for label in labels)


def written(path, rows, columns=None):
    """Writes ``rows`` (dicts) as a history file; external ids r1, r2 ... where a row gives none."""
    rows = [{"external_id": f"r{number}"} | row for number, row in enumerate(rows, 1)]
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path, *arguments):
    """Runs the command on a file; its rejects go beside it."""
    out, err, rejects = io.StringIO(), io.StringIO(), path.with_name("rejects.csv")
    code = 0
    try:
        call_command("import_history", str(path), "--rejects", str(rejects), *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    left = []
    if rejects.exists():
        with rejects.open(encoding="utf-8", newline="") as file:
            left = list(csv.DictReader(file))
        rejects.unlink()
    return Imported(code, out.getvalue(), err.getvalue(), left)


def bring(tmp_path, *rows, arguments=(), columns=None):
    """Imports ``rows`` (dicts of cells)."""
    return run(written(tmp_path / "history.csv", rows, columns), *arguments)
