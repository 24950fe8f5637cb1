"""The journal as finance reads it: judged by hledger and by beancount themselves, whose sums must be ours."""

import csv
import io
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext

from empower.journal.export import CSV_COLUMNS, journal_lines
from empower.journal.models import Posting
from empower.money import to_text
from tests import factories as make
from tests.journal.books import Book, balances, open_property

pytestmark = pytest.mark.long("postgresql")  # what is read and written is a file


def _program(name):
    beside_python = Path(sys.executable).parent / name
    return str(beside_python) if beside_python.exists() else shutil.which(name)


HLEDGER, BEAN_CHECK = _program("hledger"), _program("bean-check")
needs_hledger = pytest.mark.skipif(not HLEDGER, reason="no hledger on this machine")
needs_beancount = pytest.mark.skipif(not BEAN_CHECK, reason="no bean-check on this machine")


def live_a_little(lax, kyo, bah):
    """Every kind of entry, in three currencies, with codes that another program could trip over."""
    odd = Book(*open_property("=HQ, «Zürich»; x:y", "CHF", "Europe/Zurich"))
    odd.employee = make.EmployeeFactory(property=odd.property, code="@E|1;, 東京", name="Jürg Secret")
    odd.department = make.DepartmentFactory(property=odd.property, code="-Küche  A")
    for book in (lax, kyo, bah, odd):
        book.allot(1_000_000)
        held, given = book.new_spend(), book.new_spend()
        book.hold(70_001, spend_id=held)
        book.release(10_000, spend_id=held)
        book.spend(60_001, spend_id=held, held=True, account="gift", paid_from="stock")
        book.spend(12_345, spend_id=given, purpose="delight", paid_from="petty_cash")
        book.reverse(345, spend_id=given)
        book.credit(5, paid_from="payable")
    odd.spend(1, account="two  words; and a: colon")
    odd.spend(2, account="two_words_and_a: colon")
    odd.spend(3, account="Küche 東")
    odd.spend(4, account="")


@pytest.fixture
def lived(lax, kyo, bah):
    live_a_little(lax, kyo, bah)


def exported(to, **days):
    return "".join(journal_lines(Posting.objects.all(), to=to, **days))


def ours():
    """{currency: the balances above zero, sorted, as text}: what any reader must find, whatever it calls accounts."""
    told = {}
    for row in Posting.objects.balances():
        if row["balance"]:
            currency = row["account__currency"]
            told.setdefault(currency, []).append(Decimal(to_text(row["balance"], currency)))
    return {currency: sorted(amounts) for currency, amounts in told.items()}


def written(tmp_path, to):
    file = tmp_path / f"journal.{to}"
    file.write_text(exported(to))
    return file


# --- hledger --------------------------------------------------------------------------------------------------------


def hledger(file, *arguments, locale="C"):
    return subprocess.run(
        [HLEDGER, "-f", file, *arguments],
        env={"PATH": os.environ["PATH"], "LC_ALL": locale},
        capture_output=True,
        text=True,
    )


@needs_hledger
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_hledger_passes_it_strictly(lived, tmp_path, locale):
    checked = hledger(written(tmp_path, "hledger"), "check", "--strict", locale=locale)
    assert (checked.returncode, checked.stderr) == (0, "")


@needs_hledger
def test_hledger_finds_our_balances(lived, tmp_path):
    told = hledger(written(tmp_path, "hledger"), "balance", "--flat", "--layout=bare", "--no-total", "-O", "csv")
    found = {}
    for row in csv.DictReader(io.StringIO(told.stdout)):
        if Decimal(row["balance"]):
            found.setdefault(row["commodity"], []).append(Decimal(row["balance"]))
    assert {currency: sorted(amounts) for currency, amounts in found.items()} == ours()


