"""Whole lists as files: the same rows as the pages, exact when read back, harmless in a spreadsheet, cut off when broken."""

import csv
import io
import json
import shutil
import subprocess
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from empower import exporting, spreadsheets
from empower.audit.models import AuditEvent
from empower.incidents.models import Guest
from empower.journal.services import allot_budget
from empower.spreadsheets import Number, as_it_was, csv_line, write_xlsx
from tests.api.conftest import fields
from tests.api.test_api_lists import LISTS, counted_at, fill, walk

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

XLSX = exporting.MEDIA_TYPES["xlsx"]
AMOUNTS = {"amount", "cost", "limit", "cap", "balance", "total", "left_when_asked", "decided_amount"}
NAUGHTY = [
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\u200b=1",
    "＝1", "－1", "'", "''", "'=1", "' quoted", '"', '""', '"=1"', "a,b", "a;=1", "a\tb", "a\rb", "a\r\nb", "a\nb", "\x01=1",
    "\x1f", "\x7f", "\u0085", "\u2028", "\ufffe", "_x0041_", "_x005F_", "null", "NULL", "true", "0012", "1e5", "1/2", "🎁 ",
    "مرحبا", "\u202eevil", "é", "e\u0301", " ends ", "http://x.y", "mailto:a@b", "[1]", "{}", "x" * 40_000, "🎁" * 20_000,
]  # fmt: skip


def content(answer):
    assert answer.status_code == 200, answer.content
    return answer.getvalue()


def csv_rows(answer):
    """The table as a reader has it who takes one apostrophe off."""
    header, *rows = csv.reader(io.StringIO(content(answer).decode(), newline=""))
    return [dict(zip(header, map(as_it_was, row), strict=True)) for row in rows]


def xlsx_rows(raw):
    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
    rows = [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in book.worksheets[0].values]
    return rows, book


# --- spreadsheets ---------------------------------------------------------------------------------------------------


@pytest.mark.long("postgresql")  # no database is asked
@pytest.mark.parametrize("text", NAUGHTY)
def test_a_text_is_read_back_as_it_was_and_is_no_formula(text):
    (cells,) = csv.reader(io.StringIO(csv_line([text, "next"]), newline=""))
    assert [as_it_was(cell) for cell in cells] == [text, "next"]
    seen = cells[0].lstrip()[:1]
    assert seen not in set("=+-@＝＋－＠")
    with write_xlsx("texts", ["text"], [[text], ["next"]]) as file:
        rows, book = xlsx_rows(file.read())
    assert rows[2] == ["next"]
    long = book[spreadsheets.LONG_TEXTS].values if spreadsheets.LONG_TEXTS in book.sheetnames else iter([()])
    parts = [unescape(row[4]) for row in list(long)[1:]]
    assert "".join([rows[1][0], *parts]) == text
    assert len(rows[1][0].encode("utf-16-le")) // 2 <= spreadsheets.LONGEST_CELL


@pytest.mark.long("postgresql")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1))
def test_whatever_is_written_is_read_back(texts):
    written = "".join(csv_line([text]) for text in texts)
    read = [as_it_was(row[0]) for row in csv.reader(io.StringIO(written, newline=""))]
    assert read == texts
    with write_xlsx("texts", ["text"], [[text] for text in texts]) as file:
        rows, _book = xlsx_rows(file.read())
    assert [row[0] for row in rows[1:]] == texts


def test_numbers_stay_plain_and_exact():
    cells = [Number("-12.34"), Number("0.100"), 7, -7, True, False, None, Number("99999999999.99"), 2**62]
    assert csv_line(cells) == "-12.34,0.100,7,-7,true,false,,99999999999.99,4611686018427387904\r\n"
    with write_xlsx("numbers", list("abcdefghi"), [cells]) as file:
        raw = file.read()
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
    found = [cell.value for cell in sheet[2]]
    assert found == [-12.34, 0.1, 7, -7, True, False, None, 99999999999.99, "4611686018427387904"]
    assert [sheet[2][place].number_format for place in (0, 1)] == ["0.00", "0.000"]


def test_a_number_of_more_than_15_digits_is_text_in_xlsx_and_not_rounded():
    with write_xlsx("numbers", ["a"], [[Number("99999999999999.99")], [Number("9999999999999.99")]]) as file:
        rows, _book = xlsx_rows(file.read())
    assert [row[0] for row in rows[1:]] == ["99999999999999.99", 9999999999999.99]


