from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from empower import clock
from empower.refusals import Refused
from empower.staff import scopes
from empower.staff.models import ApiToken, Employee
from empower.staff.services import issue_token, revoke_token
from empower.wire import moment_text


class Command(BaseCommand):
    help = (
        "Makes a token for the API and prints it, alone on the last line: it is shown this once. "
        "With --list or --revoke it makes none."
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="a person's, or a service account's")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            metavar="S",
            help=f"may be repeated; all that the person may have if none is named. There are: {', '.join(scopes.ALL)}",
        )
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, metavar="N", help="it ends after so many days; never if not told")
        parser.add_argument("--list", action="store_true", dest="lists", help="list this account's tokens")
        parser.add_argument(
            "--revoke", type=int, metavar="ID", help="take back the token of this id, as --list tells it"
        )

    def handle(self, *, username, lists, revoke, **options):
        # Who was let go keeps what they had: it can be listed and taken back.
        employee = Employee.objects.filter(username=username).first()
        if employee is None or not (employee.is_active or lists or revoke is not None):
            raise CommandError(f"There is no active person with the username “{username}”.")
        try:
            if lists:
                self._list(employee)
            elif revoke is not None:
                self._revoke(employee, revoke)
            else:
                self._make(employee, **options)
        except (Refused, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from None

    def _make(self, employee, *, scopes, name, days, **_options):
        if days is not None and not 0 < days <= 36_500:
            raise CommandError("--days takes a whole number from 1 to 36500.")
        expires_at = None if days is None else clock.now() + timedelta(days=days)
        token, secret = issue_token(actor=None, employee=employee, name=name, scopes=scopes, expires_at=expires_at)
        self.stdout.write(f"{employee.username}: {' '.join(token.scopes) or 'no scope'}")
        self.stdout.write(secret)

    def _revoke(self, employee, token_id):
        token = ApiToken.objects.filter(employee=employee, pk=token_id).first()
        if token is None:
            raise CommandError(f"{employee.username} has no token {token_id}: see --list.")
        revoke_token(actor=None, token=token)
        self.stdout.write(f"Token {token_id} is taken back: it opens nothing any more.")

    def _list(self, employee):
        living = set(ApiToken.objects.alive().filter(employee=employee).values_list("pk", flat=True))
        for token in ApiToken.objects.filter(employee=employee).order_by("pk"):
            told = [
                str(token.pk),
                "living" if token.pk in living else "revoked" if token.revoked_at else "ended",
                f"ends {moment_text(token.expires_at) or 'never'}",
                f"last used {moment_text(token.last_used_at) or 'never'}",
                " ".join(token.scopes) or "no scope",
                token.name,
            ]
            self.stdout.write("\t".join(told))
