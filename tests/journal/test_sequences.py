"""Whatever is done in whatever order: every currency stays at zero, and a budget is what was set aside."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from empower.journal.models import JournalEntry, Posting
from empower.journal.queries import budget_position
from tests.journal.books import NOON, Book, balances, open_property, see_to_constraints

COSTS = st.integers(0, 10**9)
ACTS = st.one_of(
    st.tuples(st.just("allot"), st.integers(1, 10**12)),
    st.tuples(st.just("hold"), COSTS),
    st.tuples(st.just("spend"), COSTS),
    st.tuples(st.just("credit"), COSTS),
    st.tuples(st.just("release"), COSTS),
    st.tuples(st.just("post"), COSTS),
    st.tuples(st.just("reverse"), COSTS),
)


def live_through(book, sequence):
    """Does the acts that can be done, as spending would; returns what ought to be held and spent."""
    waiting, posted, held, spent = {}, {}, 0, 0
    for act, cost in sequence:
        if act == "allot":
            book.allot(cost)
        elif act == "hold" and cost:
            spend = book.new_spend()
            book.hold(cost, spend_id=spend)
            waiting[spend] = cost
            held += cost
        elif act == "spend":
            spend = book.new_spend()
            book.spend(cost, spend_id=spend)
            posted[spend] = cost
            spent += cost
        elif act == "credit":
            book.credit(cost)
            spent -= cost
        elif act == "release" and waiting:
            spend, whole = waiting.popitem()
            book.release(whole, spend_id=spend)
            held -= whole
        elif act == "post" and waiting:  # with less, where less was approved
            spend, whole = waiting.popitem()
            given_now = min(cost, whole)
            book.release(whole - given_now, spend_id=spend)
            book.spend(given_now, spend_id=spend, held=True)
            posted[spend] = given_now
            held, spent = held - whole, spent + given_now
        elif act == "reverse" and posted:
            spend = next(iter(posted))
            part = min(cost, posted[spend])
            book.reverse(part, spend_id=spend)
            posted[spend] -= part
            spent -= part
            if posted[spend] == 0:
                del posted[spend]
                if part:
                    with pytest.raises(IntegrityError), transaction.atomic():
                        book.reverse(1, spend_id=spend)
    return held, spent


@pytest.mark.django_db
@given(acts=st.lists(st.tuples(st.sampled_from(["USD", "JPY", "BHD"]), ACTS), max_size=25))
def test_every_currency_stays_at_zero_and_the_budget_agrees(acts):
    zones = {"USD": "America/Los_Angeles", "JPY": "Asia/Tokyo", "BHD": "Asia/Bahrain"}
    with transaction.atomic():
        for currency, zone in zones.items():
            book = Book(*open_property(currency, currency, zone))
            sequence = [act for where, act in acts if where == currency]
            held, spent = live_through(book, sequence)
            allotted = sum(amount for act, amount in sequence if act == "allot")
            told = balances(currency)
            assert sum(told.values()) == 0
            assert told.get("budget:held", 0) == held
            assert told.get("budget:spent", 0) == spent
            assert told.get("budget:authorised", 0) == -allotted
            assert told.get("budget:available", 0) == allotted - held - spent
            expenses = sum(amount for code, amount in told.items() if code.startswith("expenses:"))
            assert expenses == spent
            position = budget_position(property=book.property, on_day=NOON.date())
            if allotted:
                assert (position.allotted, position.held, position.spent) == (allotted, held, spent)
        assert JournalEntry.objects.filter(seal=None).count() == 0
        for entry in JournalEntry.objects.all():
            assert Posting.objects.filter(entry=entry).balance() == 0
        see_to_constraints()
        transaction.set_rollback(True)
