"""Signs a checkpoint of the audit log (docs/proof.md). To be run by a timer: every hour, every night."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from empower.audit.proof import keys
from empower.audit.proof.notes import Signer
from empower.audit.services import seal_log
from empower.refusals import NotPossible


class Command(BaseCommand):
    help = (
        "Signs a checkpoint of what the audit log has since the last one, appends it to CHECKPOINTS_FILE and prints it. "
        "Exit 0, also where there is nothing new; exit 1 where the log does not go on from what was signed before."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--public-key", action="store_true", help="print the public key, and seal nothing")
        only.add_argument(
            "--make-key", metavar="NAME", help="print a new CHECKPOINT_KEY of this name, and seal nothing"
        )
        only.add_argument(
            "--new-file", action="store_true", help="begin a new CHECKPOINTS_FILE though checkpoints were made before"
        )

    def handle(self, *, public_key, make_key, new_file, **options):
        try:
            if make_key is not None:
                self.stdout.write(f"CHECKPOINT_KEY={Signer.made(make_key)}")
            elif public_key:
                self.stdout.write(f"{keys.signing_key().verifier}")
            else:
                self.stdout.write(_said(seal_log(new_file=new_file)))
        except NotPossible as refused:
            raise CommandError(f"{refused.code}: {refused.message}") from None
        except (ImproperlyConfigured, ValueError) as fault:
            raise CommandError(str(fault)) from None
        except OSError as fault:
            raise CommandError(
                f"The file of the checkpoints or the key can't be used; nothing is signed: {fault}"
            ) from None


def _said(sealed):
    if sealed.checkpoint is None:
        return "The audit log has no event yet: nothing to seal."
    if not sealed.added:
        return f"Nothing new since the checkpoint of {sealed.checkpoint.size} events."
    # A sentence and the note: the whole may go into a mail, and be read again from there.
    return f"Sealed {sealed.checkpoint.size} events, {sealed.added} of them new:\n\n{sealed.checkpoint.note}"
