"""A whole history is found whole; each thing that is tampered with is found, and named."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from empower import append_only, clock
from empower.incidents.services import log_incident
from empower.insights.verification.running import verify
from empower.journal.models import JournalEntry, Posting
from empower.spending.models import Approval, Authority, Gesture, Spend
from empower.spending.services import approve_spend, decline_spend, deny_spend, give_spend, reverse_spend
from tests.insights.history import A_PAST
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(scene):
    """Some of everything at LAX: own acts, an approved one, a declined and a waiting one, a denied yes, a reversal."""
    return remembered("some of everything", lambda: _some_of_everything(scene))


def _some_of_everything(scene):
    def give(amount, gesture="refund", **more):
        incident = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Somebody"}])
        return give_spend(
            actor=scene.maria, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code=gesture),
            amount=amount, currency="USD", **more,
        )  # fmt: skip

    give(0, "apology")
    give(15_000, "meal", ask=True)
    reverse_spend(actor=scene.omar, spend=give(20_000), reason="Too much.", amount=5_000)
    give(200_000)
    approve_spend(actor=scene.omar, approval=give(300_000).approval, reason="Yes.", amount=250_000)
    decline_spend(actor=scene.omar, approval=give(300_000).approval, reason="No.")
    give(250_000, split=True)
    spend = give(210_000, verbal_approval_by=scene.grace)
    deny_spend(actor=scene.grace, approval=spend.approval, reason="I said no such thing.")


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.rowcount != 0, "Nothing was there to tamper with."


def without_triggers():
    """What the owner of the database can do: switch the refusals off. Undone with the test's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Nothing deferred may wait for the end of the transaction: such a table can't be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture
def unguarded(past, monkeypatch):
    """The past with every trigger gone and nobody asking for them: that this is found has a test of its own."""
    without_triggers()
    monkeypatch.setattr(append_only, "missing", lambda connection: [])


def fault():
    found = verify().fault
    return found and found.name


def test_a_past_lived_at_random_is_found_whole(live):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        assert fault() is None
    assert Spend.objects.count() > 20


def test_a_past_is_found_whole_and_its_denied_yeses_are_told(past):
    verdict = verify()
    assert verdict.fault is None
    assert (verdict.counts["spends"], verdict.counts["denied"], verdict.counts["unconfirmed"]) == (9, 1, 0)
    said = StringIO()
    call_command("verify", stdout=said)
    assert said.getvalue().startswith("All is well: ")
    assert said.getvalue().count("\n") == 1
    assert f"{verdict.counts['entries']} entries" in said.getvalue()
    assert said.getvalue().endswith("To know: 1 verbal yes denied.\n")


def test_an_empty_database_is_whole(db):
    assert fault() is None


def test_it_ends_with_one_and_names_the_first_thing_found(unguarded):
    run("UPDATE spending_authority SET own = own + 1, own_limit = own_limit + 1 WHERE own > 0")
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify", stdout=said)
    assert end.value.code == 1
    assert said.getvalue().startswith("authority_not_its_spends: Authority ")


def test_what_is_sequenced_stays_and_since_starts_the_hashing_there(past):
    assert verify().fault is None
    assert verify(since=10).fault is None
    assert verify(since=10**9).fault.name == "position_gap"


def test_missing_triggers_are_found_first(past):
    without_triggers()
    assert fault() == "trigger_missing"


# --- counters, spends and requests -------------------------------------------------------------------------------


@pytest.mark.parametrize("counter", ["own", "approved", "excused"])
def test_a_counter_that_was_moved(unguarded, counter):
    run(f"UPDATE spending_authority SET {counter} = {counter} + 1, own_limit = own_limit + 1 WHERE scope = 'incident'")
    assert fault() == "authority_not_its_spends"


def test_a_counter_that_was_lowered_to_give_more(unguarded):
    run("UPDATE spending_authority SET own = 0 WHERE own > 0")
    assert fault() == "authority_not_its_spends"


def test_an_amount_that_was_raised_with_its_counter(unguarded):
    spend = Spend.objects.get(amount=15_000)
    run("UPDATE spending_spend SET amount = amount + 1 WHERE id = %s", spend.pk)
    run("UPDATE spending_authority SET own = own + 1 WHERE id = %s", spend.authority_id)
    assert fault() == "out_of_band_write"


def test_a_cost_that_the_journal_does_not_know(unguarded):
    run("UPDATE spending_spend SET cost = cost - 1 WHERE amount = 15000")
    assert fault() == "cost_not_booked"