@needs_hledger
def test_hledger_knows_a_budget_is_no_wealth_and_finds_an_incident_by_its_tag(lived, tmp_path):
    file = written(tmp_path, "hledger")
    assert "budget" not in hledger(file, "balancesheet").stdout
    assert "expenses:recovery:gift" in hledger(file, "accounts", "type:X").stdout
    at_noon = "occurred_at=^2026-11-21T20:00:00.000000Z$"
    for tag, entries in (("property=^LAX$", 7), ("incident=^7$", 28), (at_noon, 28)):
        assert hledger(file, "print", f"tag:{tag}").stdout.count(" * (") == entries, tag


@needs_hledger
def test_an_empty_journal_is_a_journal(db, tmp_path):
    assert hledger(written(tmp_path, "hledger"), "check", "--strict").returncode == 0


# --- beancount ------------------------------------------------------------------------------------------------------


@needs_beancount
def test_bean_check_passes_it(lived, tmp_path):
    checked = subprocess.run([BEAN_CHECK, written(tmp_path, "beancount")], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@needs_beancount
def test_beancount_finds_our_balances(lived, tmp_path):
    from beancount import loader
    from beancount.core import realization

    entries, errors, _ = loader.load_file(str(written(tmp_path, "beancount")))
    assert errors == []
    found = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance.get_positions():
            found.setdefault(position.units.currency, []).append(position.units.number)
    assert {currency: sorted(amounts) for currency, amounts in found.items()} == ours()
    assert {entry.meta["entry"] for entry in entries if hasattr(entry, "postings")} == {
        str(pk) for pk in Posting.objects.values_list("entry_id", flat=True)
    }


# --- CSV ------------------------------------------------------------------------------------------------------------


def rows(**days):
    return list(csv.DictReader(io.StringIO(exported("csv", **days))))


def test_csv_has_a_row_for_each_posting_and_our_sums(lived):
    assert exported("csv").splitlines()[0] == ",".join(CSV_COLUMNS)
    told = rows()
    assert len(told) == Posting.objects.count()
    sums = Counter()
    for row in told:
        sums[row["currency"], row["account"]] += Decimal(row["amount"])
    found = {}
    for (currency, _account), amount in sums.items():
        if amount:
            found.setdefault(currency, []).append(amount)
    assert {currency: sorted(amounts) for currency, amounts in found.items()} == ours()


def test_csv_says_what_an_entry_is(lax):
    spend = lax.new_spend()
    posted = lax.spend(12_34, spend_id=spend, at=datetime(2026, 11, 22, 7, 59, tzinfo=UTC))
    reversal = lax.reverse(34, spend_id=spend)
    first, *_, last = rows()
    assert first | {"recorded_at": ""} == {
        "entry": str(posted.pk),
        "date": "2026-11-21",  # still, in Los Angeles
        "occurred_at": "2026-11-22T07:59:00.000000Z",
        "recorded_at": "",
        "kind": "spend",
        "property": "LAX",
        "department": "dining",
        "employee": "E-LAX",
        "incident": "7",
        "spend": str(spend),
        "account": "expenses:recovery:meal",
        "amount": "12.34",
        "currency": "USD",
        "reverses": "",
    }
    assert (last["kind"], last["reverses"], last["entry"]) == ("reversal", str(posted.pk), str(reversal.pk))


def test_no_text_of_csv_is_a_formula_and_every_amount_is_a_number(lived):
    for row in rows():
        for name in ("property", "department", "employee", "account"):
            assert row[name].lstrip()[:1] not in {"=", "+", "-", "@"}
        assert str(Decimal(row["amount"])) == row["amount"]
    assert {"'=HQ, «Zürich»; x:y"} == {row["property"] for row in rows() if row["currency"] == "CHF"}


# --- which ----------------------------------------------------------------------------------------------------------


def test_days_are_the_propertys_own_and_both_ends_count(lax, kyo):
    evening = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)  # the 21st in Los Angeles, the 22nd in Kyoto
    lax.spend(1, at=evening)
    kyo.spend(1, at=evening)
    first, second = date(2026, 11, 21), date(2026, 11, 22)

    def properties(**days):
        return {row["property"] for row in rows(**days)}

    assert properties(begins_on=first, ends_on=first) == {"LAX"}
    assert properties(begins_on=second, ends_on=second) == {"KYO"}
    assert properties(begins_on=first, ends_on=second) == properties(begins_on=first) == {"LAX", "KYO"}
    assert properties(ends_on=first) == {"LAX"}
    assert properties(begins_on=date(2026, 11, 23)) == properties(ends_on=date(2026, 11, 20)) == set()
    assert properties(begins_on=date.min, ends_on=date.max) == {"LAX", "KYO"}


