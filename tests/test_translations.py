"""Every text is there in every language: what the sources mark, the catalogues have, whole, and compiled."""

import gettext
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
#: Which argument is the text, its plural, its context: as xgettext is told by Django.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
_PLACEHOLDER = re.compile(r"%\(\w+\)[-.0-9]*[sdf]|%[sd%]|\{\w+\}|</?[a-z][^>]*>")


def marked():
    """{(context, text)} of every text that the sources mark."""
    found = set()
    for source in [*ROOT.glob("empower/**/*.py"), *ROOT.glob("ledger/**/*.py")]:
        found |= set(_marked_in(source.read_bytes()))
    for template in ROOT.glob("templates/**/*"):
        if template.suffix in (".html", ".txt"):
            # Read as lines of Python, which may not be set in as a template's are.
            lines = templatize(template.read_text(), origin=str(template)).splitlines()
            found |= set(_marked_in("\n".join(map(str.strip, lines)).encode()))
    return found


def _marked_in(source):
    for _line, call, texts, _comments in extract_python(BytesIO(source), list(CALLS), (), {}):
        texts = texts if isinstance(texts, tuple) else (texts,)
        context, texts = (texts[0], texts[1:]) if isinstance(CALLS[call][0], tuple) else (None, texts)
        if texts and texts[0]:
            yield context, texts[0]


def catalogue(language):
    with open(ROOT / "locale" / language / "LC_MESSAGES" / "django.po", "rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def single(text):
    return text[0] if isinstance(text, (tuple, list)) else text


@pytest.fixture(scope="module")
def texts():
    return marked()


def test_the_sources_have_texts_of_every_kind(texts):
    assert (None, "Find") in texts  # in code, lazily
    assert ("date", "j M") in texts  # with a context
    assert (None, "%(days)s day") in texts  # with a plural
    assert (None, "Incidents") in texts  # in a template


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing(texts, language):
    there = {(message.context, single(message.id)) for message in catalogue(language)}
    assert texts - there == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_whole(language):
    wrong = []
    for message in catalogue(language):
        ways = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = [set(_PLACEHOLDER.findall(one)) for one in (message.id if message.pluralizable else [message.id])]
        told = [set(_PLACEHOLDER.findall(way)) for way in ways]
        # One thing, or two, may be told by its word alone, without the number; nothing else may be left out or put in.
        fits = all(one <= set.union(*wanted) for one in told) and (message.pluralizable or wanted == told)
        if message.fuzzy or not all(ways) or not fits:
            wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_is_what_was_translated(language):
    with open(ROOT / "locale" / language / "LC_MESSAGES" / "django.mo", "rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        message.id
        for message in catalogue(language)
        if not message.pluralizable
        and message.string
        != (compiled.pgettext(message.context, message.id) if message.context else compiled.gettext(message.id))
    ]
    assert stale == []


#: Said the same in every language.
NAMES = {"Empower", "html", "CSV", "XLSX"}


def left_to_read(template):
    """The words of a template that no tag marks: between its tags, and in the attributes that people read or hear."""
    text = re.sub(r"{#.*?#}", "", template, flags=re.S)
    text = re.sub(r"{% block \w*class\w* %}.*?{% endblock %}", "", text)
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", text, flags=re.S)
    text = re.sub(r"{[%{].*?[%}]}", "", text, flags=re.S)
    read = re.findall(r"\b(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"", text)
    read.append(re.sub(r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", " ", text, flags=re.S))
    return {word for piece in read for word in re.findall(r"[^\W\d_]{3,}", re.sub(r"&\w+;", " ", piece))} - NAMES


@pytest.mark.parametrize("template", ["<p>Give {{ sum }}</p>", '<a aria-label="Close">{% translate "Back" %}</a>'])
def test_a_word_that_is_not_marked_is_found(template):
    assert left_to_read(template)


def test_every_word_of_the_pages_is_marked():
    found = {str(path.relative_to(ROOT)): left_to_read(path.read_text()) for path in ROOT.glob("templates/**/*.html")}
    del found["templates/spending/_line_class.html"]  # the value of a class, by itself
    assert {name: words for name, words in found.items() if words} == {}
