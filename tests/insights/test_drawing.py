"""The dashboard's drawings against numbers worked out by hand: a wrong scale, a lost link or a foreign one would fail."""

import logging
import os
import re
import sys
import threading
import time
from datetime import date, timedelta
from math import log, pi, sqrt
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.core.cache import caches

from empower.insights.drawing import bars, curves, days, limits, rendering
from empower.insights.drawing.bars import Bar, nice
from empower.insights.drawing.on_paper import on_paper
from empower.insights.drawing.press import CannotDraw, Press
from empower.insights.drawing.rendering import drawn
from empower.insights.drawing.svg import leading
from empower.insights.drawing.theme import HEIGHT, INK, KINDS, WIDTH, axis, drawing, layer, lengths, short
from empower.insights.queries.signals import Chart, Point, funnel_of
from empower.statistics import ALARM, WARNING, Funnel

LOOK = (Path(__file__).resolve().parents[2] / "static" / "look.css").read_text()
NUMBER = r"-?\d+(?:\.\d+)?"

#: Coordinates are written to a tenth.
NEAR = 0.06


def percent(share):
    return f"{share:.0%}"


def by_class(svg):
    """{class: the shapes and words of its groups}."""
    found = {}
    for group in ElementTree.fromstring(svg).iter("g"):
        if group.get("class"):
            found.setdefault(group.get("class"), []).extend(
                one for one in group.iter() if one.tag in ("path", "line", "text")
            )
    return found


def box(path):
    """(x, y, width, height) of a bar or a cell."""
    x, y, width, height = map(
        float, re.fullmatch(rf"M({NUMBER}),({NUMBER})h({NUMBER})v({NUMBER})h-?.*Z", path.get("d")).groups()
    )
    return x, y, width, height


def at(shape):
    """Where a dot or a word stands."""
    return tuple(map(float, re.match(rf"translate\(({NUMBER}),({NUMBER})\)", shape.get("transform")).groups()))


def corners(path):
    return [tuple(map(float, pair)) for pair in re.findall(rf"[ML]({NUMBER}),({NUMBER})", path.get("d"))]


def links(svg):
    return [one.get("href") for one in ElementTree.fromstring(svg).iter("a")]


def titles(svg):
    return [one.text for one in ElementTree.fromstring(svg).iter("title")]


def test_standing_bars_are_as_tall_as_their_numbers_and_lead_to_them():
    values = [20, 10, 5, 0, 1]
    svg = bars.standing(
        [
            Bar(str(value), value, str(value), f"{value} sums", f"/rows/?part={value}" if value else "")
            for value in values
        ],
        number=str,
        shares=percent,
    )
    marks = by_class(svg)
    boxes = [box(one) for one in (*marks["c-bar"], *marks["c-bar-wait"])]
    floor = 100  # 134 less 12 above and 22 below
    # The highest number is 20, so the scale ends at 20.
    assert [height for _x, _y, _width, height in boxes] == pytest.approx(
        [value * floor / 20 for value in values], abs=NEAR
    )
    assert all(y + height == pytest.approx(floor, abs=NEAR) for _x, y, _width, height in boxes)
    middles = [x + width / 2 for x, _y, width, _height in boxes]
    room = WIDTH - 28 - 6
    # Vega lays the gap between two bars on whole pixels, half a one to the right.
    assert middles == pytest.approx([(place + 0.5) * room / 5 + 0.5 for place in range(5)], abs=NEAR)
    # Of a bar of a pixel the whole column is clicked, and of none nothing.
    assert links(svg) == ["/rows/?part=20", "/rows/?part=10", "/rows/?part=5", "/rows/?part=1"]
    assert [box(one)[3] for one in marks["c-hit"]] == [floor] * 4
    assert titles(svg) == ["20 sums", "10 sums", "5 sums", "1 sums"]
    assert [one.text for one in marks["c-label"]] == ["0%", "25%", "50%", "75%", "100%", "0", "10", "20"]


def test_lying_bars_are_as_long_as_their_numbers_and_none_is_longer_than_the_room():
    svg = bars.lying(
        "outcomes", [Bar("made right", 40, "40", href="/a"), Bar("lost", 10, "10"), Bar("taken back", -5, "−5")]
    )
    room = WIDTH - 110 - 42
    boxes = [box(one) for one in by_class(svg)["c-bar"]]
    assert [one[2] for one in boxes] == pytest.approx([room, room / 4, 0], abs=NEAR)
    assert [one[1] for one in boxes] == pytest.approx([0, 21, 42], abs=4)
    assert [one.text for one in by_class(svg)["c-name"]] == ["made right", "lost", "taken back"]
    assert [at(one)[0] for one in by_class(svg)["c-text"]] == pytest.approx([room + 5, room / 4 + 5, 5], abs=NEAR)
    assert links(svg) == ["/a"]


