"""The whole of what a list is narrowed to: the API's cells, this person's rows, and the one who was looked up is told."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from empower.audit.models import AuditEvent
from empower.incidents.models import Guest, Incident
from empower.journal.models import Account, Allotment, JournalEntry
from empower.policies.models import Policy
from empower.spending.models import Approval, Spend
from empower.staff.models import Employee

from .cases import give, open_case
from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


def exported(browser, model, **asked):
    answer = browser.get(address(model, "export", "csv"), asked)
    assert answer.status_code == 200, answer
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def by_the_api(browser, path, **asked):
    answer = browser.get(f"/api/v1/{path}/", asked | {"format": "csv"})
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


LISTS = [
    (Incident, "incidents"), (Spend, "spends"), (Approval, "approvals"), (Guest, "guests"), (Employee, "employees"),
    (JournalEntry, "journal/entries"), (AuditEvent, "audit/events"), (Allotment, "allotments"), (Policy, "policies"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "path"), LISTS)
@pytest.mark.parametrize("name", ["omar", "chen"])
def test_an_export_has_the_rows_and_cells_of_the_api_s_list(desk, scene, laid_out, name, model, path):
    browser = desk(getattr(scene, name))
    rows = exported(browser, model)
    assert rows
    # Asked after it: what this person did is in the log that both give out.
    told = {row["id"]: row for row in by_the_api(browser, path)}
    assert {row["id"] for row in rows} == set(told)
    assert [told[row["id"]] for row in rows] == rows


@pytest.mark.long("postgresql")
def test_every_list_that_the_api_has_is_given_out_and_opens(desk, scene, laid_out):
    browser = desk(scene.chen)
    given_out = [model for model, page in admin.site._registry.items() if page.api_list]
    assert len(given_out) > 18
    for model in given_out:
        for form in ("csv", "xlsx"):
            answer = browser.get(address(model, "export", form))
            assert answer.status_code == 200, (model, form)
            assert b"".join(answer.streaming_content)
            assert "no-store" in answer["Cache-Control"]


def test_an_export_is_narrowed_and_ordered_as_its_list(desk, scene, laid_out):
    browser = desk(scene.omar)
    for asked in ({"status__exact": "posted"}, {"q": "dinner"}, {"o": "3"}, {"o": "-3"}, {"q": "1500"}):
        page = browser.lists(Spend, **asked)
        assert [str(row.pk) for row in page.context["cl"].result_list] == [
            row["id"] for row in exported(browser, Spend, **asked)
        ]
        [csv_link, xlsx_link] = [link for _said, link in page.context["cl"].exports]
        assert "".join(f"{name}=" for name in asked) in csv_link
        assert csv_link in page.content.decode()
        assert xlsx_link in page.content.decode()
    local = laid_out.gift.occurred_at.astimezone(ZoneInfo("America/Los_Angeles"))
    day = {"occurred_at__year": local.year, "occurred_at__month": local.month, "occurred_at__day": local.day}
    assert len(exported(browser, Spend, **day)) == 2
    assert exported(browser, Spend, **day | {"occurred_at__year": 2001}) == []


def test_who_may_not_see_a_list_is_given_none_of_it(desk, scene, laid_out):
    assert desk(scene.admin).get(address(Spend, "export", "csv")).status_code == 403
    assert desk(scene.omar).get(reverse("admin:audit_checkpoint_export", args=["csv"])).status_code == 403
    assert desk(scene.maria).get(address(Spend, "export", "csv")).status_code in (302, 403)
    assert desk(scene.omar).get(address(Account, "export", "csv")).status_code == 404
    assert desk(scene.omar).get(address(Spend, "export", "pdf")).status_code == 404
    assert desk(scene.omar).post(address(Spend, "export", "csv")).status_code == 405


def test_an_export_can_t_ask_what_its_list_does_not_take(desk, scene, laid_out):
    answer = desk(scene.chen).get(address(Spend, "export", "csv"), {"employee__password__startswith": "x"})
    assert answer.status_code == 400
    assert desk(scene.chen).get(address(Spend, "export", "csv"), {"occurred_at__year": "x"}).status_code == 302


def test_whom_an_export_was_asked_about_is_told_once(desk, scene, laid_out):
    browser = desk(scene.omar)
    told = AuditEvent.objects.filter(verb="employee.viewed")
    exported(browser, Spend)
    exported(browser, Employee)
    assert not told.exists()
    assert len(exported(browser, Spend, employee=scene.maria.pk)) == 2
    assert [event.about_id for event in told] == [scene.maria.pk]
    exported(browser, Employee, q=scene.tomas.username)
    assert [event.about_id for event in told.order_by("pk")] == [scene.maria.pk, scene.tomas.pk]
    exported(desk(scene.chen), AuditEvent, q=f"employee {scene.maria.pk}")
    assert told.filter(actor_id=scene.chen.pk).get().about_id == scene.maria.pk


def test_no_cell_is_a_formula(desk, scene):
    open_case(scene.maria, scene.jones, narrative="=HYPERLINK(1)")
    [row] = exported(desk(scene.omar), Incident)
    assert row["narrative"] == "'=HYPERLINK(1)"


def test_a_workbook_has_the_same_rows(desk, scene, laid_out):
    answer = desk(scene.omar).get(address(Spend, "export", "xlsx"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    header, *rows = book.active.values
    assert {dict(zip(header, row, strict=True))["amount"] for row in rows} == {1500, 3000}
    assert answer["Content-Disposition"].startswith('attachment; filename="spends-')


def test_an_export_asks_as_often_for_twenty_rows_as_for_five(desk, scene):
    browser, counts = desk(scene.omar), []
    case = open_case(scene.maria, scene.jones)
    for more in (5, 15):
        for number in range(more):
            give(scene.maria, case, scene.jones, 1_000 + number)
        with CaptureQueriesContext(connection) as asked:
            for model in (Spend, JournalEntry, Approval, AuditEvent):
                exported(browser, model)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("model", "words", "finds"),
    [
        (JournalEntry, "$525.00", True), (JournalEntry, "525", True), (JournalEntry, "525.01", False),
        (JournalEntry, "authorised", True), (JournalEntry, "USD", True), (JournalEntry, "hold", True),
        (Spend, "3,000.00", True), (Approval, "3000", True), (Policy, "2000.00", True), (Allotment, "50000", True),
        (AuditEvent, "posted", True), (AuditEvent, "spend.approved", False),
    ],
)  # fmt: skip
def test_sums_accounts_and_verbs_are_found(desk, scene, laid_out, model, words, finds):
    assert bool(desk(scene.chen).lists(model, q=words).context["cl"].result_count) is finds


def test_a_thing_with_its_number_is_all_that_the_log_says_of_it(desk, scene, laid_out):
    found = desk(scene.chen).lists(AuditEvent, q=f"spend {laid_out.gift.pk}").context["cl"].result_list
    assert found
    assert {(event.subject_type, event.subject_id) for event in found} == {("spend", laid_out.gift.pk)}
