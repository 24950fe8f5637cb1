"""As of a moment at the doors: what was recorded by then, what had happened by then, and what can't be told honestly."""

from datetime import UTC, datetime, timedelta

import pytest

from empower import clock
from empower.spending.models import Spend
from empower.spending.queries.as_of import Moments
from tests.api.conftest import fields
from tests.remembered import remembered
from tests.spending.importing import bring

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hour(number):
    return NOON + timedelta(hours=number)


def at(number):
    return hour(number).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def evening(api):
    """12 h a dinner for 300.00; 13 h 5,000.00 asked for; 14 h 4,000.00 of it approved; 15 h 100.00 of the dinner back;
    16 h the dinner handed over, it says at 12.30 h; 17 h the rest of it back."""
    api.dinner, api.suite = remembered("an evening", lambda: _evening(api))
    return api


def _evening(api):
    with clock.standing_at(hour(0)):
        incident = api.log()
        dinner = api.give(incident, "300.00", cost="300.00").json()
    with clock.standing_at(hour(1)):
        suite = api.give(incident, "5000.00", gesture="refund").json()
    with clock.standing_at(hour(2)):
        decision = {"reason": "Less will do.", "amount": "4000.00"}
        assert api.omar.post(f"approvals/{suite['approval']['id']}/approve/", decision).status_code == 200
    with clock.standing_at(hour(3)):
        api.omar.post(f"spends/{dinner['id']}/reverse/", {"reason": "One meal less.", "amount": "100.00"})
    with clock.standing_at(hour(4)):
        api.maria.post(f"spends/{dinner['id']}/given/", {"given_at": at(0.5)})
    with clock.standing_at(hour(5)):
        api.omar.post(f"spends/{dinner['id']}/reverse/", {"reason": "They left."})
    return dinner, suite