def test_a_full_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_OF_A_SHEET", 3)
    with write_xlsx("rows", ["n"], ([number] for number in range(5))) as file:
        book = openpyxl.load_workbook(file)
    assert {sheet.title: [row[0] for row in sheet.values] for sheet in book} == {
        "rows": ["n", 0, 1], "rows 2": ["n", 2, 3], "rows 3": ["n", 4],
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="ssconvert (gnumeric) is not on this machine")
def test_a_spreadsheet_program_finds_no_formula(tmp_path):
    texts = [text for text in NAUGHTY if len(text) < 1000]
    (tmp_path / "texts.csv").write_text("".join(csv_line([text]) for text in texts), newline="")
    with write_xlsx("texts", ["text"], [[text] for text in texts]) as file:
        (tmp_path / "texts.xlsx").write_bytes(file.read())
    told_of = ["--import-type=Gnumeric_stf:stf_csvtab", "--import-encoding=UTF-8"]
    for name, options in (("texts.csv", told_of), ("texts.xlsx", [])):
        convert = ["ssconvert", *options, name, f"{name}.gnumeric"]
        subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True)
        said = subprocess.run(["gzip", "-dc", f"{name}.gnumeric"], cwd=tmp_path, check=True, capture_output=True).stdout
        # In gnumeric's own file a formula is a cell with no ValueType.
        cells = [part.split(b">")[0] for part in said.split(b"<gnm:Cell ")[1:]]
        assert cells
        assert all(b"ValueType" in cell for cell in cells)


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def laid_out(api):
    fill(api.scene, 1)
    api.log(narrative="=cmd|' /C calc'!A0", guests=[{"name": "'Tis +1"}, {"name": "@home"}])
    return api


@pytest.mark.django_db
def test_every_list_has_the_same_rows_in_each_form(laid_out):
    for path in LISTS:
        rows = walk(laid_out.ada, path)
        assert rows
        lines = content(laid_out.ada.get(path, format="ndjson")).decode().split("\n")
        assert lines.pop() == ""
        told = [json.loads(line) for line in lines]
        # An audit event of each reading of a list there is none.
        assert told == rows
        table = csv_rows(laid_out.ada.get(path, format="csv"))
        assert [flat(row, set(table[0])) for row in rows] == table
        sheet, _book = xlsx_rows(content(laid_out.ada.get(path, format="xlsx")))
        assert sheet[0] == list(table[0])
        assert len(sheet) == len(rows) + 1


def flat(row, columns):
    """A row as its cells in CSV, worked out another way: from the names of the columns."""
    cells = {}
    for column in columns:
        value = row
        for name in column.split("."):
            value = value and value[name]
        if isinstance(value, dict | list):
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        cells[column] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return cells


@pytest.mark.django_db
def test_amounts_are_numbers_and_the_rest_is_text_in_xlsx(laid_out):
    (header, *rows), _book = xlsx_rows(content(laid_out.ada.get("spends/", format="xlsx")))
    (row, *_others) = [dict(zip(header, row, strict=True)) for row in rows]
    assert isinstance(row["amount"], int | float)
    assert isinstance(row["id"], str)
    assert isinstance(row["recorded_at"], str)
    assert row["recorded_at"].endswith("Z")
    assert {"policy.id", "policy.code", "approval.status", "rest.amount"} <= set(header)


@pytest.mark.django_db
def test_the_file_is_named_for_its_list_and_day_and_kept_by_nobody(api):
    incident = api.log()
    for form, media_type in exporting.MEDIA_TYPES.items():
        if form == "json":
            continue
        answer = api.maria.get("incidents/", format=form, search="Haddad")
        assert answer["Content-Type"].partition(";")[0] == media_type
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith('attachment; filename="incidents-2')
        assert answer["Content-Disposition"].endswith(f'.{form}"')
        assert "Haddad" not in answer["Content-Disposition"]
    answer = api.maria.get(f"incidents/{incident['id']}/follow-ups/", format="csv")
    assert f"incidents-{incident['id']}-follow-ups-" in answer["Content-Disposition"]
    assert content(answer).decode().count("\r\n") == 1


