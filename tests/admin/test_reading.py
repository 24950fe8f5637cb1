"""The books and the log are read only; lists cost the same however long they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.functional import Promise

from empower import clock
from empower.audit.models import AuditEvent, Position
from empower.audit.services import sequence_events
from empower.incidents.models import Guest, Incident
from empower.incidents.services import erase_guest, log_incident
from empower.journal.models import Account, Allotment, JournalEntry
from empower.policies.models import Policy
from empower.spending.models import Approval, Spend

from .cases import give, open_case
from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


@pytest.mark.parametrize("model", [JournalEntry, Account, AuditEvent, Position, Spend, Approval, Incident, Guest])
@pytest.mark.parametrize("name", ["grace", "chen", "ada", "admin"])
def test_no_form_writes_what_only_services_write(desk, scene, laid_out, name, model):
    sequence_events()
    browser = desk(getattr(scene, name))
    row = model.objects.order_by("pk").first()
    assert browser.post(address(model, "add"), {}).status_code == 403
    assert browser.post(address(row, "change", row.pk), {}).status_code in (302, 403)
    assert browser.post(address(row, "delete", row.pk), {"post": "yes"}).status_code in (302, 403)
    assert model.objects.filter(pk=row.pk).exists()


def test_an_entry_is_shown_with_its_legs_in_money_and_local_time(desk, scene):
    with clock.standing_at(clock.now().replace(month=7, hour=3, minute=5)):
        gift = give(scene.maria, open_case(scene.maria, scene.jones), scene.jones, 150_000)
    entry = JournalEntry.objects.get(spend_id=gift.pk)
    page = desk(scene.omar).see(entry).content.decode()
    assert "$525.00" in page
    assert "-$525.00" in page
    assert "20:05 PDT" in page


def test_yen_have_no_decimals_and_euros_two(desk, scene):
    give(scene.haruka, open_case(scene.haruka, scene.sato), scene.sato, 12_345)
    give(scene.amelie, open_case(scene.amelie, scene.dupont), scene.dupont, 12_345)
    page = desk(scene.chen).lists(Spend).content.decode()
    assert "¥12,345<" in page
    assert "€123.45<" in page
    assert "CET" in page
    assert "JST" in page


def test_digits_find_a_number_and_words_what_was_written(desk, scene, laid_out):
    browser = desk(scene.omar)

    def found(model, words):
        return {row.pk for row in browser.lists(model, q=words).context["cl"].result_list}

    assert found(Spend, str(laid_out.gift.pk)) >= {laid_out.gift.pk}
    assert found(Spend, "dinner for") == {laid_out.gift.pk}
    assert found(Spend, "jones") == {laid_out.gift.pk, laid_out.asked.spend_id}
    assert found(Incident, "shower") == {laid_out.case.pk}
    assert found(Incident, "Jones") == {laid_out.case.pk}
    assert found(Incident, "wedding") == set()
    assert found(Spend, "9" * 30) == set()
    assert found(JournalEntry, str(laid_out.gift.pk)) >= {JournalEntry.objects.get(spend_id=laid_out.gift.pk).pk}
    assert browser.lists(Spend, q="\x00").status_code == 200


def test_the_days_of_the_hierarchy_are_the_property_s(desk, scene):
    case = None
    # 03:05 in UTC on the second is the evening of the first in Los Angeles.
    with clock.standing_at(clock.now().replace(month=6, day=2, hour=3, minute=5)):
        case = open_case(scene.maria, scene.jones)
    year = case.occurred_at.year
    on = {"occurred_at__year": year, "occurred_at__month": 6}
    assert desk(scene.omar).lists(Incident, **on, occurred_at__day=1).context["cl"].result_count == 1
    assert desk(scene.omar).lists(Incident, **on, occurred_at__day=2).context["cl"].result_count == 0
    assert desk(scene.chen).lists(Incident, **on, occurred_at__day=2).context["cl"].result_count == 1
    assert desk(scene.omar).lists(Incident, **on, occurred_at__day="x").status_code in (302, 400)


def queries(browser, model):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.lists(model).status_code == 200
    return len(asked)


def more(scene, count):
    for n in range(count):
        case = open_case(scene.maria, scene.jones if n % 2 else scene.rivera, department=scene.lax_desk)
        give(scene.maria, case, scene.jones if n % 2 else scene.rivera, 1_000 + n)
        give(scene.tomas, case, scene.jones if n % 2 else scene.rivera, 200_001 + n)


LISTS = [Spend, Approval, Incident, Guest, JournalEntry, AuditEvent, Policy, Allotment]


@pytest.mark.long("postgresql")  # as many on either engine
@pytest.mark.parametrize("name", ["omar", "chen"])
def test_a_list_asks_as_often_for_many_rows_as_for_few(desk, scene, name):
    browser = desk(getattr(scene, name))
    more(scene, 3)
    few = {model.__name__: queries(browser, model) for model in LISTS}
    more(scene, 7)
    assert {model.__name__: queries(browser, model) for model in LISTS} == few
    assert max(few.values()) <= 20


def test_an_incident_s_page_asks_as_often_for_many_gifts_as_for_few(desk, scene):
    case = open_case(scene.maria, scene.jones)
    browser = desk(scene.omar)
    browser.see(case)  # what Django looks up once and remembers
    counts = []
    for _ in range(2):
        for n in range(5):
            give(scene.maria, case, scene.jones, 1_000 + n)
        with CaptureQueriesContext(connection) as asked:
            browser.see(case)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_whoever_reads_the_requests_moves_their_clock_on(desk, scene):
    from datetime import timedelta

    spend = give(scene.maria, open_case(scene.maria, scene.jones), scene.jones, 300_000)
    with clock.standing_at(clock.now() + timedelta(days=2)):
        desk(scene.omar).lists(Approval)
    spend.refresh_from_db()
    assert spend.status == "expired"


def test_an_incident_of_an_erased_guest_without_a_category_is_listed(client, scene):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Dr Haddad"}])
    erase_guest(actor=scene.grace, guest=incident.guests.get())
    client.force_login(scene.omar)
    assert client.get("/admin/incidents/incident/").status_code == 200


def test_the_log_says_in_the_readers_words_what_it_is_about_and_is_searched_by_them(desk, scene, laid_out):
    browser = desk(scene.ada)
    browser.client.cookies["django_language"] = "es"
    spend = Spend.objects.first()
    with translation.override("es"):
        kind = str(Spend._meta.verbose_name)
    assert kind != "spend"
    page = browser.lists(AuditEvent, q=f"{kind} {spend.pk}")
    found = page.context["cl"].queryset
    assert found.exists()
    assert set(found.values_list("subject_type", "subject_id")) == {("spend", spend.pk)}
    body = page.content.decode()
    assert f"{kind} {spend.pk}" in body
    assert isinstance(AuditEvent.Outcome.ACCEPTED._label_, Promise)