def test_a_pareto_chart_has_the_part_that_came_again_and_the_share_of_all_down_to_each():
    told = [
        Bar("noise", 8, "8", "noise: 8", "/noise", part=2, share=0.4),
        Bar("bill", 4, "4", "bill: 4", "/bill", part=0, share=0.6),
    ]
    svg = bars.pareto("causes", told, shares=percent)
    marks, room = by_class(svg), WIDTH - 110 - 28
    assert [box(one)[2] for one in marks["c-bar"]] == pytest.approx([room, room / 2], abs=NEAR)
    assert [box(one)[2] for one in marks["c-bar-hi"]] == pytest.approx([room / 4], abs=NEAR)
    assert [at(one)[0] for one in marks["c-dot-3"]] == pytest.approx([room * 0.4, room * 0.6], abs=NEAR)
    assert [x for x, _y in corners(marks["c-line-3"][0])] == pytest.approx([room * 0.4, room * 0.6], abs=NEAR)
    bar, dot = box(marks["c-bar"][1]), at(marks["c-dot-3"][1])
    assert bar[1] + bar[3] / 2 == pytest.approx(dot[1], abs=NEAR)
    assert [one.text for one in marks["c-label"]] == ["0%", "50%", "100%"]
    assert links(svg) == ["/noise", "/bill"]
    assert titles(svg) == ["noise: 8", "bill: 4"]


def test_the_time_to_yes_lies_on_the_logarithm_of_a_minute_more():
    svg = curves.waits(
        {"line": [(0, 0), (1, 0.25), (5, 0.75)], "line-2": [(0, 0), (20, 0.5)]},
        {"dot": [(5, 0.75, "three of four", "/own")], "dot-out": [(20, 0.5, "half", "/asked")]},
        number=str,
        percent=percent,
        last="60 min",
    )
    marks, room, floor = by_class(svg), WIDTH - 34 - 6, HEIGHT - 10 - 22

    def across(minutes):
        return room * log(1 + minutes) / log(61)

    assert at(marks["c-dot"][0]) == pytest.approx((across(5), floor * 0.25), abs=NEAR)
    assert at(marks["c-dot-out"][0]) == pytest.approx((across(20), floor * 0.5), abs=NEAR)
    assert at(marks["c-now"][0])[0] == pytest.approx(across(5), abs=NEAR)
    steps = corners(marks["c-line"][0])
    # It stands still until the next answer, and rises there.
    assert (pytest.approx(across(1), abs=NEAR), pytest.approx(floor, abs=NEAR)) in steps
    assert (pytest.approx(across(1), abs=NEAR), pytest.approx(floor * 0.75, abs=NEAR)) in steps
    assert [one.text for one in marks["c-label"]][:6] == ["1", "2", "5", "10", "20", "60 min"]
    assert links(svg) == ["/own", "/asked"]


def test_a_funnels_bands_go_through_the_limits_of_the_statistics():
    chart = funnel_of({("a",): (8, 10), ("b",): (20, 40), ("c",): (9, 80)})
    dots = [(point, "/".join(point.key), f"/{point.key[0]}") for point in chart.points]
    svg = limits.funnel(chart, dots, number=str, percent=percent)
    marks, room, floor = by_class(svg), WIDTH - 34 - 6, HEIGHT - 10 - 22
    line = Funnel(chart.target, chart.widening, 3)
    for kind, z in (("c-band", WARNING), ("c-band-2", ALARM)):
        path = corners(marks[kind][0])
        for size in (20, 40, 80):
            low, high = line.limits(size, z)
            for limit in (low, high):
                there = [y for x, y in path if x == pytest.approx(room * size / 80, abs=NEAR)]
                assert any(y == pytest.approx(floor * (1 - limit), abs=NEAR) for y in there)
    assert at(marks["c-line-3"][0])[1] == pytest.approx(floor * (1 - chart.target), abs=NEAR)
    full, open_ = marks.get("c-dot", []), marks["c-dot-out"]
    assert len(full) + len(open_) == 3
    assert len(open_) == sum(bool(point.stands_out) for point in chart.points) > 0
    assert (pytest.approx(room, abs=NEAR), pytest.approx(floor * (1 - 9 / 80), abs=NEAR)) in [at(one) for one in open_]
    assert sorted(links(svg)) == ["/a", "/b", "/c"]


