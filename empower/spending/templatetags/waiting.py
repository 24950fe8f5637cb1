"""How many wait for whom: the badge beside the queue."""

from django import template

from ..queries.waiting import count_for

register = template.Library()


@register.simple_tag
def waiting_for(user):
    """How many requests wait for this person's answer."""
    if not getattr(user, "is_authenticated", False):
        return 0
    return count_for(user)
