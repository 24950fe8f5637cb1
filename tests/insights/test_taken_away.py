"""One question at every door: the page, the API, its tables and those of the page say the same figures, to the cent."""

import csv
import html
import io
import re
from collections import Counter
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest
from django.test import Client
from openpyxl import load_workbook

from empower import clock
from empower.insights.queries.figures import Figure
from empower.insights.queries.panels import PANELS
from empower.insights.queries.reports import REPORTS
from empower.insights.templatetags.figure_words import WORDS
from empower.insights.templatetags.figures import between, said
from empower.money import to_minor
from tests.api.conftest import Caller
from tests.insights.history import A_PAST

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # the doors, not the database, are what differs

TOLD = ("value", "numerator", "denominator", "n", "interval_from", "interval_to")

QUESTIONS = [
    ("maria", {"period": "90"}),
    ("grace", {"period": "90", "department": "front_desk"}),
    ("chen", {"period": "all"}),
    pytest.param("grace", {"from": "2026-10-01", "to": "2026-11-12", "kind": "recovery"}, marks=pytest.mark.long),
    pytest.param("chen", {"from": "2026-09-25", "to": "2026-11-05", "property": "KYO"}, marks=pytest.mark.long),
    pytest.param(
        "ada",
        {"from": "2026-09-25", "to": "2026-11-05", "gesture": "refund", "category": "room"},
        marks=pytest.mark.long,
    ),
]


def ask(user, path, query, language="en"):
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(user)
    answer = client.get(f"/insights/{path}", query)
    assert answer.status_code == 200
    return answer


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def by_name(rows):
    return {(row["figure"], row["currency"]): row for row in rows}


class _Figures(HTMLParser):
    """[(label with its currency, value, interval)] of every figure in its frame."""

    def __init__(self):
        super().__init__()
        self.found, self.inside, self.into = [], [], None

    def handle_starttag(self, tag, attrs):
        classes = (dict(attrs).get("class") or "").split()
        if tag == "div" and "fig" in classes:
            self.found.append({"label": "", "value": "", "between": ""})
        if tag == "dt" and self.found:
            self.into = "label"
        elif "fig-value" in classes:
            self.into = "value"
        elif "fig-ci" in classes:
            self.into = "between"
        elif "fig-of" in classes or "fig-was" in classes:
            self.into = None

    def handle_endtag(self, tag):
        if tag in ("dt", "dd", "a"):
            self.into = None

    def handle_data(self, data):
        if self.into and self.found:
            self.found[-1][self.into] += data


def on_the_page(answer):
    parser = _Figures()
    parser.feed(answer.content.decode())
    clean = lambda text: " ".join(text.replace("95 % interval", "").split())  # noqa: E731
    return {tuple(clean(one[name]) for name in ("label", "value", "between")) for one in parser.found}


def _words(markup):
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def tables_on_the_page(answer):
    """How often (title, row, column, words) is a cell of a table behind a drawing."""
    found = Counter()
    for table in re.findall(r"<details[^>]*>.*?</details>", answer.content.decode(), re.DOTALL):
        if "<caption" not in table:
            continue
        (title,) = map(_words, re.findall(r"<caption[^>]*>(.*?)</caption>", table))
        (head,) = re.findall(r"<thead>(.*?)</thead>", table, re.DOTALL)
        columns = [_words(one) for one in re.findall(r"<th[^>]*>(.*?)</th>", head)]
        for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL):
            first, *others = map(_words, re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL))
            found.update((title, first, column, told) for column, told in zip(columns[1:], others, strict=True))
    return found


def as_figure(row):
    """The figure that a row of the table tells, in minor units."""

    def read(text, *, is_money):
        if text == "":
            return None
        return to_minor(text, row["currency"]) if is_money else float(text)

    is_money = row["unit"] == "money"
    value = read(row["value"].lstrip("-"), is_money=is_money)
    value = -value if row["value"].startswith("-") else value
    low, high = (read(row[name], is_money=is_money) for name in ("interval_from", "interval_to"))
    interval = None if low is None and high is None else (low, high)
    return Figure(row["figure"], row["unit"], value, 0, 0, 0, interval, row["currency"], hidden=row["hidden"] == "true")


