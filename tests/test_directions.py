"""What people wrote stands in its own direction: an Arabic name in an English sentence, English words on an Arabic page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from empower.texts import apart, together

TEMPLATES = Path(settings.BASE_DIR) / "templates"

#: What is written by people and not by us: the last word of a template's variable. Names of places, causes and gestures
#: too: a house writes its own.
WRITTEN = {
    *("narrative", "note", "reason", "text", "question", "reply", "void_reason", "reopen_reason", "story_text", "aim"),
    *("name", "get_short_name", "room", "guest", "what_was_done"),
    *("gesture", "category", "department", "touchpoint", "who"),
}
#: Of these the page shows something else: a choice of ours, a line's kind, a form's field.
NOT_WRITTEN = re.compile(
    r"^(form|field|each|deputy_form|on_call_form|reply_form|resolve_form|pin_form|verb|place_form)\b"
    r"|^(check|line\.what|line\.note\.get_|user\.get_role|opts|cl|verb|part|tick|icon|key)\b|^code$|^outcomes$"
)
#: Inside a sentence of ours: set apart by the filter, which also says it in the reader's words where it ships.
APART = re.compile(r"\|(apart|said)\b")
#: Elements of which the browser shows plain text alone, in its own way.
PLAIN = {"title", "option", "optgroup", "textarea", "script", "style"}
_TAG = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.DOTALL)
_ASSIGNED = re.compile(r"""(\w+)=((?:"[^"]*"|'[^']*'|[^\s"'|]+)(?:\|\w+(?::(?:"[^"]*"|'[^']*'|[^\s|]+))?)*)""")
#: There a note is ours, and a name that of a drawing's part.
OURS_THERE = {
    "insights/_figure.html": {"note"},
    "insights/trial.html": {"note"},
}


def is_written(expression):
    """Whether a variable of a template is what somebody wrote."""
    base, *filters = expression.strip().split("|")
    if NOT_WRITTEN.search(base) or any(one.startswith(("length", "date", "default_if_none")) for one in filters):
        return False
    return base.strip().split(".")[-1] in WRITTEN


class Faults(HTMLParser):
    """Collects what is shown without a direction of its own. The template's tags come as marks of no element."""

    VOID = {"br", "hr", "img", "input", "link", "meta", "use", "path", "rect", "line", "circle", "area", "source"}

    def __init__(self, pieces):
        super().__init__(convert_charrefs=False)
        self.pieces, self.open, self.found = pieces, [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append((tag, dict(attributes).get("dir") == "auto"))

    def handle_endtag(self, tag):
        places = [at for at, (name, _auto) in enumerate(self.open) if name == tag]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data):
        if any(tag in PLAIN or tag == "bdi" or auto for tag, auto in self.open):
            return
        self.found += [self.pieces[int(number)] for number in re.findall(r"\ue000(\d+)\ue001", data)]


def shown_without_a_direction(source):
    """The expressions of a template that show what people wrote, in no element and sentence that sets it apart."""
    pieces, faults = [], []

    def marked(found):
        tag = found[0]
        if tag.startswith("{{") and is_written(tag[2:-2]) and not APART.search(tag):
            pieces.append(tag)
            return f"\ue000{len(pieces) - 1}\ue001"
        if tag.startswith("{%") and tag[2:].split()[0] == "blocktranslate":
            faults.extend(
                f"{name}={value}"
                for name, value in _ASSIGNED.findall(tag)
                if is_written(value) and not APART.search(value)
            )
        return ""

    # Within a sentence its words stand in braces too, and were set apart where they came from.
    source = re.sub(r"({%\s*blocktranslate.*?%}).*?{%\s*endblocktranslate\s*%}", r"\1", source, flags=re.DOTALL)
    parser = Faults(pieces)
    parser.feed(_TAG.sub(marked, source))
    return faults + parser.found


@pytest.mark.parametrize("name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*")))
def test_what_people_wrote_is_shown_in_its_own_direction(name):
    shown = shown_without_a_direction((TEMPLATES / name).read_text())
    ours = OURS_THERE.get(name, set())
    assert [one for one in shown if re.findall(r"\w+", one.split("|")[0])[-1] not in ours] == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("<p>{{ incident.narrative }}</p>", ["{{ incident.narrative }}"]),
        ('<p dir="auto">“{{ incident.narrative }}”</p>', []),
        ("<p>{{ when }} <bdi>{{ spend.guest }}</bdi></p>", []),
        ('<a title="{{ person.name }}">{{ when }}</a>', []),
        ("{% blocktranslate with name=person.name %}{{ name }} said{% endblocktranslate %}", ["name=person.name"]),
        ("{% blocktranslate with name=person.name|apart %}{{ name }} said{% endblocktranslate %}", []),
        ("<p><bdi>{{ a.name }}</bdi>{{ b.name }}</p>", ["{{ b.name }}"]),
    ],
)
def test_what_counts_as_a_direction(source, faults):
    assert shown_without_a_direction(source) == faults


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("en", "Omar", "Omar"),
        ("en", "نورة", "\u2068نورة\u2069"),
        ("ar", "نورة", "نورة"),
        ("ar", "Omar", "\u2068Omar\u2069"),
        ("ar", "814", "814"),
    ],
)
def test_a_name_is_set_apart_from_a_sentence_of_the_other_direction(language, name, shown):
    with translation.override(language):
        assert Template("{% load directions %}{{ name|apart }}").render(Context({"name": name})) == shown


@pytest.mark.parametrize("name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")))
def test_no_title_holds_an_element(name):
    titles = re.findall(r"{% block title %}(.*?){% endblock %}|<title>(.*?)</title>", (TEMPLATES / name).read_text())
    assert [one for pair in titles for one in pair if re.search(r"</?\w", one)] == []


@pytest.mark.parametrize("turn", ["\u202e", "\u202b", "\u2066", "\u2069", "\u2069\u202e"])
def test_no_name_turns_round_what_stands_after_it(turn):
    assert apart(f"Jones{turn}") == "Jones"
    assert apart(f"حداد{turn}") == "\u2068حداد\u2069"
    assert together([f"حداد{turn}", "Jones"]) == apart(together(["حداد", "Jones"]))[1:-1]