def test_a_control_chart_has_each_week_between_its_own_limits():
    points = [
        Point(("w1",), 5, 10, None, (0.2, 0.9)),
        Point(("w2",), 3, 4, None, (0.1, 1.0)),
        Point(("w3",), 1, 40, None, (0.4, 0.7), "alarm"),
    ]
    dots = [(point, f"week {place}", f"/{place}") for place, point in enumerate(points)]
    svg = limits.control(Chart(0.6, 1.0, tuple(points)), dots, ["1", "2", "3"], percent=percent)
    marks, room, floor = by_class(svg), WIDTH - 34 - 6, HEIGHT - 10 - 22
    band = corners(marks["c-band"][0])
    for place, point in enumerate(points):
        for limit in point.outer:
            for edge in (place, place + 1):
                corner = pytest.approx((room * edge / 3, floor * (1 - limit)), abs=NEAR)
                assert any(corner == one for one in band)
    assert [at(one) for one in marks["c-dot"]] == [
        pytest.approx((room * (place + 0.5) / 3, floor * (1 - point.share)), abs=NEAR)
        for place, point in enumerate(points[:2])
    ]
    assert at(marks["c-dot-out"][0]) == pytest.approx((room * 2.5 / 3, floor * (1 - 1 / 40)), abs=NEAR)
    assert links(svg) == ["/0", "/1", "/2"]


def test_a_calendar_has_each_day_in_its_week_and_on_its_weekday_and_tells_no_hidden_number():
    begins, ends = date(2026, 9, 2), date(2026, 10, 31)  # a Wednesday and a Saturday
    cells = {
        date(2026, 9, 2): (4, "2 Sep: 8 acts", "/2"),
        date(2026, 9, 14): (1, "14 Sep: 2 acts", "/14"),
        date(2026, 9, 15): (None, "15 Sep: hidden", "/15"),
    }
    svg = days.calendar(begins, ends, cells, date=str, weekday=lambda day: day.strftime("%a"))
    marks = by_class(svg)
    x, y, side, _height = box(marks["c-day-4"][0])
    step = 16  # and as much more as makes up for the gap that the last of a row needs not
    assert (x, y) == pytest.approx((0, 2 * step), abs=0.5)
    assert side == pytest.approx(step - 1.2, abs=0.5)
    # Monday of the week after the next one: the third column, the first row.
    assert box(marks["c-day-1"][0])[:2] == pytest.approx((2 * step, 0), abs=0.5)
    assert box(marks["c-day-few"][0])[:2] == pytest.approx((2 * step, step), abs=0.5)
    assert len([one for kind, found in marks.items() if kind.startswith("c-day") for one in found]) == 60
    assert titles(svg) == ["14 Sep: 2 acts", "2 Sep: 8 acts", "15 Sep: hidden"]
    assert links(svg) == ["/14", "/2", "/15"]
    assert [one.text for one in marks["c-name"]] == ["Mon", "Wed", "Fri", "Sun"]
    assert [one.text for kind in ("c-text", "c-text-end") for one in marks[kind]] == ["2026-09-02", "2026-10-31"]


def test_a_budget_burns_to_what_is_spent_and_its_band_ends_at_the_interval():
    begins = date(2026, 11, 1)
    told = SimpleNamespace(
        begins_on=begins,
        ends_on=begins + timedelta(days=29),
        allotted=3_000,
        spent=(100, 0, 500) + (0,) * 12,
        forecast=(1_200, 900, 1_500),
    )
    svg = curves.burn(told, 3_000, days=("1 Nov", "30 Nov"), allotted="$30", now="15 Nov")
    marks, room, floor = by_class(svg), WIDTH - 4 - 6, HEIGHT - 20 - 22

    def place(day, minor):
        return pytest.approx((room * day / 30, floor * (1 - minor / 3_000)), abs=NEAR)

    spent = corners(marks["c-line"][0])
    assert (spent[0], spent[1], spent[3], spent[-1]) == (place(0, 0), place(1, 100), place(3, 600), place(15, 600))
    assert corners(marks["c-line-2"][0]) == [place(15, 600), place(30, 1_200)]
    band = corners(marks["c-band"][0])
    assert any(place(30, 900) == one for one in band)
    assert any(place(30, 1_500) == one for one in band)
    assert [one.text for one in marks["c-label"]] == ["1 Nov", "15 Nov", "30 Nov"]
    assert [one.text for one in marks["c-text-ink"]] == ["$30"]
    assert at(marks["c-lim"][0])[1] == pytest.approx(0, abs=NEAR)


