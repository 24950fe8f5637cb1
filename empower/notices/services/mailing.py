"""Mail: put in line, written when it is sent, sent at least once, and nothing twice while all is well."""

import logging
import smtplib
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import translation

from empower import clock, duties

from ..models import Mail
from .mail_kinds import MAIL_KINDS
from .refusing import wants_mail
from .stopping import stop_url

log = logging.getLogger(__name__)

#: What is waited after the first failure, the second ...; after the last it is given up.
BACK_OFF = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4)]
#: How long a mail is its sender's alone: well beyond the time-out.
LEASE = timedelta(seconds=90)
#: In one run: then the worker looks whether it is to stop.
MOST_IN_A_RUN = 100

_said_once = False


def mail_leaves():
    """Whether the operator has said how mail leaves the house (``EMAIL_URL``)."""
    return settings.MAIL_LEAVES


def keep_mailing():
    """The worker's duty. Where no mail leaves it says so, once."""
    global _said_once
    if mail_leaves():
        send_mails()
    elif not _said_once:
        _said_once = True
        log.warning("No mail leaves: EMAIL_URL is not set.")


def queue_mails(*, kind, about_id, recipients):
    """Puts a mail in line for each (Employee, due at): one for each person, kind and matter, ever. In the caller's transaction.

    Whoever has no address gets none. One query, whoever had it before.
    """
    rows = [
        Mail(kind=kind, recipient=person, about_id=about_id, due_at=due_at, created_at=clock.now())
        for person, due_at in recipients
        if person.email
    ]
    if rows:
        Mail.objects.bulk_create(rows, ignore_conflicts=True)


def send_mails():
    """Sends what is due. Returns how many went out. Nothing is sent inside a transaction of ours."""
    sent = 0
    for _turn in range(MOST_IN_A_RUN):
        mail = None if duties.stopping() else _claim()
        if mail is None:
            break
        sent += _send(mail)
    return sent


def _claim():
    """The mail that is due first, ours for the lease; None when none is. A conditional UPDATE, as for webhooks."""
    while True:
        now = clock.now()
        candidates = list(Mail.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:5])
        if not candidates:
            return None
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        for pk in candidates:
            claim = uuid.uuid4().hex
            # Counted before it is sent: one that kills its worker each time comes to an end too.
            if Mail.objects.filter(free, pk=pk, status=Mail.Status.WAITING, due_at__lte=now).update(
                claim=claim, claimed_until=now + LEASE, tries=F("tries") + 1
            ):
                return Mail.objects.select_related("recipient__property").get(pk=pk)


def _send(mail):
    person = mail.recipient
    try:
        letter = None
        if person.is_active and wants_mail(person, mail.kind) and mail.kind in MAIL_KINDS:
            with translation.override(person.language or settings.LANGUAGE_CODE):
                letter = MAIL_KINDS[mail.kind].write(mail)
        if letter is None:
            _note(mail, status=Mail.Status.NOT_NEEDED)
            return 0
        _post(mail, person, letter)
    except (smtplib.SMTPException, OSError) as error:
        # What it says may quote an address.
        _note_failure(mail, type(error).__name__)
        return 0
    except Exception as error:
        # One that can't be written must not keep all that come after it from being sent.
        log.error("Mail %s could not be written: %s", mail.pk, type(error).__name__)
        _note_failure(mail, type(error).__name__)
        return 0
    _note(mail, status=Mail.Status.SENT, sent_at=clock.now(), reason="")
    return 1


def _post(mail, person, letter):
    # What somebody asked for can be ended by one press in the mailbox (RFC 2369, RFC 8058).
    ends = {}
    if MAIL_KINDS[mail.kind].is_asked_for:
        ends["List-Unsubscribe"] = f"<{stop_url(employee=person, kind=mail.kind)}>"
        ends["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[person.email],
        headers={
            **ends,
            "Auto-Submitted": "auto-generated",
            # The same however often it is sent: a mailbox that had it knows it again.
            "Message-ID": f"<mail-{mail.pk}.{mail.created_at:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>",
        },
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    message.send()


def _note_failure(mail, reason):
    if mail.tries > len(BACK_OFF):
        log.warning("Mail %s is given up: %s", mail.pk, reason)
        _note(mail, status=Mail.Status.GIVEN_UP, reason=reason)
        return
    log.warning("Mail %s could not be sent: %s; it is tried again.", mail.pk, reason)
    _note(mail, due_at=clock.now() + BACK_OFF[mail.tries - 1], reason=reason)


def _note(mail, **what):
    # Where our lease ran out, somebody else has it in hand.
    Mail.objects.filter(pk=mail.pk, claim=mail.claim).update(claim="", claimed_until=None, **what)
