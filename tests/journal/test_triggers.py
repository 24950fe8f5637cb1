"""The books attacked in raw SQL, as any client could: the database refuses, and what was booked stays as it was."""

import sqlite3
import threading
from contextlib import closing

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from empower import append_only
from empower.journal.models import Account, EntrySeal, JournalEntry, Posting
from tests.journal.books import NOON, balances, run, see_to_constraints

on_sqlite = pytest.mark.sqlite
on_postgresql = pytest.mark.postgres

TABLES = ["journal_journalentry", "journal_posting", "journal_entryseal", "journal_account", "journal_allotment"]


def refused(message, act, *arguments):
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        act(*arguments)


@pytest.fixture
def meal(lax):
    """A sealed entry: a meal of 50.00 USD, beside an allotment."""
    lax.allot(1_000_00)
    entry = lax.spend(50_00)
    see_to_constraints()
    return entry


def write_entry(property, currency="USD", *, kind="spend", reverses=None):
    """An entry of nobody's service, in SQL that both engines read; no postings, no seal. Returns its id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_journalentry (kind, property_id, currency, occurred_at, recorded_at, reverses_id) "
            "VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [kind, property.pk, currency, NOON, NOON, reverses],
        )
        return cursor.fetchone()[0]


def write_posting(entry, account, amount, property):
    run(
        "INSERT INTO journal_posting (entry_id, account_id, amount, property_id) VALUES (%s, %s, %s, %s)",
        entry, account.pk, amount, property.pk,
    )  # fmt: skip


def write_seal(entry):
    run("INSERT INTO journal_entryseal (entry_id, sealed_at) VALUES (%s, %s)", entry, NOON)


def account(code="assets:petty_cash", currency="USD"):
    return Account.objects.get_or_create(code=code, currency=currency, defaults={"name": code, "kind": "asset"})[0]


def facts():
    return [list(model.objects.order_by("pk").values()) for model in (JournalEntry, Posting, EntrySeal)]


# --- what is written stays ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(meal, table):
    before = facts()
    refused(f"{table} is written once", run, f"DELETE FROM {table}")
    assert facts() == before


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("journal_journalentry", "occurred_at = recorded_at"),
        ("journal_journalentry", "currency = 'EUR'"),
        ("journal_journalentry", "id = id + 1000"),
        ("journal_posting", "amount = amount * 2"),
        ("journal_posting", "employee_id = NULL"),
        ("journal_entryseal", "sealed_at = sealed_at"),
        ("journal_account", "currency = 'JPY'"),
        ("journal_allotment", "amount = amount + 1"),
    ],
)
def test_no_row_is_changed(meal, table, change):
    before = facts()
    refused(f"{table} is written once", run, f"UPDATE {table} SET {change}")
    assert facts() == before


@on_sqlite
@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(meal, table):
    before = facts()
    said = f"{table} is written once|a sealed entry takes no further posting"
    refused(said, run, f"REPLACE INTO {table} SELECT * FROM {table}")
    refused(said, run, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    assert facts() == before


@on_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(meal, table):
    refused("is written once", run, f"TRUNCATE {table} CASCADE")
    assert balances()["expenses:recovery:meal"] == 50_00


@on_postgresql
def test_no_table_above_is_emptied_with_ours_below_it(meal):
    refused("is written once", run, "TRUNCATE staff_property CASCADE")


@on_postgresql
def test_an_upsert_changes_nothing(meal):
    refused(
        "journal_entryseal is written once",
        run,
        "INSERT INTO journal_entryseal SELECT * FROM journal_entryseal "
        "ON CONFLICT (entry_id) DO UPDATE SET sealed_at = now()",
    )


# --- what is sealed is closed ---------------------------------------------------------------------------------------


def test_a_balanced_pair_is_not_slipped_into_a_sealed_entry(lax, meal):
    before = facts()
    refused("a sealed entry takes no further posting", write_posting, meal.pk, account(), 5, lax.property)
    refused(
        "a sealed entry takes no further posting",
        run,
        "INSERT INTO journal_posting (entry_id, account_id, amount, property_id) "
        "SELECT entry_id, account_id, -amount, property_id FROM journal_posting",
    )
    assert facts() == before


def test_an_entry_is_sealed_once(meal):
    refused("journal_entryseal", write_seal, meal.pk)


def next_number():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT last_value + 1 FROM journal_journalentry_id_seq")
        else:
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'journal_journalentry'")
        return cursor.fetchone()[0]


def test_no_posting_waits_for_an_entry_to_come(lax, meal):
    before = facts()
    refused("no such entry to post to", write_posting, next_number(), account(), 99, lax.property)
    assert facts() == before


def another_client(own_database):
    """A connection that keeps none of the application's settings."""
    if connection.vendor == "sqlite":
        connections.close_all()
        return sqlite3.connect(own_database.url.replace("sqlite:///", ""))
    import psycopg

    return psycopg.connect(own_database.url.replace("postgres://", "postgresql://"))