@pytest.mark.django_db
def test_accept_chooses_and_format_says_otherwise(api):
    api.log()
    get = api.maria.client.get
    assert get("/api/v1/incidents/", HTTP_ACCEPT="text/csv")["Content-Type"] == "text/csv; charset=utf-8"
    assert get("/api/v1/incidents/", HTTP_ACCEPT="application/x-ndjson")["Content-Type"] == "application/x-ndjson"
    assert get("/api/v1/incidents/", HTTP_ACCEPT=XLSX)["Content-Type"] == XLSX
    assert get("/api/v1/incidents/?format=json", HTTP_ACCEPT="text/csv")["Content-Type"] == "application/json"
    assert get("/api/v1/incidents/", HTTP_ACCEPT="*/*")["Content-Type"] == "application/json"
    assert get("/api/v1/incidents/", HTTP_ACCEPT="application/pdf").status_code == 406
    assert get("/api/v1/me/", HTTP_ACCEPT="text/csv").status_code == 406
    assert fields(get("/api/v1/incidents/?colour=red", HTTP_ACCEPT="text/csv")) == {"colour": ["unknown_filter"]}
    assert get("/api/v1/reports/usage/", HTTP_ACCEPT="text/csv")["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.django_db
def test_a_file_is_asked_for_as_a_list_is(api):
    first, second = api.log(severity=5), api.log(severity=1)
    rows = csv_rows(api.maria.get("incidents/", format="csv", ordering="severity", fields="severity,id,guests.name"))
    assert rows == [
        {"severity": "1", "id": second["id"], "guests": '[{"name":"Dr Haddad"}]'},
        {"severity": "5", "id": first["id"], "guests": '[{"name":"Dr Haddad"}]'},
    ]
    assert list(rows[0]) == ["severity", "id", "guests"]
    answer = api.maria.get(
        "incidents/", format="csv", severity="9", ordering="x", fields="y", page_size="3", cursor="a"
    )
    assert fields(answer) == {
        "severity": ["invalid_choice"], "ordering": ["invalid_choice"], "fields": ["unknown_field"],
        "page_size": ["no_pages"], "cursor": ["no_pages"],
    }  # fmt: skip
    assert csv_rows(api.paul.get("incidents/", format="csv")) == []


@pytest.mark.django_db
def test_filtering_a_file_by_a_person_is_told_to_them_once(api):
    api.log()

    def told():
        return AuditEvent.objects.filter(verb="employee.viewed", about_id=api.scene.maria.pk).count()

    before = told()
    content(api.omar.get("incidents/", format="csv", owner=api.scene.maria.code))
    assert told() == before + 1
    content(api.omar.get("incidents/", format="csv"))
    assert api.omar.get("incidents/", format="csv", owner=api.scene.maria.code, ordering="x").status_code == 400
    assert told() == before + 1


@pytest.mark.long("postgresql")
@pytest.mark.django_db
def test_a_file_takes_no_more_queries_for_more_rows(scene):
    def queries(api):
        api.chen.get("me/")  # the token's minute is noted once
        counts = {}
        for path in LISTS:
            for form in ("ndjson", "xlsx"):
                with CaptureQueriesContext(connection) as asked:
                    content(api.chen.get(path, format=form))
                counts[path, form] = len(asked)
        return counts

    few, many = counted_at(scene, (1, 3), queries)
    assert many == few


@pytest.mark.django_db
def test_a_long_file_is_read_and_sent_piece_by_piece(api):
    Guest.objects.bulk_create([Guest(property=api.scene.lax, name=f"Guest {number}") for number in range(1_200)])
    answer = api.maria.get("guests/", format="csv", ordering="id")
    pieces = [len(piece.splitlines()) for piece in answer.streaming_content]
    assert sum(pieces) > 1_200
    assert max(pieces) <= 101
    assert answer.streaming


@pytest.mark.django_db
def test_what_breaks_half_way_is_cut_off_and_what_breaks_at_once_is_a_problem(api, caplog):
    Guest.objects.bulk_create([Guest(property=api.scene.lax, name=f"Guest {number}") for number in range(300)])

    def rows(fine):
        yield from ({"name": "x"} for _row in range(fine))
        raise RuntimeError("the disk is gone")

    class Request:
        path_info = "/api/v1/guests/"

    broken = exporting.answer(Request, "csv", rows(500), [(("name",), None)])
    with pytest.raises(RuntimeError):
        list(broken.streaming_content)
    assert "guests" in caplog.text
    for form in ("csv", "ndjson", "xlsx"):
        with pytest.raises(RuntimeError):
            exporting.answer(Request, form, rows(0), [(("name",), None)])


@pytest.mark.long("postgresql")
@pytest.mark.django_db
def test_a_report_is_a_table_with_a_line_for_each_figure(api):
    allot_budget(
        actor=None, property=api.scene.lax, amount=100_000, begins_on=date(2000, 1, 1), ends_on=date(2199, 12, 31)
    )
    api.give(api.log(), "12.34")
    for name in ("usage", "outcomes", "authority", "timing", "causes", "health", "budget"):
        told = api.chen.get(f"reports/{name}/").json()
        lines = csv_rows(api.chen.get(f"reports/{name}/", format="csv"))
        figures = [
            (figure, one)
            for figure, found in told["figures"].items()
            for one in (found if isinstance(found, list) else [found])
        ]
        assert sorted((line["figure"], line["currency"]) for line in lines) == sorted(
            (figure, one.get("currency", "")) for figure, one in figures
        )
        exact = {(line["figure"], line["currency"]): line for line in lines}
        for figure, one in figures:
            line = exact[figure, one.get("currency", "")]
            assert line["value"] == ("" if one["value"] is None else str(one["value"]))
        (header, *rows), _book = xlsx_rows(
            content(api.chen.get(f"reports/{name}/", format="xlsx", group_by="property"))
        )
        assert "property" in header
        assert {row[header.index("part")] for row in rows} >= {"whole"}
        assert content(api.chen.get(f"reports/{name}/", format="ndjson")).decode().count("\n") == len(lines)