def test_a_wish_that_was_posted_by_hand(unguarded):
    waiting = Spend.objects.filter(status="pending").first() or Spend.objects.filter(status="declined").first()
    run(
        "UPDATE spending_spend SET status = 'posted', judged_as = 'own', posted_at = occurred_at, limit_in_force = amount"
        " WHERE id = %s",
        waiting.pk,
    )
    assert fault() == "cost_not_booked"


def test_a_hold_of_what_waits_no_more(unguarded):
    run("UPDATE spending_spend SET status = 'expired' WHERE status = 'pending'")
    assert fault() == "hold_not_booked"


def test_a_reversal_that_was_lost(unguarded):
    run("DELETE FROM spending_reversal")
    assert fault() == "reversals_not_the_spends"


def test_a_reversal_that_points_at_another_entry(unguarded):
    run("UPDATE spending_reversal SET entry_id = %s", JournalEntry.objects.filter(kind="spend").first().pk)
    assert fault() == "reversal_of_another"


def test_a_limit_that_its_policy_does_not_name(unguarded):
    run("UPDATE spending_spend SET limit_in_force = limit_in_force + 1 WHERE judged_as = 'own'")
    assert fault() == "limit_not_the_policys"


def test_an_act_under_another_houses_policy(unguarded, scene):
    theirs = scene.nyc.policies.first()
    run(
        "UPDATE spending_spend SET policy_id = %s, limit_in_force = %s WHERE judged_as = 'own' AND property_id = %s",
        theirs.pk, theirs.limit, scene.lax.pk,
    )  # fmt: skip
    assert fault() == "policy_of_another"


def test_an_approved_act_without_an_approval(unguarded):
    run("UPDATE spending_spend SET judged_as = 'approved' WHERE judged_as = 'own' AND amount > 0")
    assert fault() in ("request_and_spend_disagree", "authority_not_its_spends")
    Approval.objects.filter(spend__judged_as="approved", status="answered").delete()
    moved = Authority.objects.all()
    for row in moved:
        row.approved, row.own = row.approved + row.own, 0
        row.save()
    assert fault() == "limit_passed_without_approval"


def test_a_request_whose_spend_tells_another_story(unguarded):
    run(
        "UPDATE spending_approval SET status = 'withdrawn', decided_by_id = NULL WHERE status IN ('approved', 'declined')"
    )
    assert fault() == "request_and_spend_disagree"


def test_a_yes_of_somebody_else_than_the_log_says(unguarded, scene):
    run("UPDATE spending_approval SET decided_by_id = %s WHERE status = 'approved'", scene.gina.pk)
    assert fault() == "approval_by_another"


def test_a_spend_that_no_service_made(unguarded):
    free = Spend.objects.filter(amount=0, status="posted").first()
    free.pk = None
    free.save(force_insert=True)
    assert fault() == "spend_without_event"


def test_a_spend_counted_in_another_scope(unguarded):
    one, other = Spend.objects.filter(judged_as="own", authority__scope="incident").order_by("pk")[:2]
    free = Spend.objects.filter(amount=0).exclude(authority=other.authority_id).first()
    run("UPDATE spending_spend SET authority_id = %s WHERE id = %s", other.authority_id, free.pk)
    assert one.authority_id != other.authority_id
    assert fault() == "spend_in_another_scope"


# --- the books and the log ----------------------------------------------------------------------------------------


def test_a_posting_that_was_changed(unguarded):
    run("UPDATE journal_posting SET amount = amount + 1 WHERE id = %s", Posting.objects.first().pk)
    assert fault() == "entry_not_balanced"


def test_a_balanced_entry_that_was_doubled(unguarded):
    entry = JournalEntry.objects.filter(kind="spend").first()
    run("UPDATE journal_posting SET amount = amount * 2 WHERE entry_id = %s", entry.pk)
    assert fault() == "cost_not_booked"


def test_an_entry_without_its_seal(unguarded):
    run("DELETE FROM journal_entryseal WHERE entry_id = %s", JournalEntry.objects.last().pk)
    assert fault() == "entry_not_sealed"


def test_an_event_that_was_altered(unguarded):
    verify()
    run("UPDATE audit_auditevent SET body = replace(body, 'spend.posted', 'spend.posned') WHERE verb = 'spend.posted'")
    assert fault() == "event_altered"


def test_an_event_that_was_taken_out(unguarded):
    verify()
    run("DELETE FROM audit_position WHERE position = 3")
    assert fault() == "position_gap"


def test_it_asks_a_fixed_number_of_questions(past, django_assert_max_num_queries):
    verify()
    with django_assert_max_num_queries(100):
        verify()
