"""Two people at once, on one allotment."""

import threading

import pytest
from django.db import connections

from empower.journal.models import Allotment
from empower.journal.services import withdraw_budget
from empower.refusals import NotPossible
from tests.journal.books import Book, balances, open_property

pytestmark = pytest.mark.races


def test_of_four_who_withdraw_an_allotment_at_once_three_are_told_that_it_is_done(own_database):
    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    mistaken = lax.allot(500)
    lax.allot(70)
    together, codes = threading.Barrier(4), []

    def withdraw():
        allotment = Allotment.objects.get(pk=mistaken.pk)
        together.wait()
        try:
            withdraw_budget(actor=None, allotment=allotment)
            codes.append("withdrawn")
        except NotPossible as refused:
            codes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=withdraw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["already_withdrawn"] * 3 + ["withdrawn"]
    assert balances() == {"budget:available": 70, "budget:authorised": -70}
