from django.core.management.base import BaseCommand

from empower.insights.services import make_roll_ups, rebuild_roll_ups


class Command(BaseCommand):
    help = (
        "Brings the roll-ups that reports read up to the end of the audit log, and makes them where there are none. The "
        "worker does it by itself. --anew makes all of them again from the facts: nothing is lost, reports ask the facts "
        "meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anew", action="store_true", help="throw away what is kept and make it from the facts")

    def handle(self, *, anew, **options):
        changed = rebuild_roll_ups() if anew else make_roll_ups()
        self.stdout.write(f"{changed} days of properties {'made' if anew else 'have changed'}.")
