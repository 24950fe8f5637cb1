"""The journal, to standard output, for the ledger that finance already has."""

import os
import re
import sys
from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from empower.journal.export import FORMATS, journal_lines
from empower.journal.models import Posting


class Command(BaseCommand):
    help = "Writes the journal to standard output, for hledger, beancount or a spreadsheet. Sealed entries only."

    def add_arguments(self, parser):
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--from", dest="begins_on", type=_day, metavar="D", help="first local day, as 2026-01-31")
        parser.add_argument("--to", dest="ends_on", type=_day, metavar="D", help="last local day, inclusive")

    def handle(self, *args, format, begins_on, ends_on, **options):
        if begins_on and ends_on and ends_on < begins_on:
            raise CommandError(f"--to {ends_on} comes before --from {begins_on}.")
        try:
            for line in journal_lines(Posting.objects.all(), to=format, begins_on=begins_on, ends_on=ends_on):
                self.stdout.write(line, ending="")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever read us has seen enough (`| head`); without this Python complains when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _day(text):
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day: write it as 2026-01-31.") from None
