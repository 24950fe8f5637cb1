"""What people wrote, as a page shows it: set apart from a sentence of the other direction."""

from django import template

from empower import shipped, texts

register = template.Library()

register.filter("apart", texts.apart)
register.filter("answer_said", shipped.answer_in_readers_words)


@register.filter
def takes_an_initial(text):
    """Whether its first letter may be drawn large and apart: not one of a script whose letters join."""
    return texts.runs_from_right(text) is False
