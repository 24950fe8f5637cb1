from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from empower.refusals import Refused
from empower.staff import scopes
from empower.staff.models import Employee
from empower.staff.services import issue_token


class Command(BaseCommand):
    help = "Makes a token for the API and prints it, alone on the last line. It is shown this once."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            metavar="S",
            help=f"may be repeated; all that the person may have if none is named. There are: {', '.join(scopes.ALL)}",
        )
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *, username, scopes, name, **options):
        employee = Employee.objects.filter(username=username, is_active=True).first()
        if employee is None:
            raise CommandError(f"There is no active person with the username “{username}”.")
        try:
            token, secret = issue_token(actor=None, employee=employee, name=name, scopes=scopes)
        except (Refused, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from None
        self.stdout.write(f"{username}: {' '.join(token.scopes) or 'no scope'}")
        self.stdout.write(secret)
