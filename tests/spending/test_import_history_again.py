"""An import that is cut off, run again, rehearsed, in any portions, or beside another one ends as one clean import does."""

import multiprocessing
import random
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.db.models import F, Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from empower.audit.services import first_fault
from empower.incidents.models import Guest, Incident
from empower.journal.models import Posting
from empower.spending.history.reading import COLUMNS, HistoryFile
from empower.spending.models import Authority, HistoryRow, Spend
from empower.spending.services.history import import_history
from tests.scene import set_the_scene
from tests.spending.importing import GIFT, run, written

ROWS = st.fixed_dictionaries(
    {
        "external_id": st.sampled_from("abcdefghijkl"),
        "property": st.sampled_from(["LAX", "LAX", "NEW"]),
        "occurred_at": st.sampled_from(["2024-06-01", "2026-03-10", "2026-03-11T10:00", "not a day"]),
        "employee": st.sampled_from(["maria", "E1", "007"]),
        "guest": st.sampled_from(["Jones", "Ms Ito"]),
        "incident": st.sampled_from(["", "i", "j"]),
        "category": st.sampled_from(["", "noise", "heat & *"]),
        "gesture": st.sampled_from(["", "meal", "refund", "made up"]),
        "amount": st.sampled_from(["", "0.00", "0.01", "333.33", "1500.00", "2500.00", "-0.01", "-400.00", "-3000.00"]),
        "cost": st.sampled_from(["", "", "0.00", "0.01"]),
        "currency": st.sampled_from(["USD", "USD", "USD", "EUR", ""]),
        "outcome": st.sampled_from(["", "recovered", "lost"]),
        "approved_by": st.sampled_from(["", "", "omar", "maria"]),
    }
)  # fmt: skip


class CutOff(Exception):
    """What stands for a power cut."""


def cut_off_after(file, rows):
    """A reading of ``file`` that breaks off after so many rows."""
    all_rows = file.rows

    def some():
        for number, row in enumerate(all_rows()):
            if number == rows:
                raise CutOff
            yield row

    file.rows = some
    return file


def told():
    """What the import amounts to, said without ids and in the order in which it came in."""
    named = ("property__code", "external_id")
    return {
        "rows": list(HistoryRow.objects.order_by(*named).values_list(*named, "amount", "currency", "incident__external_id")),
        "spends": list(
            Spend.objects.order_by("pk").values_list(
                *named, "employee__code", "guest__name", "amount", "cost", "reversed_amount", "reversed_cost", "status",
                "judged_as", "limit_in_force", "approval__decided_by__code",
            )
        ),
        "incidents": list(
            Incident.objects.order_by("pk").values_list(
                *named, "status", "outcome", "category__code", "occurred_at", "incident_guests__guest__name",
                "incident_guests__outcome",
            )
        ),
        "authority": list(Authority.objects.order_by("pk").values_list("scope", "own", "own_limit", "approved", "excused")),
        "books": [(one["account__code"], one["account__currency"], one["balance"]) for one in Posting.objects.balances()],
        "guests": Guest.objects.count(),
    }  # fmt: skip


def check_books():
    for row in Authority.objects.all():
        for counter in ("own", "approved", "excused"):
            stands = row.spends.filter(judged_as=counter).aggregate(sum=Sum(F("amount") - F("reversed_amount")))["sum"]
            assert getattr(row, counter) == (stands or 0)
    assert Posting.objects.balance() == 0
    assert first_fault() is None


class AnyPortions(TestCase):
    """Each example in a transaction of its own."""

    @settings(max_examples=settings.default.max_examples // 3)
    @given(st.lists(ROWS, max_size=14), st.randoms(use_true_random=False))
    def test_an_import_in_portions_with_cuts_and_repetitions_equals_one_clean_import(self, rows, chance):
        path = written(self.folder / "history.csv", rows, COLUMNS)
        with transaction.atomic():
            set_the_scene()
            clean_summary = import_history(actor=None, file=HistoryFile(path), rows_at_once=200)
            clean = told()
            check_books()
            transaction.set_rollback(True)
        with transaction.atomic():
            set_the_scene()
            rehearsed = import_history(
                actor=None, file=HistoryFile(path), rows_at_once=chance.randint(1, 5), rehearsing=True
            )
            assert list(rehearsed.lines()) == list(clean_summary.lines())
            assert not HistoryRow.objects.exists()
            for _ in range(chance.randint(0, 3)):
                file = cut_off_after(HistoryFile(path), chance.randint(0, len(rows)))
                try:
                    import_history(actor=None, file=file, rows_at_once=chance.randint(1, 4))
                except CutOff:
                    pass
            last = import_history(actor=None, file=HistoryFile(path), rows_at_once=chance.randint(1, 4))
            assert told() == clean
            assert last.imported + last.already_there == clean_summary.imported + clean_summary.already_there
            # Together: what was rejected above a row of the same name is in conflict with it the next time.
            left_out = clean_summary.rejected + clean_summary.conflicting
            assert last.rejected + last.conflicting == left_out
            check_books()
            transaction.set_rollback(True)

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))


def _long_file(tmp_path, rows=150):
    chance = random.Random(7)
    return written(
        tmp_path / "history.csv",
        [
            GIFT | {"guest": f"Guest {chance.randint(1, 20)}", "incident": f"i{chance.randint(1, 60)}",
                    "employee": f"E{chance.randint(1, 9)}", "amount": f"{chance.randint(-2000, 5000) / 100:.2f}"}
            for _ in range(rows)
        ],
    )  # fmt: skip


def _bring(path):
    connections.close_all()
    import_history(actor=None, file=HistoryFile(path), rows_at_once=5)


@pytest.mark.races
def test_an_import_killed_half_way_is_finished_by_the_next(own_database, tmp_path):
    path = _long_file(tmp_path, 100)
    connections.close_all()  # a forked connection is nobody's
    process = multiprocessing.get_context("fork").Process(target=_bring, args=[path])
    process.start()
    try:
        while not HistoryRow.objects.exists() and process.is_alive():
            time.sleep(0.01)
    finally:
        process.kill()
        process.join()
    there = HistoryRow.objects.count()
    assert 0 < there < 100
    done = run(path)
    assert (done.code, done.counts()) == (0, (100, 100 - there, there, 0, 0))
    check_books()


@pytest.mark.races
def test_two_imports_of_one_file_at_once_are_one(own_database, tmp_path):
    path = _long_file(tmp_path)
    summaries, faults = [], []

    def bring():
        try:
            summaries.append(import_history(actor=None, file=HistoryFile(path), rows_at_once=10))
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(one.imported + one.already_there for one in summaries) == [150, 150]
    assert sum(one.imported for one in summaries) == 150
    assert HistoryRow.objects.count() == 150
    names = list(Guest.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))
    check_books()