@pytest.mark.parametrize(("number", "top"), [(0, 2), (2, 2), (3, 4), (9, 10), (41, 100), (1_389, 2_000)])
def test_a_scale_ends_at_a_round_number_whose_half_is_whole(number, top):
    assert nice(number) == top


@pytest.mark.parametrize(
    "name",
    [
        '" onload="alert(1)',
        "</title><script>alert(1)</script>",
        "a & b < c > d",
        "'; DROP",
        "\\",
        "\u2028\x0b\x00\x1b[31m",
        "${x}",
        "عقد 'ج'",
    ],
)
def test_a_name_is_a_name_whatever_is_in_it(name):
    told = Bar(name, 3, name, name, f"/insights/?category={name}", part=1, share=1)
    spare = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", name)
    for svg in (
        bars.lying("causes", [told], left=250),
        bars.pareto("causes", [told], shares=lambda _share: name),
        days.calendar(
            *[date(2026, 11, 2)] * 2, {date(2026, 11, 2): (1, name, told.href)}, date=str, weekday=lambda _day: name
        ),
    ):
        tree = ElementTree.fromstring(svg)
        assert {one.tag for one in tree.iter()} <= {"svg", "g", "a", "path", "line", "text", "title"}
        assert {
            key for one in tree.iter() for key in one.attrib if key.startswith("on") or key in ("style", "id")
        } == set()
        assert titles(svg) == [spare]
        assert links(svg) == [f"/insights/?category={spare}"]
        assert "<script" not in svg
    assert short(spare).strip() in [one.text for one in by_class(bars.lying("causes", [told], left=250))["c-name"]]


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "https://elsewhere.example/", "//elsewhere.example/", "data:text/html,x", "@elsewhere/"],
)
def test_only_an_address_of_ours_is_a_link(href):
    def of(address):
        rows = [{"x": 1, "y": 1, "says": "a dot", "href": address}, {"x": 1, "y": 1, "says": "another"}]
        return drawn(drawing("links", [layer("dot", "point", rows)], x=lengths(0, 2), y=lengths(0, 2)))

    assert leading("") is None
    assert links(of(leading(href))) == []
    assert "href" not in of(href)  # left out as a whole, where Vega refuses it


def test_a_drawing_is_for_the_eye_and_the_mouse_alone_and_has_no_style_of_its_own():
    svg = bars.lying("outcomes", [Bar("made right", 40, "40", "made right: 40", "/a")])
    tree = ElementTree.fromstring(svg)
    assert tree.attrib == {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "aria-hidden": "true", "focusable": "false"}
    assert [one.get("tabindex") for one in tree.iter("a")] == ["-1"]
    assert not {key for one in tree.iter() for key in one.attrib} & {"style", "role", "aria-label", "id", "xmlns"}
    assert len(svg) < 1_500


def test_the_ink_of_paper_is_that_of_the_light_house_and_each_kind_of_mark_follows_the_theme():
    tokens = dict(re.findall(r"--([\w-]+):\s+light-dark\((#[0-9a-f]{6}),", LOOK))
    assert {name: tokens[name] for name in INK} == INK
    styled = set(re.findall(r"\.c-([\w-]+)", LOOK)) | {
        "name",
        "text",
        "text-mid",
        "text-end",
    }  # all text has the page's ink
    assert set(KINDS) | {"label", "grid", "axis"} <= styled | {"label"}
    assert pi * sqrt(KINDS["dot"]["size"] / pi) ** 2 == pytest.approx(50)


def test_words_of_an_axis_are_said_as_they_are_and_at_their_number():
    words = [(0, "“a” \\ 'b'"), (1, "10 000"), (2, "</svg>")]
    svg = drawn(
        drawing("words", [layer("dot", "point", [{"x": 1, "y": 1}])], x=lengths(0, 2, axis(words)), y=lengths(0, 2))
    )
    assert [one.text for one in by_class(svg)["c-label"]] == [text for _value, text in words]


