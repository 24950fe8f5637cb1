import sys

from django.core.management.base import BaseCommand, CommandError

from empower.insights.verification.running import verify


class Command(BaseCommand):
    help = (
        "Checks that every entry balances, every balance and authority equals its postings, no limit was passed without "
        "an approval, and the audit log matches its checkpoints. Exit 0 and what was looked at; else exit 1 and the "
        "first thing found."
    )
    # The checks of the project ask for the triggers as well, and would speak before us.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--since", type=int, default=0, metavar="N", help="hash the audit log again from position N on, not from 0"
        )

    def handle(self, *args, since, **options):
        if since < 0:
            raise CommandError("--since is a position of the audit log: 0 or more.")
        verdict = verify(since=since)
        if verdict.fault:
            self.stdout.write(f"{verdict.fault}")
            sys.exit(1)
        self.stdout.write(said(verdict))


def said(verdict):
    """One line of what was looked at, and of what is told without failing."""
    of = verdict.counts
    line = (
        f"All is well: {verdict.checks} checks of {of['entries']} entries, {of['postings']} postings, {of['spends']} "
        f"spends, {of['authorities']} authorities, {of['events']} events, {of['checkpoints']} checkpoints "
        f"({of['remembered'] or 0} in the file outside)."
    )
    told = {
        "excused (imported above the limit)": of["excused"],
        "imported from before any policy": of["unlimited"],
        "verbal yes not confirmed yet": of["unconfirmed"],
        "verbal yes denied": of["denied"],
    }
    noted = ", ".join(f"{number} {what}" for what, number in told.items() if number)
    return f"{line} To know: {noted}." if noted else line
