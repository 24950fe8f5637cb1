"""How a budget stands on a day, and what the books said at a moment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from empower import clock
from empower.journal.models import Allotment, JournalEntry, Posting
from empower.journal.queries import BudgetPosition, budget_position
from empower.journal.services import withdraw_budget
from tests import factories as make
from tests.journal.books import NOON, balances

NOVEMBER_21 = date(2026, 11, 21)


def position(book, day=NOVEMBER_21, **which):
    told = budget_position(property=book.property, on_day=day, **which)
    return told.allotted, told.held, told.spent, told.available


# --- the budget -----------------------------------------------------------------------------------------------------


def test_a_budget_is_what_was_set_aside_less_what_is_held_and_spent(lax):
    lax.allot(1_000)
    waiting, reversed_in_part = lax.new_spend(), lax.new_spend()
    lax.hold(300, spend_id=waiting)
    lax.spend(200, spend_id=reversed_in_part)
    lax.reverse(50, spend_id=reversed_in_part)
    assert budget_position(property=lax.property, on_day=NOVEMBER_21) == BudgetPosition(
        "USD", date(2026, 11, 1), date(2026, 11, 30), allotted=1_000, held=300, spent=150
    )
    assert position(lax) == (1_000, 300, 150, 550)
    lax.release(100, spend_id=waiting)
    lax.spend(200, spend_id=waiting, held=True)
    assert position(lax) == (1_000, 0, 350, 650)


def test_no_allotment_no_budget(lax):
    lax.spend(200)
    assert budget_position(property=lax.property) == BudgetPosition("USD", None, None, 0, 0, 0)


def test_more_than_was_set_aside_shows_below_zero(lax):
    lax.allot(100)
    lax.spend(101)
    assert position(lax) == (100, 0, 101, -1)


def test_the_last_local_minute_of_a_period_is_in_it_and_the_next_is_not(lax):
    lax.allot(1_000)
    midnight = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # of the first of December, in Los Angeles
    lax.spend(1, at=midnight - timedelta(minutes=1))
    lax.spend(10, at=midnight)
    lax.spend(
        100, at=datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    )  # the first of November, an hour before the clocks change
    lax.spend(1_000, at=datetime(2026, 11, 1, 6, 59, tzinfo=UTC))
    assert position(lax) == (1_000, 0, 101, 899)


def test_today_is_the_propertys_day(lax, kyo):
    for book in (lax, kyo):
        book.allot(1_000)
    with clock.standing_at(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)):  # the first of December in Kyoto
        assert budget_position(property=lax.property).allotted == 1_000
        assert budget_position(property=kyo.property).allotted == 0


def test_a_reversal_belongs_to_the_day_of_the_act_that_it_reverses(lax):
    lax.allot(1_000)
    spend = lax.new_spend()
    lax.spend(200, spend_id=spend)
    lax.reverse(150, spend_id=spend, at=NOON + timedelta(days=30))
    assert position(lax) == (1_000, 0, 50, 950)


def test_what_waited_over_the_end_of_a_period_is_held_in_neither_once_it_is_given(lax):
    lax.allot(1_000)
    lax.allot(2_000, begins_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
    spend, december = lax.new_spend(), NOON + timedelta(days=14)
    lax.hold(300, spend_id=spend)
    assert position(lax) == (1_000, 300, 0, 700)
    assert position(lax, december.date()) == (2_000, 0, 0, 2_000)
    lax.spend(300, spend_id=spend, held=True, at=december)
    assert position(lax) == (1_000, 0, 0, 1_000)
    assert position(lax, december.date()) == (2_000, 0, 300, 1_700)


def test_a_years_allotment_and_the_months_that_top_it_up_are_one_pot(lax):
    lax.allot(12_000, begins_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    lax.allot(500, begins_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    lax.allot(500)
    lax.allot(500)
    lax.allot(9_999, begins_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    lax.spend(700, at=datetime(2026, 3, 15, tzinfo=UTC))
    assert position(lax) == (13_500, 0, 700, 12_800)


def test_a_departments_budget_is_its_own_and_in_the_propertys(lax):
    spa = make.DepartmentFactory(property=lax.property, code="spa")
    lax.allot(1_000)
    lax.allot(400, department=spa)
    lax.spend(30)
    lax.spend(50, department=spa)
    lax.hold(7, department=spa)
    assert position(lax, department=spa) == (400, 7, 50, 343)
    assert position(lax, department=lax.department) == (0, 0, 0, 0)
    assert position(lax) == (1_400, 7, 80, 1_313)


def test_a_withdrawn_allotment_is_none(lax):
    lax.allot(1_000)
    withdraw_budget(actor=None, allotment=lax.allot(77_000, begins_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)))
    told = budget_position(property=lax.property, on_day=NOVEMBER_21)
    assert (told.allotted, told.begins_on) == (1_000, date(2026, 11, 1))


def test_another_propertys_acts_are_not_in_it(lax, kyo):
    for book in (lax, kyo):
        book.allot(1_000)
    kyo.spend(300)
    assert position(lax) == (1_000, 0, 0, 1_000)
    assert position(kyo) == (1_000, 0, 300, 700)


def test_a_position_takes_four_queries_however_long_the_books(lax, django_assert_num_queries):
    for _ in range(3):
        lax.allot(1_000)
        lax.hold(10)
        lax.spend(10)
    with django_assert_num_queries(4):
        budget_position(property=lax.property, on_day=NOVEMBER_21)


# --- as of a moment -------------------------------------------------------------------------------------------------


def test_the_books_are_read_as_they_were_written_and_as_things_happened(lax):
    monday, tuesday = NOON - timedelta(days=5), NOON - timedelta(days=4)
    with clock.standing_at(NOON):
        lax.spend(100, at=monday)
    with clock.standing_at(NOON + timedelta(days=1)):
        lax.spend(20, at=monday)  # written late
        lax.spend(3, at=tuesday)
    spent = Posting.objects.filter(account__code="budget:spent")
    assert spent.as_of(recorded=NOON).balance() == 100
    assert spent.as_of(occurred=monday).balance() == 120
    assert spent.as_of(recorded=NOON, occurred=tuesday).balance() == 100
    assert spent.as_of(recorded=NOON - timedelta(microseconds=1)).balance() == 0
    assert spent.balance() == 123


def test_balances_are_one_query_and_keep_currencies_apart(lax, kyo, django_assert_num_queries):
    lax.spend(1)
    kyo.spend(20)
    with django_assert_num_queries(1):
        rows = list(Posting.objects.balances())
    assert [(row["account__currency"], row["account__code"], row["balance"]) for row in rows if row["balance"] > 0] == [
        ("JPY", "budget:spent", 20),
        ("JPY", "expenses:recovery:meal", 20),
        ("USD", "budget:spent", 1),
        ("USD", "expenses:recovery:meal", 1),
    ]
    assert balances("USD")["liabilities:folio_credit"] == -1


# --- who reads the books --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (make.EmployeeFactory, ""),
        (make.ManagerFactory, "LAX"),
        (make.GeneralManagerFactory, "LAX"),
        (make.LeaderFactory, "KYO LAX"),
        (make.AuditorFactory, "KYO LAX"),
        (make.SuperuserFactory, ""),
    ],
)
@pytest.mark.parametrize("is_active", [True, False])
def test_managers_read_their_propertys_books_and_who_oversees_reads_all(lax, kyo, reader, sees, is_active):
    for book in (lax, kyo):
        book.allot(1)
    belongs = reader._meta.declarations["property"] is not None
    reader = reader(property=lax.property) if belongs else reader()
    reader.is_active = is_active
    for model in (JournalEntry, Posting):
        seen = sorted({row.property.code for row in model.objects.visible_to(reader)})
        assert seen == (sees.split() if is_active else [])
    budgets = {row.property.code for row in Allotment.objects.visible_to(reader)}
    assert sorted(budgets) == (("KYO LAX" if reader.is_superuser else sees).split() if is_active else [])