def told(api, **query):
    answer = api.ada.get("spends/", ordering="id", **query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def short(api, **query):
    return [(one["status"], one["amount"], one["reversed_amount"], one["version"]) for one in told(api, **query)]


def test_spends_are_told_in_the_state_that_was_recorded(evening):
    assert short(evening, as_of_recorded=at(-1)) == []
    assert short(evening, as_of_recorded=at(0)) == [("posted", "300.00", "0.00", 1)]
    assert short(evening, as_of_recorded=at(1)) == [("posted", "300.00", "0.00", 1), ("pending", "5000.00", "0.00", 1)]
    assert short(evening, as_of_recorded=at(2)) == [("posted", "300.00", "0.00", 1), ("posted", "4000.00", "0.00", 2)]
    assert short(evening, as_of_recorded=at(3))[0] == ("posted", "300.00", "100.00", 2)
    assert short(evening, as_of_recorded=at(5))[0] == ("reversed", "300.00", "300.00", 4)
    assert told(evening, as_of_recorded=at(9)) == told(evening)
    waiting = told(evening, as_of_recorded=at(1))[1]
    assert (waiting["posted_at"], waiting["asked_amount"], waiting["judged_as"]) == (None, None, None)
    assert waiting["approval"]["status"] == "open"
    assert waiting["cost"] == evening.suite["cost"]


def test_what_was_handed_over_is_known_from_when_it_was_written_and_was_so_from_when_it_was_done(evening):
    assert told(evening, as_of_recorded=at(3))[0]["given_at"] is None
    assert told(evening, as_of_recorded=at(4))[0]["given_at"] == at(0.5)
    assert told(evening, as_of_occurred=at(0))[0]["given_at"] is None
    assert told(evening, as_of_occurred=at(1))[0]["given_at"] == at(0.5)
    assert told(evening, as_of_occurred=at(1), as_of_recorded=at(3))[0]["given_at"] is None


def test_other_filters_and_the_order_are_of_that_moment_too(evening):
    asked = {"as_of_recorded": at(1)}
    assert [one["id"] for one in told(evening, status="pending", **asked)] == [evening.suite["id"]]
    assert told(evening, status="reversed", **asked) == []
    assert [one["amount"] for one in told(evening, currency="USD", amount_min="4500.00", **asked)] == ["5000.00"]
    assert told(evening, currency="USD", amount_min="4500.00", as_of_recorded=at(2)) == []
    by_amount = evening.ada.get("spends/", ordering="-amount", page_size=1, **asked).json()
    assert [one["amount"] for one in by_amount["results"]] == ["5000.00"]
    assert [one["amount"] for one in evening.ada.get(by_amount["next"]).json()["results"]] == ["300.00"]
    lines = evening.ada.get("spends/", format="csv", fields="id,status", ordering="id", **asked)
    assert b"".join(lines.streaming_content).decode().split("\r\n")[1:3] == [
        f"{evening.dinner['id']},posted", f"{evening.suite['id']},pending",
    ]  # fmt: skip


def test_asking_as_of_a_moment_costs_no_more_queries_and_leaves_nothing_behind(evening, django_assert_num_queries):
    from empower.spending.queries.as_of import as_of

    with django_assert_num_queries(1):
        assert len(as_of(Spend.objects.with_details(), recorded=hour(1))) == 2
    assert Spend.objects.get(pk=evening.suite["id"]).status == "posted"
    with Moments(recorded=hour(1)).tables():
        assert Spend.objects.waiting().count() == 1
    assert Spend.objects.waiting().count() == 0


def test_reports_are_told_as_of_a_moment_and_the_last_thirty_days_end_there(evening):
    def usage(**query):
        answer = evening.ada.get("reports/usage/", property="LAX", **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    before = usage(as_of_recorded=at(1))
    assert (before["as_of_recorded"], before["as_of_occurred"], before["to"]) == (at(1), None, "2026-03-02")
    assert before["figures"]["acts"]["value"] == 1
    assert [one["value"] for one in before["figures"]["amount"]] == ["300.00"]
    assert [one["value"] for one in usage(as_of_recorded=at(2))["figures"]["amount"]] == ["4300.00"]
    assert [one["value"] for one in usage(as_of_occurred=at(3))["figures"]["amount"]] == ["4200.00"]
    asked = evening.ada.get("reports/authority/", as_of_recorded=at(1)).json()["figures"]
    assert (asked["open"]["value"], asked["approved"]["value"]) == (1, 0)
    assert usage(as_of_recorded="2026-03-01")["figures"]["recovery_incidents"]["value"] == 0
    assert usage(as_of_recorded="2026-03-02")["as_of_recorded"] == "2026-03-03T00:00:00Z"  # of ada, who is nowhere


def test_balances_are_told_as_of_a_moment(evening):
    def spent(**query):
        rows = evening.ada.get("journal/balances/", account="budget:spent", **query).json()["results"]
        return [one["balance"] for one in rows]

    assert spent(as_of_recorded=at(-1)) == []
    assert spent(as_of_recorded=at(0)) == ["300.00"]
    assert spent(as_of_recorded=at(2)) == spent(as_of_occurred=at(2)) == ["4300.00"]
    assert spent() == ["4000.00"]


@pytest.mark.parametrize("path", ["spends/", "journal/balances/", "journal/entries/", "reports/usage/"])
@pytest.mark.parametrize("name", ["as_of_recorded", "as_of_occurred"])
def test_a_moment_that_is_none_is_named(api, path, name):
    for wrong, code in (("yesterday", "invalid"), ("2026-03-02T12:00:00", "no_zone"), ("2026-02-30", "invalid")):
        answer = api.ada.get(path, **{name: wrong})
        assert answer.status_code == 400
        assert fields(answer) == {name: [code]}


@pytest.mark.parametrize("by", ["role", "tenure", "month,role"])
def test_figures_by_what_is_known_of_people_today_alone_are_refused_as_of_a_moment(api, by):
    answer = api.ada.get("reports/usage/", as_of_recorded=at(0), group_by=by)
    assert answer.status_code == 400
    assert fields(answer) == {"as_of_recorded": ["not_as_of"]}
    assert api.ada.get("reports/usage/", as_of_occurred=at(0), group_by=by).status_code == 200


def test_history_is_known_from_its_import_on_and_happened_when_it_did(api, tmp_path):
    with clock.standing_at(hour(0)):
        bring(
            tmp_path,
            {"external_id": "1", "occurred_at": "2026-01-10T10:00:00Z", "property": "LAX", "employee": "maria",
             "guest": "Dr Haddad", "incident": "I", "amount": "80.00", "currency": "USD", "gesture": "refund"},
            {"external_id": "2", "occurred_at": "2026-01-20T10:00:00Z", "property": "LAX", "employee": "maria",
             "guest": "Dr Haddad", "incident": "I", "amount": "-30.00", "currency": "USD", "gesture": "refund"},
        )  # fmt: skip
    assert told(api, as_of_recorded=at(-1)) == []
    assert short(api, as_of_recorded=at(1)) == short(api) == [("posted", "80.00", "30.00", 2)]
    assert told(api, as_of_occurred="2026-01-09T00:00:00Z") == []
    assert [one["reversed_amount"] for one in told(api, as_of_occurred="2026-01-15T00:00:00Z")] == ["0.00"]
    assert [one["reversed_amount"] for one in told(api, as_of_occurred="2026-01-21T00:00:00Z")] == ["30.00"]
    assert told(api, as_of_occurred="2026-01-15T00:00:00Z", as_of_recorded=at(-1)) == []
    query = {"property": "LAX", "from": "2026-01-01", "to": "2026-01-31"}
    amounts = [
        api.ada.get("reports/usage/", **query, **moment).json()["figures"]["amount"][0]["value"]
        for moment in ({"as_of_occurred": "2026-01-15T00:00:00Z"}, {"as_of_recorded": at(-1)}, {})
    ]
    assert amounts == ["80.00", "0.00", "50.00"]
