"""What pages that stand below this app show of it: whether an incident may be told as a story, one's latest thanks."""

from django import template

from ..models import Thanks
from ..permissions import can_change_story
from ..queries import nomination_of

register = template.Library()

#: The latest cards on one's own page; all of them have a page of their own.
CARDS_SHOWN = 3


@register.simple_tag
def nomination(incident, user):
    """The `Nomination` of this incident by this person."""
    return nomination_of(incident, user=user)


@register.filter
def may_be_changed_by(story, user):
    """Whether this person may put a story into other words."""
    return can_change_story(user, story)


@register.simple_tag
def latest_thanks(user):
    """The last cards that were written to this person."""
    cards = Thanks.objects.visible_to(user).standing().filter(receiver=user).exclude(text="").with_details()
    return list(cards.select_related("given_by__department")[:CARDS_SHOWN])
