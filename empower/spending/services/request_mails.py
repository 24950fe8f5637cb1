"""Who is written to when something is asked: read from the log, in the order of who is on call."""

import json
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from empower import clock
from empower.money import for_people
from empower.notices.services import Letter, MailKind, mail_leaves, queue_mails, read_log, register_mail, skip_log
from empower.policies.queries import deputies_in_force, on_call_at
from empower.staff.permissions import acts_at

from ..models import Approval, ApprovalStatus
from ..permissions import can_confirm, can_decide
from ..queries import deciders
from .links import make_link
from .routing import excluded

READER, KIND = "request mails", "request"

#: What may make somebody be asked: a request, its escalation, and whatever changes the total of another one.
_VERBS = [
    "spend.requested", "spend.posted", "approval.escalated", "approval.expired", "spend.replied_about",
    "spend.approved", "spend.declined", "spend.withdrawn", "spend.reversed",
]  # fmt: skip
_WAITING = (ApprovalStatus.OPEN, ApprovalStatus.TO_CONFIRM)


def queue_request_mails():
    """The worker's duty: puts mail in line for whoever is asked now. Each gets one for each request, ever.

    Where no mail leaves, what is said is over. Two queries when there is nothing new.
    """
    if mail_leaves():
        read_log(reader=READER, verbs=_VERBS, take=_queue)
    else:
        skip_log(reader=READER)


def _queue(events):
    ids = set()
    for event in events:
        after = json.loads(event.body)["after"] or {}
        if (after.get("approval") or {}).get("status") in _WAITING:
            ids.add(after["approval"]["id"])
        ids |= {changed["id"] for changed in after.get("retiered") or []}
    waiting = Approval.objects.filter(pk__in=ids, status__in=_WAITING).select_related(
        "spend__guest", "spend__policy", "named", "property"
    )
    for approval in waiting.order_by("pk"):
        queue_mails(kind=KIND, about_id=approval.pk, recipients=in_turn(approval))


def asked_now(approval):
    """The people whom the clock points to: those of the asked role, and their deputies once it is the deputies' turn.

    For a verbal yes the person who is named in it. Three queries.
    """
    if approval.status == ApprovalStatus.TO_CONFIRM:
        return [approval.named]
    not_ids = excluded(approval.spend)
    able = deciders(property_id=approval.property_id, tier=approval.tier, not_ids=not_ids)
    people = [person for person in able if person.role == (approval.asked_role or approval.tier)]
    if approval.with_deputy:
        for stand_ins in deputies_in_force(absent_ids=[person.pk for person in people]).values():
            people += [
                one
                for one in stand_ins
                if one not in people and one.pk not in not_ids and acts_at(one, approval.property_id)
            ]
    return people


def in_turn(approval):
    """[(Employee, when they are written to)]: who is on call at once, the others when half the time is over. All at once
    where nobody is, or where those on call have no address.
    """
    now = clock.now()
    people = asked_now(approval)
    turns = on_call_at(property_id=approval.property_id) if len(people) > 1 else set()
    first = [person for person in people if person.pk in turns and person.email]
    later = now
    if first:
        left = approval.due_at - now if approval.due_at is not None and approval.due_at > now else timedelta()
        later = now + left / 2
    return [(person, now if person in first else later) for person in people]


def write_request_mail(mail):
    """The `Letter` about a request, with a link of its own; None where it no longer waits for this person."""
    approval = (
        Approval.objects.filter(pk=mail.about_id, status__in=_WAITING)
        .select_related("spend__gesture", "spend__guest", "spend__policy", "property", "employee__department", "named")
        .first()
    )
    if approval is None or not _is_for(mail.recipient, approval):
        return None
    spend, language = approval.spend, mail.recipient.language or settings.LANGUAGE_CODE
    secret = make_link(approval=approval, recipient=mail.recipient)
    told = {
        "approval": approval,
        "spend": spend,
        "sum": for_people(spend.amount, spend.currency, language, drop_zero_cents=True),
        "zone": approval.property.timezone,
        "link": settings.SITE_URL + reverse("spending:request_link", args=[secret]),
        "settings_url": settings.SITE_URL + reverse("spending:own_page"),
    }
    if approval.status == ApprovalStatus.TO_CONFIRM:
        subject = _("Was this your yes? %(sum)s, %(property)s")
    else:
        subject = _("Somebody waits for your answer: %(sum)s, %(property)s")
    with timezone.override(approval.property.timezone), override(language):
        return Letter(
            subject=subject % {"sum": told["sum"], "property": approval.property.name},
            text=render_to_string("spending/mail_request.txt", told),
            html=render_to_string("spending/mail_request.html", told),
        )


def _is_for(person, approval):
    """Still: another answerer, a larger total or a move may have taken it away since it was put in line."""
    if (
        approval.status == ApprovalStatus.OPEN
        and approval.expires_at is not None
        and approval.expires_at <= clock.now()
    ):
        return False
    return approval.question_asked_at is None and (can_decide(person, approval) or can_confirm(person, approval))


def register():
    """Hands the kind of mail to the room that sends it."""
    register_mail(
        MailKind(
            name=KIND,
            says=gettext_lazy("When somebody waits for my answer"),
            is_for=lambda employee: employee.rank > 0,
            write=write_request_mail,
        )
    )
