"""What a page says of the shared phone that it is shown on."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def shared_phone(context):
    """The enrolled phone of this request, or None. No query: the middleware has looked."""
    return getattr(context.get("request"), "shared_device", None)