def test_on_paper_each_word_is_one_of_the_pages_own_and_stands_where_it_was_drawn():
    svg = bars.lying("outcomes", [Bar("عقد <b>", 40, "40")], left=110, right=42)
    html = on_paper(f"<p>before</p>{svg}<p>after</p><svg class='icon'><text>kept</text></svg>")
    assert html.startswith('<p>before</p><div class="drawn"')
    assert html.endswith("<p>after</p><svg class='icon'><text>kept</text></svg>")
    drawing_, words = html.split("</svg>")[0], html.split("</svg>")[1]
    assert "<text" not in drawing_
    assert "<path" in drawing_
    found = re.findall(r'<span style="([^"]*)"><bdi>(.*?)</bdi></span>', words)
    assert [word for _style, word in found] == ["عقد &lt;b&gt;", "40"]
    styles = [dict(one.split(":") for one in style.split(";")) for style, _word in found]
    unit = 76 / WIDTH
    # The name ends six units before its bar, the number begins five after it.
    assert float(styles[0]["left"][:-2]) + 30 == pytest.approx((110 - 6) * unit, abs=0.05)
    assert float(styles[1]["left"][:-2]) == pytest.approx((WIDTH - 42 + 5) * unit, abs=0.05)
    assert [one["text-align"] for one in styles] == ["right", "left"]
    assert styles[0]["color"] == INK["ink-2"]


@pytest.fixture
def nothing_kept():
    caches["drawings"].clear()
    yield caches["drawings"]
    caches["drawings"].clear()


def one_bar(value=3):
    return bars.lying("outcomes", [Bar("a name that is nobody's business", value, str(value))])


def a_spec(text="a word"):
    """One that no text was taken out of."""
    spec = drawing("words", [layer("name", "text", [{"x": 1, "y": 1, "text": ""}])], x=lengths(0, 2), y=lengths(0, 2))
    spec["layer"][0]["data"]["values"][0]["text"] = text
    return spec


def test_what_says_the_same_is_drawn_once_and_what_says_another_thing_again(nothing_kept):
    drawn_once = {}
    set_ = nothing_kept.set

    def counted(key, value, *args):
        drawn_once[key] = drawn_once.get(key, 0) + 1
        return set_(key, value, *args)

    nothing_kept.set = counted
    try:
        assert one_bar() == one_bar()
        assert one_bar(4) != one_bar()
    finally:
        del nothing_kept.set
    assert list(drawn_once.values()) == [1, 1]


def test_eight_threads_draw_at_once_what_each_of_them_would_alone(nothing_kept):
    alone = {value: one_bar(value) for value in range(8)}
    nothing_kept.clear()
    found = {}
    threads = [threading.Thread(target=lambda value=value: found.update({value: one_bar(value)})) for value in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=300)
    assert found == alone
    assert all(found.values())


def test_a_child_forked_from_a_process_that_has_drawn_draws_too(nothing_kept):
    assert one_bar()
    child = os.fork()
    if not child:
        os._exit(0 if one_bar(5) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert one_bar(6)


def test_a_text_that_ends_the_library_ends_no_more_than_its_process():
    press = Press()
    with pytest.raises(CannotDraw, match="its process ended"):
        press.drawn(a_spec("\x00"))
    assert "a word" in press.drawn(a_spec())
    with pytest.raises(CannotDraw, match="refused by ValueError"):
        press.drawn({"mark": "nothing of the kind"})
    assert "a word" in press.drawn(a_spec())
    press.stop()


@pytest.mark.parametrize("does", ["import time; time.sleep(60)", "print('no JSON')", "raise SystemExit", "print()"])
def test_a_process_that_answers_nothing_of_use_is_waited_for_no_longer_than_is_patient(does):
    press = Press([sys.executable, "-c", does], patience=0.5)
    for _again in range(2):
        begun = time.monotonic()
        with pytest.raises(CannotDraw):
            press.drawn(a_spec())
        assert time.monotonic() - begun < 30
    press.stop()


def test_nothing_is_fetched_for_a_drawing():
    press = Press()
    with pytest.raises(CannotDraw):
        press.drawn(
            a_spec()
            | {
                "data": {"url": "https://vega.github.io/vega-datasets/data/cars.json"},
                "layer": [{"mark": "bar", "encoding": {"x": {"field": "a"}}}],
            }
        )
    press.stop()


def test_a_drawing_that_fails_is_left_out_and_told_to_the_log_without_a_name(nothing_kept, monkeypatch, caplog):
    monkeypatch.setattr(rendering, "press", Press(["/bin/false"]))
    with caplog.at_level(logging.ERROR):
        assert one_bar() == ""
        assert one_bar() == ""  # tried again only after a while: each page would wait for it
    assert [record.getMessage() for record in caplog.records] == ["A drawing was left out: outcomes (CannotDraw)"]
    assert not any(record.exc_info for record in caplog.records)
