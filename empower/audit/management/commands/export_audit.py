"""The audit log as a bundle that docs/verify_audit.py checks, with no help of ours."""

import os
import sys
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from empower.audit.export import bundle_lines


class Command(BaseCommand):
    help = "Writes the audit log and its checkpoints as JSON lines, for docs/verify_audit.py. See docs/proof.md."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, metavar="FILE", help="a file, whole or not there; else standard output")

    def handle(self, *, to, **options):
        if to is None:
            try:
                for line in bundle_lines():
                    self.stdout.write(line, ending="")
                self.stdout.flush()
            except BrokenPipeError:
                # Whoever read us has seen enough (`| head`); without this Python complains when it closes the pipe.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        try:
            _write_whole(to, bundle_lines())
        except OSError as fault:
            raise CommandError(f"{to} can't be written: {fault}") from None


def _write_whole(to, lines):
    """Beside it first, and then under its name: a run that is cut off leaves no half of a log."""
    handle, mine = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        os.replace(mine, to)
    except BaseException:
        os.unlink(mine)
        raise
