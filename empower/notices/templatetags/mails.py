"""The mail that a person gets, or may have."""

from django import template

from ..models import MailRefusal
from ..services import mail_leaves
from ..services.mail_kinds import MAIL_KINDS

register = template.Library()


@register.simple_tag
def mail_choices(user):
    """Each kind that is for this person, and whether they want it; none where no mail leaves or they have no address."""
    if not user.email or not mail_leaves():
        return []
    kinds = [kind for kind in MAIL_KINDS.values() if kind.is_for(user)]
    refused = set(MailRefusal.objects.filter(employee=user.pk).values_list("kind", flat=True)) if kinds else set()
    return [{"kind": kind.name, "says": kind.says, "wanted": kind.name not in refused} for kind in kinds]
