import math
from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from empower.insights.demo.cast import PASSWORD
from empower.insights.demo.making import make_history
from empower.insights.demo.summary import accounts, already_there, codes_taken, counts
from empower.money import to_text


def scale(text):
    """A number above zero: 1 is about 1,500 incidents."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 1000:
        raise ArgumentTypeError("a number above 0, and at most 1000")
    return number


class Command(BaseCommand):
    help = (
        "Makes a history worth looking at: four hotels, 60 employees, 18 months up to now. Once: again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=scale, default=1.0, metavar="N", help="times as many incidents; 1 is about 1,500"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same data")

    def handle(self, *, scale, seed, **options):
        if already_there():
            self.stdout.write("The demo data is here already: nothing was changed.")
            return
        if taken := codes_taken():
            raise CommandError(
                f"The demo needs codes that are taken: {', '.join(taken)}. Nothing was changed: it wants another database."
            )
        tells = self.stdout.isatty()
        make_history(seed=seed, scale=scale, turned=self._tell_month if tells else None)
        self._summarise()

    def _tell_month(self, month):
        self.stdout.write("{}-{:02}".format(*month))
        self.stdout.flush()

    def _summarise(self):
        sums = {}
        self.stdout.write("Made, up to now:")
        for property, employees, incidents, acts, currency, amount, cost in counts():
            self.stdout.write(
                f"  {property.code}  {property.name:<12} {employees:>3} employees {incidents:>6} incidents {acts:>6} acts"
            )
            known = sums.setdefault(currency, [0, 0])
            known[0], known[1] = known[0] + amount, known[1] + cost
        for currency, (amount, cost) in sums.items():
            self.stdout.write(
                f"  {currency}  {to_text(amount, currency)} given, at a cost of {to_text(cost, currency)}"
            )
        with_password = f" with the password {PASSWORD}" if settings.DEBUG else ""
        self.stdout.write(f"Who can sign in{with_password}:")
        for person in accounts():
            where = person.property.code if person.property else "all"
            self.stdout.write(f"  {person.username:<6} {person.get_role_display() or 'sets things up'}, {where}")
        if not settings.DEBUG:
            self.stdout.write("The demo's password opens nothing while DEBUG is off.")