@pytest.mark.sqlite
def test_what_is_not_sealed_is_not_exported(lax):
    from tests.journal.test_triggers import entry_of

    lax.spend(1)
    unsealed = entry_of(lax.property, 5, -5)
    assert str(unsealed) not in {row["entry"] for row in rows()}


@pytest.mark.parametrize("to", ["hledger", "beancount", "csv"])
def test_nobodys_name_is_in_it(lived, to):
    text = exported(to)
    for name in ("Secret", "Ortiz", "The LAX", "Jürg"):
        assert name not in text


def test_the_same_books_give_the_same_bytes(lived):
    for to in ("hledger", "beancount", "csv"):
        assert exported(to) == exported(to)


def test_it_is_streamed_in_two_queries_three_with_a_day(lived):
    from django.db import connection

    for days, most in (({}, 2), ({"begins_on": date(2026, 1, 1)}, 3)):
        with CaptureQueriesContext(connection) as queries:
            lines = journal_lines(Posting.objects.all(), to="csv", **days)
            next(lines)
            list(lines)
        assert len(queries) <= most


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_to_standard_output(lived):
    for to in ("hledger", "beancount", "csv"):
        out = io.StringIO()
        call_command("export_journal", format=to, stdout=out)
        assert out.getvalue() == exported(to)
    out = io.StringIO()
    call_command("export_journal", "--format", "csv", "--from", "2030-01-01", "--to", "2030-01-31", stdout=out)
    assert out.getvalue() == ",".join(CSV_COLUMNS) + "\n"


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "20261121", "2026-W47-6", "", "2026-1-1"])
@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.django_db
def test_what_is_no_day_is_refused_by_name(option, day):
    with pytest.raises(CommandError, match=f"(?s){option}.*“{day}” is not a day: write it as 2026-01-31"):
        call_command("export_journal", "--format", "csv", f"{option}={day}", stdout=io.StringIO())


@pytest.mark.django_db
def test_a_period_that_ends_before_it_begins_and_another_format_are_refused():
    with pytest.raises(CommandError, match="--to 2026-01-01 comes before --from 2026-01-02"):
        call_command("export_journal", "--format=csv", "--from=2026-01-02", "--to=2026-01-01", stdout=io.StringIO())
    with pytest.raises(CommandError, match="ledger-cli"):
        call_command("export_journal", "--format=ledger-cli", stdout=io.StringIO())


def test_as_a_process_it_says_by_its_exit_how_it_went(own_database):
    from django.db import transaction

    with transaction.atomic():
        live_a_little(
            *(
                Book(*open_property(code, currency, zone))
                for code, currency, zone in (
                    ("LAX", "USD", "America/Los_Angeles"),
                    ("KYO", "JPY", "Asia/Tokyo"),
                    ("BAH", "BHD", "Asia/Bahrain"),
                )
            )
        )
    done = own_database.run_manage("export_journal", "--format", "hledger")
    assert (done.returncode, done.stdout) == (0, exported("hledger"))
    for wrong in (["--from", "2026-13-01"], ["--from", "2026-02-01", "--to", "2026-01-01"]):
        done = own_database.run_manage("export_journal", "--format", "csv", *wrong)
        assert done.returncode not in (0, None)
        assert done.stdout == ""
        assert wrong[1] in done.stderr
        assert "Traceback" not in done.stderr
    assert balances("USD")
