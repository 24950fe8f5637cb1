"""Worked examples: what each act writes, to the minor unit, and what the books say then."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower.audit.models import AuditEvent
from empower.journal.models import Account, Allotment, EntryKind, JournalEntry, Posting
from empower.journal.services import allot_budget, describe_entry, withdraw_budget
from empower.refusals import NotPermitted, NotPossible
from tests import factories as make
from tests.journal.books import NOON, NOVEMBER, balances, legs, open_property

# --- one act after the other ---------------------------------------------------------------------------------------


def test_an_allotment_is_available(lax):
    allotment = lax.allot(10_000_00)
    assert legs(allotment.entries.get()) == {"budget:available": 10_000_00, "budget:authorised": -10_000_00}
    assert (allotment.currency, allotment.amount) == ("USD", 10_000_00)


def test_what_waits_is_held_and_what_is_posted_out_of_it_is_spent(lax):
    lax.allot(10_000_00)
    spend = lax.new_spend()
    hold = lax.hold(3_000_00, spend_id=spend)
    assert legs(hold) == {"budget:held": 3_000_00, "budget:available": -3_000_00}
    posted = lax.spend(3_000_00, spend_id=spend, held=True, account="gift", paid_from="stock")
    assert legs(posted) == {
        "expenses:recovery:gift": 3_000_00,
        "assets:stock": -3_000_00,
        "budget:spent": 3_000_00,
        "budget:held": -3_000_00,
    }
    assert balances() == {
        "expenses:recovery:gift": 3_000_00,
        "assets:stock": -3_000_00,
        "budget:authorised": -10_000_00,
        "budget:available": 7_000_00,
        "budget:spent": 3_000_00,
    }


def test_approved_with_less_the_rest_is_released_and_refers_to_its_hold(lax):
    spend = lax.new_spend()
    hold = lax.hold(3_000_00, spend_id=spend)
    release = lax.release(1_000_00, spend_id=spend)
    assert legs(release) == {"budget:held": -1_000_00, "budget:available": 1_000_00}
    assert (release.kind, release.reverses) == (EntryKind.RELEASE, hold)
    lax.spend(2_000_00, spend_id=spend, held=True)
    assert "budget:held" not in balances()


def test_within_the_authority_it_is_paid_out_of_what_is_available(lax):
    assert legs(lax.spend(45_67, purpose="delight")) == {
        "expenses:delight:meal": 45_67,
        "liabilities:folio_credit": -45_67,
        "budget:spent": 45_67,
        "budget:available": -45_67,
    }


@pytest.mark.parametrize(
    ("paid_from", "account"),
    [
        ("folio_credit", "liabilities:folio_credit"),
        ("petty_cash", "assets:petty_cash"),
        ("payable", "liabilities:payable"),
        ("stock", "assets:stock"),
    ],
)
def test_each_way_to_pay_has_its_account(lax, paid_from, account):
    assert legs(lax.spend(1, paid_from=paid_from))[account] == -1


def test_a_reversal_in_parts_mirrors_the_yen_to_the_last_one(kyo):
    spend = kyo.new_spend()
    posted = kyo.spend(1_001, spend_id=spend)
    first = kyo.reverse(334, spend_id=spend, at=NOON + timedelta(hours=1))
    assert legs(first) == {
        "expenses:recovery:meal": -334,
        "liabilities:folio_credit": 334,
        "budget:spent": -334,
        "budget:available": 334,
    }
    assert (first.kind, first.reverses, first.spend_id) == (EntryKind.REVERSAL, posted, spend)
    dimensions = Posting.objects.filter(entry=first).values_list("property", "department", "employee", "incident_id")
    assert set(dimensions) == {(kyo.property.pk, kyo.department.pk, kyo.employee.pk, 7)}
    kyo.reverse(667, spend_id=spend)
    assert balances() == {}


def test_a_reversal_of_dinars_gives_back_what_was_held_to_what_is_available(bah):
    bah.allot(500_000)
    spend = bah.new_spend()
    bah.hold(120_505, spend_id=spend)
    bah.spend(120_505, spend_id=spend, held=True)
    bah.reverse(20_001, spend_id=spend)
    assert balances("BHD") == {
        "expenses:recovery:meal": 100_504,
        "liabilities:folio_credit": -100_504,
        "budget:authorised": -500_000,
        "budget:available": 399_496,
        "budget:spent": 100_504,
    }
    bah.reverse(100_504, spend_id=spend)
    assert balances("BHD") == {"budget:authorised": -500_000, "budget:available": 500_000}


def test_a_credit_that_reverses_nothing_lowers_the_same_accounts(lax):
    entry = lax.credit(12_34)
    assert (entry.kind, entry.reverses, entry.spend_id) == (EntryKind.CREDIT, None, None)
    assert balances() == {
        "expenses:recovery:meal": -12_34,
        "liabilities:folio_credit": 12_34,
        "budget:spent": -12_34,
        "budget:available": 12_34,
    }


def test_what_costs_nothing_books_nothing(lax):
    spend = lax.new_spend()
    assert lax.hold(0) is lax.release(0, spend_id=spend) is lax.spend(0) is lax.credit(0) is None
    assert lax.reverse(0, spend_id=spend) is None
    assert not JournalEntry.objects.exists()


def test_currencies_keep_to_their_own_accounts(lax, kyo):
    lax.spend(100)
    kyo.spend(100)
    meals = Account.objects.filter(code="expenses:recovery:meal").values_list("currency", flat=True)
    assert sorted(meals) == ["JPY", "USD"]
    assert balances("JPY") == balances("USD")


# --- what can't be ---------------------------------------------------------------------------------------------------


def test_one_minor_unit_more_than_was_booked_can_not_be_reversed(lax):
    spend = lax.new_spend()
    lax.spend(100, spend_id=spend)
    lax.reverse(60, spend_id=spend)
    with pytest.raises(IntegrityError, match="no more is reversed than was booked"), transaction.atomic():
        lax.reverse(41, spend_id=spend)
    assert balances()["expenses:recovery:meal"] == 40
    lax.reverse(40, spend_id=spend)
    assert balances() == {}


def test_one_minor_unit_more_than_was_held_can_not_be_released(lax):
    spend = lax.new_spend()
    lax.hold(100, spend_id=spend)
    with pytest.raises(IntegrityError, match="no more is reversed than was booked"), transaction.atomic():
        lax.release(101, spend_id=spend)
    assert balances()["budget:held"] == 100


def test_a_spend_is_booked_once(lax):
    spend = lax.new_spend()
    lax.spend(100, spend_id=spend)
    with pytest.raises(IntegrityError), transaction.atomic():
        lax.spend(100, spend_id=spend)
    assert balances()["budget:spent"] == 100


def test_what_was_never_booked_can_not_be_mirrored(lax):
    with pytest.raises(JournalEntry.DoesNotExist):
        lax.reverse(1, spend_id=lax.new_spend())
    with pytest.raises(JournalEntry.DoesNotExist):
        lax.release(1, spend_id=lax.new_spend())


def test_a_negative_cost_does_not_turn_an_entry_round(lax):
    spend = lax.new_spend()
    lax.hold(100, spend_id=spend)
    for act in (lax.hold, lax.spend, lax.credit):
        with pytest.raises(ValueError, match="not negative: -1"):
            act(-1)
    for act in (lax.release, lax.reverse):
        with pytest.raises(ValueError, match="not negative: -1"):
            act(-1, spend_id=spend)
    assert JournalEntry.objects.count() == 1


def test_nothing_is_booked_outside_a_transaction(own_database):
    from tests.journal.books import Book

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    with pytest.raises(RuntimeError, match="in the transaction"):
        lax.spend(100)
    assert not JournalEntry.objects.exists()


# --- allotments: who, what ------------------------------------------------------------------------------------------


def test_a_general_manager_a_leader_and_the_superuser_set_money_aside(lax):
    grace = make.GeneralManagerFactory(property=lax.property)
    for actor in (grace, make.LeaderFactory(), make.SuperuserFactory(), None):
        assert lax.allot(1, actor=actor).recorded_by == actor
    assert Allotment.objects.count() == 4


def test_nobody_else_does_and_the_attempt_is_recorded(lax, kyo):
    strangers = [
        lax.employee,
        make.ManagerFactory(property=lax.property),
        make.GeneralManagerFactory(property=kyo.property),
        make.AuditorFactory(),
        make.GeneralManagerFactory(property=lax.property),
    ]
    strangers[-1].is_active = False
    for actor in strangers:
        with pytest.raises(NotPermitted) as refused:
            lax.allot(100, actor=actor)
        assert refused.value.code == "not_your_budget"
    assert not Allotment.objects.exists()
    assert not JournalEntry.objects.exists()
    refusals = AuditEvent.objects.filter(verb="budget.allotted", outcome="refused")
    assert refusals.count() == len(strangers)


@pytest.mark.parametrize("amount", [0, -1, 10**13 + 1, 1.5, "100", True])
def test_an_amount_that_can_not_be_set_aside_is_refused_by_name(lax, amount):
    with pytest.raises(ValidationError) as refused:
        lax.allot(amount)
    assert list(refused.value.message_dict) == ["amount"]
    assert not AuditEvent.objects.filter(verb="budget.allotted").exists()


def test_a_period_that_ends_before_it_begins_and_a_strange_department_are_refused_by_name(lax, kyo):
    backwards = {"begins_on": NOVEMBER["ends_on"], "ends_on": NOVEMBER["begins_on"]}
    for wrong, field in ((backwards, "ends_on"), ({"department": kyo.department}, "department")):
        with pytest.raises(ValidationError) as refused:
            allot_budget(actor=None, property=lax.property, amount=100, **(NOVEMBER | wrong))
        assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"begins_on": None}, "begins_on"),
        ({"begins_on": "2026-11-01"}, "begins_on"),
        ({"begins_on": NOON}, "begins_on"),
        ({"begins_on": date.min}, "begins_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": date.max}, "ends_on"),
        ({"occurred_at": datetime(2026, 11, 1)}, "occurred_at"),
        ({"occurred_at": "now"}, "occurred_at"),
        ({"department": "dining"}, "department"),
    ],
)
def test_what_is_no_day_and_no_moment_is_refused_by_name(lax, wrong, field):
    with pytest.raises(ValidationError) as refused:
        allot_budget(actor=None, property=lax.property, amount=100, **(NOVEMBER | wrong))
    assert list(refused.value.message_dict) == [field]
    assert not Allotment.objects.exists()


def test_a_mistaken_allotment_is_withdrawn_once(lax):
    mistaken, right = lax.allot(1_000_000_00), lax.allot(10_000_00)
    entry = withdraw_budget(actor=None, allotment=mistaken)
    assert (entry.kind, entry.reverses) == (EntryKind.REVERSAL, mistaken.entries.get(kind="allotment"))
    assert balances() == {"budget:authorised": -10_000_00, "budget:available": 10_000_00}
    with pytest.raises(NotPossible) as refused:
        withdraw_budget(actor=None, allotment=mistaken)
    assert refused.value.code == "already_withdrawn"
    with pytest.raises(NotPermitted):
        withdraw_budget(actor=lax.employee, allotment=right)


# --- what is told of it ---------------------------------------------------------------------------------------------


def test_an_allotments_event_says_it_all_in_ids_and_integers(lax):
    allotment = lax.allot(100, department=lax.department, occurred_at=NOON)
    event = AuditEvent.objects.get(verb="budget.allotted")
    assert (event.subject_type, event.subject_id, event.property_id) == ("allotment", allotment.pk, lax.property.pk)
    assert f'"entries":[{{"allotment":{allotment.pk},' in event.body
    assert '"account":"budget:available","amount":100' in event.body


def test_the_books_can_be_written_again_from_what_was_described(lax, kyo):
    spend = lax.new_spend()
    entries = [lax.allot(500).entries.get(), lax.hold(100, spend_id=spend), lax.spend(100, spend_id=spend, held=True)]
    entries += [lax.reverse(30, spend_id=spend), kyo.spend(70), kyo.credit(5)]
    replayed = {}
    for told in map(describe_entry, entries):
        for posting in told["postings"]:
            place = (posting["account"], told["currency"])
            replayed[place] = replayed.get(place, 0) + posting["amount"]
    assert {place: amount for place, amount in replayed.items() if amount} == {
        (code, currency): amount for currency in ("USD", "JPY") for code, amount in balances(currency).items()
    }


def test_an_entry_is_described_alike_fresh_and_later(lax):
    spend = lax.new_spend()
    lax.spend(100, spend_id=spend)
    reversal = lax.reverse(40, spend_id=spend)
    fresh = describe_entry(reversal)
    assert fresh == describe_entry(JournalEntry.objects.get(pk=reversal.pk))
    assert fresh["reverses"] == JournalEntry.objects.get(kind="spend").pk
    assert (fresh["spend"], fresh["incident"], fresh["employee"]) == (spend, 7, lax.employee.pk)
    assert fresh["occurred_at"] == "2026-11-21T20:00:00.000000Z"


# --- what it costs --------------------------------------------------------------------------------------------------


def test_booking_takes_six_queries_at_most_once_the_accounts_are_there(lax, django_assert_num_queries):
    warm = lax.new_spend()
    lax.hold(100, spend_id=warm)
    lax.spend(100, spend_id=warm, held=True)
    lax.reverse(1, spend_id=warm)
    spend = lax.new_spend()
    with django_assert_num_queries(4):  # accounts, entry, postings, seal
        hold = lax.hold(100, spend_id=spend)
    with django_assert_num_queries(5):  # hold, accounts, entry, postings, seal
        lax.release(40, spend_id=spend)
    with django_assert_num_queries(4):
        entry = lax.spend(60, spend_id=spend, held=True)
    with django_assert_num_queries(6):  # what was booked, its postings, accounts, entry, postings, seal
        lax.reverse(10, spend_id=spend)
    with django_assert_num_queries(0):
        describe_entry(hold)
        describe_entry(entry)
