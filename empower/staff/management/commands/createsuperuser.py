import os
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from empower.staff.services import hire_employee, set_password


class Command(BaseCommand):
    help = "Makes an administrator: they set the house up, see no guest and decide nothing."

    def add_arguments(self, parser):
        parser.add_argument("--username", default="admin")
        parser.add_argument("--code", help="the staff number; the username if it is not told")
        parser.add_argument("--name", help="the username if it is not told")
        parser.add_argument("--noinput", "--no-input", action="store_true", help="take DJANGO_SUPERUSER_PASSWORD")

    def handle(self, *, username, code, name, noinput, **options):
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD") if noinput else self._asked()
        if not password:
            raise CommandError("No password: set DJANGO_SUPERUSER_PASSWORD, or leave out --noinput.")
        try:
            with transaction.atomic():
                self._hire(username, code or username, name or username, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{username} is an administrator.")

    def _hire(self, username, code, name, password):
        admin = hire_employee(actor=None, username=username, code=code, name=name, role="", is_superuser=True)
        # As the person: the system may set any password, and an administrator's must pass the validators.
        set_password(actor=admin, employee=admin, password=password)

    def _asked(self):
        password = getpass("Password: ")
        if password != getpass("The same again: "):
            raise CommandError("These are two passwords.")
        return password
