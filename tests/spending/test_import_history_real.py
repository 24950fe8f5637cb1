"""Two real files that nobody tidied. They are not part of the repository: where they are missing, so is this test.

Each takes a minute or more: the ordinary run meets what is odd in one and a few hundred rows of the rest, `make test-long`
both files whole, on both engines.
"""

import csv
import re
from pathlib import Path

import pytest

from empower.audit.services import first_fault
from empower.incidents.models import Incident
from empower.journal.models import Posting
from empower.spending.models import HistoryRow, Spend
from tests.spending.importing import run, written

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real history files are not on this machine"),
]


def brought(tmp_path, name):
    """Imported from a copy, beside which the rejects can be written."""
    path = tmp_path / name
    path.write_bytes((DATA / name).read_bytes())
    return run(path)


def expense(currency):
    return Posting.objects.filter(account__code__startswith="expenses:", account__currency=currency).balance()


@pytest.mark.long
def test_a_month_of_a_citys_purchase_cards_is_in_to_the_cent_and_again_changes_nothing(tmp_path):
    done = brought(tmp_path, "toronto_2016_07.csv")
    assert (done.code, done.counts()) == (0, (5070, 5070, 0, 0, 0))
    assert "sum imported: CAD 1203278.64" in done.out
    assert expense("CAD") == 120_327_864
    assert (Incident.objects.count(), Spend.objects.count()) == (4675, 5070 - 89)
    assert done.said["unmatched credits"] == "53"
    before = Posting.objects.count()
    again = brought(tmp_path, "toronto_2016_07.csv")
    assert (again.code, again.counts()) == (0, (5070, 0, 5070, 0, 0))
    assert Posting.objects.count() == before
    assert first_fault() is None


def _is_undated(row):
    """Of neither of the two forms a day may have, or after the day on which it was reported."""
    day = row["occurred_at"]
    return not re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", day) or day[:10] > row["reported_at"]


@pytest.mark.long("postgresql")
def test_of_some_claims_every_odd_one_is_rejected_or_told_of_and_the_rest_is_in_to_the_cent(tmp_path):
    with (DATA / "tsa_2008_jan_feb.csv").open(encoding="utf-8", newline="") as file:
        everything = list(csv.DictReader(file))
    some = [
        row for number, row in enumerate(everything)
        if number < 200 or _is_undated(row) or not row["property"] or not row["timezone"]
    ]  # fmt: skip
    undated = [row for row in some if _is_undated(row) and row["property"]]
    nowhere = [row for row in some if not row["property"]]
    good = [row for row in some if row["property"] and not _is_undated(row)]
    assert (len(undated), len(nowhere), len(good) > 150) == (95, 26, True)
    done = run(written(tmp_path / "claims.csv", some))
    assert (done.code, done.counts()) == (3, (len(some), len(good), 0, 0, 121))
    reasons = {row["external_id"]: row["reason"] for row in done.rejects}
    assert reasons.keys() == {row["external_id"] for row in (*undated, *nowhere)}
    assert all("occurred_at" in reasons[row["external_id"]] for row in undated)
    assert {reasons[row["external_id"]] for row in nowhere} == {"property is missing"}
    assert expense("USD") == sum(int(row["amount"].replace(".", "")) for row in good if row["amount"]) > 0
    assert Incident.objects.count() == HistoryRow.objects.count() == len(good)
    assert done.said["properties opened in UTC, no time zone given"] == "ZZX, F, NYL, PFN"


@pytest.mark.long
def test_claims_with_dates_that_cannot_be_are_rejected_by_line_and_the_rest_is_in(tmp_path):
    done = brought(tmp_path, "tsa_2008_jan_feb.csv")
    reasons = [row["reason"] for row in done.rejects]
    undated = [reason for reason in reasons if "occurred_at" in reason]
    assert (done.code, done.counts()) == (3, (3219, 3098, 0, 0, 121))
    assert len(reasons) == 121
    # 95 by their dates, 26 that name no place.
    assert (len(undated), reasons.count("property is missing")) == (95, 26)
    rejected = sum(round(float(row["amount"]) * 100) for row in done.rejects if row["amount"])
    assert expense("USD") == 13_989_414 - rejected
    assert Incident.objects.count() == HistoryRow.objects.count() == 3098
    assert done.said["properties opened in UTC, no time zone given"] == "ZZX, F, NYL, PFN"
