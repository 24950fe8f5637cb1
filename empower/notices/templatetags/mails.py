"""The mail that a person gets, or may have."""

from django import template

from ..models import MailRefusal, MailWish
from ..services import mail_leaves
from ..services.mail_kinds import MAIL_KINDS

register = template.Library()


@register.simple_tag
def mail_choices(user, only=None):
    """Each kind that is for this person (or the one named), and whether they want it; none where no mail leaves or they
    have no address.
    """
    if not user.email or not mail_leaves():
        return []
    kinds = [kind for kind in MAIL_KINDS.values() if only in (None, kind.name) and kind.is_for(user)]
    if not kinds:
        return []
    refused = set(MailRefusal.objects.filter(employee=user.pk).values_list("kind", flat=True))
    asked_for = set(MailWish.objects.filter(employee=user.pk).values_list("kind", flat=True))
    return [
        {
            "kind": kind.name,
            "says": kind.says,
            "wanted": kind.name in asked_for if kind.is_asked_for else kind.name not in refused,
            "is_asked_for": kind.is_asked_for,
        }
        for kind in kinds
    ]
