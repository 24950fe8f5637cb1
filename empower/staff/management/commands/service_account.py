from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from empower.refusals import Refused
from empower.staff.models import Property, Role
from empower.staff.services import hire_employee


class Command(BaseCommand):
    help = (
        "Makes an account for another system: it signs with tokens alone (see api_token), decides nothing, and whatever it "
        "does carries its name."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", help="what the system is called; the username if it is not told")
        parser.add_argument("--code", help="the staff number; the username if it is not told")
        parser.add_argument("--role", choices=Role.values, default=Role.FRONTLINE, help="what it may do at most")
        parser.add_argument(
            "--property", metavar="CODE", help="where; left out for a leader's or an auditor's role: all"
        )

    def handle(self, *, username, name, code, role, **options):
        try:
            hire_employee(
                actor=None,
                username=username,
                code=code or username,
                name=name or username,
                role=role,
                property=self._found(options["property"]),
                is_service=True,
            )
        except (Refused, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from None
        self.stdout.write(f"{username} is a service account. Its token: manage.py api_token {username} --scope ...")

    def _found(self, code):
        if code is None:
            return None
        found = Property.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"There is no property “{code}”.")
        return found
