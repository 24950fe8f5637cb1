"""The controls of a question: a select of a hundred choices, without a template for each."""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.simple_tag
def select(field, chosen=None):
    """A ChoiceField as a control: its own value is chosen, or the one that is said."""
    value = field.value() if chosen is None else chosen
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, " selected" if code == (value or "") else "", words) for code, words in field.field.choices),
    )
    invalid = format_html(' aria-invalid="{}"', "true") if field.errors else ""
    return format_html(
        '<select class="select" name="{}" id="{}"{}>{}</select>', field.html_name, field.auto_id, invalid, options
    )
