"""A figure in a mail: the words of the page, without its frame."""

from django import template

from .figures import figure

register = template.Library()


@register.simple_tag
def in_words(one):
    """{label, value, of, between} of a figure; None of none."""
    return one and figure({}, one)
