"""``manage.py import_history FILE.csv [--dry-run] [--rejects FILE]``: past incidents and spends."""

import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from empower.spending.history.reading import HistoryFile, UnreadableFile
from empower.spending.history.summary import Rejects
from empower.spending.services.history import import_history

#: What a terminal is shown of the rows that were left out, where no file takes them all.
SHOWN = 20
LEFT_OUT = 3
CUT_OFF = 130


class Command(BaseCommand):
    help = (
        "Imports past incidents and spends from a CSV file. Rows that are in already are left as they are, so it can be "
        "run again. Exit code 0 when every row is in, 3 when some were rejected or are in conflict with what is in, "
        "1 when the file can't be read at all."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, and write nothing")
        parser.add_argument("--rejects", metavar="FILE", help="where rejected rows go, with their line and the reason")

    def handle(self, *, file, dry_run, rejects, **options):
        left_out = 0

        def report(line, reason, cells):
            nonlocal left_out
            left_out += 1
            if written is not None:
                written.add(line, reason, cells)
            elif left_out <= SHOWN:
                self.stderr.write(f"line {line}: {reason}")

        with ExitStack() as stack:
            try:
                history = HistoryFile(file)
                written = rejects and Rejects(stack.enter_context(_made(rejects, file)), history.columns)
                summary = import_history(actor=None, file=history, on_left_out=report, rehearsing=dry_run)
            except UnreadableFile as error:
                raise CommandError(str(error)) from None
            except KeyboardInterrupt:
                raise CommandError("Cut off. What was in by then stays; run it again.", returncode=CUT_OFF) from None
        if left_out > SHOWN and not rejects:
            self.stderr.write(f"... and {left_out - SHOWN} more: --rejects FILE writes them all.")
        if dry_run:
            self.stdout.write("A dry run: nothing was written.")
        for line in summary.lines():
            self.stdout.write(line)
        if not summary.is_complete:
            sys.exit(LEFT_OUT)


def _made(rejects, file):
    """The file of rejects, open; never the history file itself."""
    try:
        if Path(rejects).exists() and Path(rejects).samefile(file):
            raise CommandError("The rejects would be written over the file itself: name another.")
        return open(rejects, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{rejects} can't be written: {error.strerror}.") from None
