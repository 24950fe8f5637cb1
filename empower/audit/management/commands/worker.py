"""``worker``: keeps the duties of the house (`empower.duties`) until it is told to stop."""

import logging
import os
import signal

from django.core.management.base import BaseCommand, CommandError

from empower import duties

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does in the background what is due: positions of events, overdue approvals, webhooks. SIGTERM ends it."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do each duty once, and exit with 1 if one failed")
        parser.add_argument(
            "--beside", type=int, metavar="PID", help="end when this process, which started the worker, has ended"
        )

    def handle(self, *, once, beside, **options):
        if once:
            failed = duties.do_each_once()
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}")
            return
        # Said in so many words: a shell's background job is started with SIGINT ignored.
        told = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: told.append(number))
        log.info("The worker keeps: %s", ", ".join(duties.DUTIES))
        # A child whose parent has ended, by whatever signal, is given another: nobody needs to live to tell it.
        duties.keep(still_wanted=lambda: not told and (beside is None or os.getppid() == beside))
        log.info("The worker has ended")