POSTING = "INSERT INTO {}journal_posting (entry_id, account_id, amount, property_id) VALUES ({}, {}, {}, {})"


def test_another_client_has_no_posting_wait_for_an_entry_to_come(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    with transaction.atomic():
        lax.spend(50_00)
    posting, number = Posting.objects.first(), next_number()
    with closing(another_client(own_database)) as raw:
        with pytest.raises(Exception, match="no such entry to post to"):
            raw.execute(POSTING.format("", number, posting.account_id, 99, posting.property_id))
    with transaction.atomic():
        entry = lax.spend(10_00)
    assert Posting.objects.filter(entry=entry).balance() == 0


def test_a_temporary_table_of_the_same_name_hides_no_seal(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    with transaction.atomic():
        entry = lax.spend(50_00)
    posting = Posting.objects.first()
    ours = "main." if connection.vendor == "sqlite" else "public."
    with closing(another_client(own_database)) as raw:
        raw.execute("CREATE TEMP TABLE journal_entryseal (entry_id bigint, sealed_at text)")
        with pytest.raises(Exception, match="a sealed entry takes no further posting"):
            raw.execute(POSTING.format(ours, entry.pk, posting.account_id, 99, posting.property_id))
    assert Posting.objects.filter(entry=entry).balance() == 0


@on_postgresql
def test_a_temporary_table_of_postings_closes_no_entry_that_does_not_balance(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    with transaction.atomic():
        lax.spend(50_00)
    posting = Posting.objects.first()
    with closing(another_client(own_database)) as raw:
        [entry] = raw.execute(
            "INSERT INTO journal_journalentry (kind, property_id, currency, occurred_at, recorded_at) "
            "VALUES ('credit', %s, 'USD', now(), now()) RETURNING id",
            [posting.property_id],
        ).fetchone()
        raw.execute(POSTING.format("", entry, posting.account_id, 777, posting.property_id))
        raw.execute(
            "CREATE TEMP TABLE journal_posting AS SELECT %s::bigint AS entry_id, account_id, property_id, side.amount "
            "FROM public.journal_posting, (VALUES (1::bigint), (-1)) AS side (amount) WHERE id = %s",
            [entry, posting.pk],
        )
        with pytest.raises(Exception, match="an entry has two postings or more"):
            raw.execute("INSERT INTO journal_entryseal (entry_id, sealed_at) VALUES (%s, now())", [entry])
    assert JournalEntry.objects.count() == 1


# --- a seal only on what balances -----------------------------------------------------------------------------------


def entry_of(property, *amounts, currency="USD", accounts=None):
    entry = write_entry(property, currency)
    for place, amount in enumerate(amounts):
        write_posting(entry, accounts[place] if accounts else account(), amount, property)
    return entry


def test_one_minor_unit_out_of_balance_is_not_sealed(lax):
    refused("an entry sums to zero", lambda: write_seal(entry_of(lax.property, 100, -99)))
    assert not EntrySeal.objects.exists()


@pytest.mark.parametrize("amounts", [[], [100]])
def test_fewer_than_two_postings_are_not_sealed(lax, amounts):
    refused("an entry has two postings or more", lambda: write_seal(entry_of(lax.property, *amounts)))


def test_a_posting_of_nothing_does_not_make_a_second_one(lax):
    refused("a_posting_moves_money|CHECK constraint failed", lambda: entry_of(lax.property, 0))


def test_two_currencies_are_not_sealed_together_though_their_numbers_balance(lax):
    both = [account(), account(currency="EUR")]
    refused("an entry has one currency", lambda: write_seal(entry_of(lax.property, 100, -100, accounts=both)))


def test_an_entry_of_another_currency_than_its_accounts_is_not_sealed(lax):
    refused("an entry has one currency", lambda: write_seal(entry_of(lax.property, 100, -100, currency="EUR")))


def test_an_entry_is_not_sealed_over_two_properties(lax, kyo):
    def over_two():
        entry = entry_of(lax.property, 100)
        write_posting(entry, account(), -100, kyo.property)
        write_seal(entry)

    refused("an entry is of one property", over_two)


def test_nothing_is_sealed_that_is_not_there(lax):
    refused("no such entry to seal", write_seal, 987654)


@on_sqlite
@pytest.mark.parametrize("amounts", [[0.5, -0.5], ["a lot", "-1"], [b"\x01", -1]])
def test_what_is_no_whole_number_is_not_sealed(lax, amounts):
    refused("whole number of minor units", lambda: write_seal(entry_of(lax.property, *amounts)))


@on_postgresql
def test_a_sum_beyond_any_integer_is_no_balance(lax):
    most = 2**63 - 1
    refused("an entry sums to zero", lambda: write_seal(entry_of(lax.property, most, most, 2)))


def test_a_balanced_entry_of_one_currency_is_sealed(lax):
    entry = entry_of(lax.property, 100, 50, -150)
    write_seal(entry)
    see_to_constraints()
    assert Posting.objects.filter(entry=entry).balance() == 0
    assert JournalEntry.objects.sealed().get().pk == entry


# --- a mirror is no larger than what it mirrors ---------------------------------------------------------------------


def mirror(lax, original, amounts):
    def write():
        entry = write_entry(lax.property, kind="reversal", reverses=original.pk)
        for code, amount in amounts.items():
            write_posting(entry, account(code), amount, lax.property)
        write_seal(entry)

    return write


@pytest.mark.parametrize(
    "amounts",
    [
        {"expenses:recovery:meal": -50_01, "liabilities:folio_credit": 50_01},
        {"expenses:recovery:meal": 1, "liabilities:folio_credit": -1},  # the same way round: no mirror
        {"expenses:recovery:meal": -50_00, "assets:petty_cash": 50_00},  # an account that was not in it
    ],
)
def test_what_is_no_mirror_is_no_reversal(lax, meal, amounts):
    refused("no more is reversed than was booked", mirror(lax, meal, amounts))


def test_half_of_an_entrys_accounts_may_be_reversed_by_hand(lax, meal):
    mirror(lax, meal, {"expenses:recovery:meal": -50_00, "liabilities:folio_credit": 50_00})()
    assert "expenses:recovery:meal" not in balances()


def test_a_reversal_refers_to_an_entry_and_nothing_else_does(lax, meal):
    refused("a_mirror_refers_to_what_it_mirrors|CHECK", lambda: write_entry(lax.property, kind="reversal"))
    refused("a_mirror_refers_to_what_it_mirrors|CHECK", lambda: write_entry(lax.property, reverses=meal.pk))


# --- no entry without a seal ----------------------------------------------------------------------------------------


@on_postgresql
def test_an_unsealed_entry_is_not_committed(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    with pytest.raises(IntegrityError, match="an entry is sealed by commit"), transaction.atomic():
        entry_of(lax.property, 100, -100)
    with pytest.raises(IntegrityError, match="an entry is sealed by commit"), transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        write_entry(lax.property)
    assert not JournalEntry.objects.exists()
    with transaction.atomic():
        lax.spend(100)
    assert JournalEntry.objects.sealed().count() == 1


@on_sqlite
def test_an_unsealed_entry_counts_nowhere(lax):
    entry_of(lax.property, 100, -40)
    lax.spend(7)
    assert Posting.objects.filter(account__code="assets:petty_cash").balance() == 0
    assert "assets:petty_cash" not in balances()
    assert JournalEntry.objects.sealed().count() == 1


# --- they are there, and hold against two at once -------------------------------------------------------------------


@pytest.mark.django_db
def test_every_trigger_of_the_journal_is_installed():
    assert set(TABLES) <= set(append_only.append_only_tables())
    with connection.cursor() as cursor:
        expected = {trigger.name for trigger in append_only._expected(connection, cursor)[0]}
    assert {"journal_seal_closes_only_what_balances", "journal_posting_enters_no_sealed_entry"} <= expected
    assert ("journal_entry_is_sealed_by_commit" in expected) == (connection.vendor == "postgresql")
    assert append_only.missing(connection) == []


@pytest.mark.races
def test_two_reversals_at_once_do_not_exceed_what_was_booked(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    spend = lax.new_spend()
    with transaction.atomic():
        lax.spend(100, spend_id=spend)
    together, outcomes = threading.Barrier(4), []

    def reverse():
        together.wait()
        try:
            with transaction.atomic():
                lax.reverse(60, spend_id=spend)
            outcomes.append("reversed")
        except DatabaseError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reverse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["reversed"]
    assert balances()["expenses:recovery:meal"] == 40


@pytest.mark.races
def test_accounts_that_two_need_at_once_are_made_once(own_database):
    from tests.journal.books import Book, open_property

    lax = Book(*open_property("LAX", "USD", "America/Los_Angeles"))
    together, faults = threading.Barrier(6), []

    def spend(spend_id):
        together.wait()
        try:
            with transaction.atomic():
                lax.spend(10, spend_id=spend_id)
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=spend, args=[number]) for number in range(900_001, 900_007)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Account.objects.count() == 4
    assert balances()["budget:spent"] == 60