@pytest.mark.parametrize(("who", "query"), QUESTIONS)
def test_the_page_the_api_and_both_tables_say_the_same(cast, live, who, query):
    user = getattr(cast, who)
    with clock.standing_at(live(**A_PAST).now):
        whole = rows_of(ask(user, "figures.csv", query))
        table, cells = [row for row in whole if row["figure"]], [row for row in whole if not row["figure"]]
        rows = by_name(table)
        assert len(rows) == len(table) > 60

        # --- the API, and its own table ---
        asked = dict(query)
        if asked.pop("period", None):
            asked |= {name: table[0][name] for name in ("from", "to") if table[0][name]} or {"from": "1900-01-01"}
        seen = 0
        for name in REPORTS:
            lines = rows_of(Caller(user).get(f"reports/{name}/", format="csv", **asked))
            for line in lines:
                mine = rows.get((line["figure"], line["currency"]))
                if mine is not None:
                    seen += 1
                    assert {k: mine[k] for k in (*TOLD, "unit", "hidden")} == {
                        k: line[k] for k in (*TOLD, "unit", "hidden")
                    }, line["figure"]
            told = Caller(user).get(f"reports/{name}/", **asked).json()["figures"]
            flat = {
                (key, one.get("currency") or ""): one
                for key, of in told.items()
                for one in (of if isinstance(of, list) else [of])
            }
            lines = by_name(lines)
            assert set(flat) == set(lines)
            for key, one in flat.items():
                for part in ("value", "numerator", "denominator", "n"):
                    assert _text(one[part]) == lines[key][part], (key, part)
        assert seen >= len(rows)

        # --- the page ---
        answer = ask(user, "whole/", query)
        page = on_the_page(answer)
        for row in table:
            one = as_figure(row)
            label = str(WORDS[one.name][0])
            assert (row["says"], _unguarded(row["told"])) == (label, said(one))
            if one.currency and one.unit != "share":
                label = f"{label} {one.currency}"
            notes = {words for title, value, words in page if title == label and value == said(one)}
            assert notes, (label, said(one), sorted(at for at in page if at[0] == label))
            if one.interval and not one.hidden:
                assert between(one) in notes

        behind = tables_on_the_page(answer)
        assert (
            Counter(tuple(_unguarded(row[name]) for name in ("says", "row", "column", "told")) for row in cells)
            == behind
        )
        assert len(behind) > 5

        # --- the workbook ---
        sheet = load_workbook(io.BytesIO(ask(user, "figures.xlsx", query).getvalue())).active
        header, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert header == list(whole[0])
        for row, line in zip(lines, whole, strict=True):
            for column, value in zip(header, row, strict=True):
                if value is None:
                    assert line[column] == ""
                elif isinstance(value, bool):
                    assert line[column] == str(value).lower()
                elif column in (*TOLD, "before", "before_from", "before_to"):
                    # A number is one to a spreadsheet, whatever it is of.
                    assert isinstance(value, int | float)
                    assert float(line[column]) == pytest.approx(value)
                else:
                    assert _unguarded(line[column]) == value

        # --- what was asked is said in each line ---
        for row in whole:
            assert row["panel"] in PANELS
            assert {name: row[name] for name in asked if name not in ("from", "to")} == {
                name: value for name, value in asked.items() if name not in ("from", "to")
            }


def _unguarded(cell):
    """What a cell says whose first letter a spreadsheet would take for a formula."""
    return cell.removeprefix("'")


def _text(value):
    return "" if value is None else str(value)


def test_money_has_the_decimals_of_its_currency(cast, live):
    with clock.standing_at(live(**A_PAST).now):
        rows = rows_of(ask(cast.chen, "figures.csv", {"period": "all"}))
    shapes = {"USD": r"-?\d+\.\d\d", "EUR": r"-?\d+\.\d\d", "JPY": r"-?\d+"}
    money = [row for row in rows if row["unit"] == "money" and row["value"]]
    assert {row["currency"] for row in money} == set(shapes)
    for row in money:
        assert re.fullmatch(shapes[row["currency"]], row["value"]), row


def test_what_is_hidden_is_said_to_be_and_told_nowhere(cast, live):
    """Who asks for a team of few is told at every door that it is hidden, and nothing of it; n/a is something else."""
    query = {"from": "2026-09-20", "to": "2026-11-20", "property": "NYC"}
    with clock.standing_at(live(**A_PAST).now):
        rows = by_name(rows_of(ask(cast.paul, "figures.csv", query)))
        page = on_the_page(ask(cast.paul, "whole/", query))
        told = Caller(cast.paul).get("reports/usage/", **query).json()["figures"]
    use = rows["use", ""]
    assert (use["hidden"], {use[name] for name in TOLD}) == ("true", {""})
    assert ("Use", "hidden", "") in page
    assert told["use"]["hidden"] is True
    assert told["use"]["value"] is None
    assert "true" not in {row["hidden"] for row in rows.values() if row["figure"] == "forecast"}


@pytest.mark.parametrize(("language", "label"), [("es", "Uso"), ("ar", "")])
def test_the_table_says_what_each_is_called_in_the_readers_language_and_numbers_stay_numbers(
    cast, live, language, label
):
    with clock.standing_at(live(**A_PAST).now):
        answer = ask(cast.grace, "figures.csv", {"period": "90"}, language)
    rows = by_name(rows_of(answer))
    use = rows["use", ""]
    assert use["says"] != "Use"
    assert not label or use["says"] == label
    assert re.fullmatch(r"[0-9.]+", use["value"])
    assert re.fullmatch(r'attachment; filename="dashboard-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])


def test_a_workbook_holds_no_formula_and_no_link(cast, live):
    with clock.standing_at(live(**A_PAST).now):
        file = ask(cast.grace, "figures.xlsx", {"period": "90"}).getvalue()
    with ZipFile(io.BytesIO(file)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
