"""What a row moves: judged by the policy of its time, posted at its cost, taken back by credits, and never twice."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db.models import F, Sum

from empower import clock
from empower.incidents.models import Incident
from empower.journal.models import JournalEntry, Posting
from empower.policies.services import write_policy
from empower.spending.models import Approval, Authority, Gesture, HistoryRow, Spend
from empower.spending.queries import standing
from empower.staff.models import Employee, Property
from tests.spending.importing import GIFT, LAX, bring

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # what is read and written is a file

#: On the incident `i`, where the scene's default policy (2,000.00) is in force.
MARIA = GIFT | {"employee": "maria", "incident": "i"}


def balance(prefix):
    return Posting.objects.filter(account__code__startswith=prefix).balance()


def counters_agree():
    """Every authority is the sum of what stands of its spends: what `verify` asks."""
    for row in Authority.objects.exclude(scope="cap"):
        for counter in ("own", "approved", "excused"):
            stands = row.spends.filter(judged_as=counter).aggregate(sum=Sum(F("amount") - F("reversed_amount")))["sum"]
            assert getattr(row, counter) == (stands or 0), (row, counter)


# --- judging ------------------------------------------------------------------------------------------------------


def test_what_was_done_before_any_policy_is_unlimited(tmp_path):
    done = bring(tmp_path, GIFT | {"amount": "99999.00"})
    spend = Spend.objects.get()
    assert (spend.judged_as, spend.policy, spend.authority, spend.limit_in_force) == ("unlimited", None, None, None)
    assert (spend.status, spend.posted_at, spend.employee.code) == ("posted", spend.occurred_at, "E1")
    assert done.said["excused (above the limit, no approver named)"] == "0"
    assert not Authority.objects.exists()


def test_exactly_the_limit_is_the_employees_own_and_one_cent_more_is_excused_and_counted(tmp_path, scene):
    done = bring(tmp_path, MARIA | {"amount": "1999.99"}, MARIA | {"amount": "0.02"}, MARIA | {"amount": "0.01"})
    assert done.code == 0
    assert done.said["excused (above the limit, no approver named)"] == "1"
    assert list(Spend.objects.order_by("pk").values_list("judged_as", flat=True)) == ["own", "excused", "own"]
    assert list(Authority.objects.values_list("own", "own_limit", "approved", "excused")) == [(200_000, 200_000, 0, 2)]
    assert Spend.objects.first().policy.code == "default-LAX"


def test_the_policy_is_the_one_in_force_when_it_was_done(tmp_path, scene):
    with clock.standing_at(datetime(2026, 3, 1, tzinfo=UTC)):
        write_policy(actor=None, code="lax", property=scene.lax, currency="USD", limit=5_000)
    done = bring(
        tmp_path,
        GIFT | {"employee": "maria", "amount": "60.00", "occurred_at": "2026-02-28"},
        GIFT | {"employee": "maria", "amount": "60.00", "occurred_at": "2026-03-02"},
        GIFT | {"employee": "maria", "amount": "60.00", "occurred_at": "2024-03-02"},
    )
    assert done.code == 0
    judged = Spend.objects.order_by("pk").values_list("judged_as", "limit_in_force")
    assert list(judged) == [("own", 200_000), ("excused", 5_000), ("unlimited", None)]


def test_an_approved_spend_counts_beside_the_authority_within_it_or_above(tmp_path, scene):
    bring(
        tmp_path,
        MARIA | {"amount": "3000.00", "approved_by": "omar"},
        MARIA | {"amount": "10.00", "approved_by": "omar"},
        MARIA | {"amount": "2000.00"},
    )
    assert list(Spend.objects.order_by("pk").values_list("judged_as", flat=True)) == ["approved", "approved", "own"]
    authority = Authority.objects.get()
    assert (authority.own, authority.approved, authority.excused) == (200_000, 301_000, 0)
    first = Approval.objects.order_by("pk").first()
    assert (first.status, first.decided_by, first.decided_amount) == ("approved", scene.omar, 300_000)
    assert (first.decided_at, first.tier, first.total) == (first.spend.occurred_at, "manager", 300_000)


def test_nobody_decides_on_their_own_spend(tmp_path, scene):
    done = bring(tmp_path, MARIA | {"approved_by": "maria"})
    assert done.counts() == (1, 0, 0, 0, 1)
    assert "nobody decides on their own spend" in done.rejects[0]["reason"]
    assert not Spend.objects.exists()


def test_who_decides_nothing_approves_nothing(tmp_path, scene):
    done = bring(tmp_path, MARIA | {"approved_by": "ada"}, MARIA | {"approved_by": "admin"})
    assert done.counts() == (2, 0, 0, 0, 2)


def test_an_unknown_approver_is_created_as_a_manager_for_whom_no_request_waits(tmp_path):
    # M7 gives in the first row, and is found to approve only in the second.
    bring(tmp_path, GIFT | {"employee": "M7"}, GIFT | {"approved_by": "M7"})
    approver = Employee.objects.get(code="M7")
    assert (approver.role, approver.is_active, approver.has_usable_password()) == ("manager", False, False)
    assert Spend.objects.get(external_id="r2").judged_as == "approved"
    assert not Employee.objects.deciding_for(Property.objects.get()).filter(pk=approver.pk).exists()


def test_under_a_policy_by_the_day_the_day_is_the_propertys_local_one(tmp_path, scene):
    with clock.standing_at(datetime(2026, 1, 1, tzinfo=UTC)):
        write_policy(actor=None, code="lax", property=scene.lax, currency="USD", limit=10_000, scope="guest_day")
    day = GIFT | {"employee": "maria", "amount": "60.00"}
    bring(
        tmp_path,
        day | {"occurred_at": "2026-03-10T23:59"},
        day | {"occurred_at": "2026-03-11T06:59Z"},  # the same day in Los Angeles
        day | {"occurred_at": "2026-03-11T07:00Z"},
    )
    assert list(Spend.objects.order_by("pk").values_list("judged_as", flat=True)) == ["own", "excused", "own"]
    assert [str(spend.scope_day) for spend in Spend.objects.order_by("pk")] == [
        "2026-03-10",
        "2026-03-10",
        "2026-03-11",
    ]


def test_a_cap_over_all_employees_excuses_what_is_above_it(tmp_path, scene):
    with clock.standing_at(datetime(2026, 1, 1, tzinfo=UTC)):
        write_policy(actor=None, code="lax", property=scene.lax, currency="USD", limit=10_000, cap=15_000)
    bring(
        tmp_path,
        MARIA | {"amount": "100.00"},
        MARIA | {"amount": "60.00", "employee": "tomas"},
        MARIA | {"amount": "50.00", "employee": "tomas"},
        MARIA | {"amount": "-30.00"},
    )
    assert list(Spend.objects.order_by("pk").values_list("judged_as", flat=True)) == ["own", "excused", "own"]
    assert Authority.objects.get(scope="cap").own == 12_000
    counters_agree()


# --- money --------------------------------------------------------------------------------------------------------


def test_the_cost_is_the_gestures_share_of_the_amount_unless_it_is_given(tmp_path):
    done = bring(
        tmp_path,
        GIFT | {"gesture": "meal", "amount": "10.01"},
        GIFT | {"gesture": "meal", "amount": "10.01", "cost": "4.00"},
        GIFT | {"gesture": "", "amount": "10.01"},
        GIFT | {"gesture": "brought in", "amount": "10.01"},
        GIFT | {"gesture": "apology", "amount": "0.00"},
        GIFT | {"amount": "10.00", "cost": "1.005"},
        GIFT | {"amount": "10.00", "cost": "-1.00"},
    )
    assert done.counts() == (7, 5, 0, 0, 2)
    assert list(Spend.objects.order_by("pk").values_list("cost", flat=True)) == [350, 400, 1001, 1001, 0]
    assert Spend.objects.get(external_id="r3").gesture.code == "other"
    assert balance("expenses:recovery:meal") == 750
    assert balance("expenses:recovery:brought_in") == 1001
    assert done.said["sum imported"] == "USD 40.04"


@pytest.mark.parametrize("amount", ["1e3", "1,000.00", "10.", ".5", "+1.00", "10.001", "١٠", "NaN", "1" * 20, "--1"])
def test_an_amount_that_is_not_written_plainly_is_rejected(tmp_path, amount):
    done = bring(tmp_path, GIFT | {"amount": amount})
    assert (done.code, done.counts()) == (3, (1, 0, 0, 0, 1))
    assert "amount" in done.rejects[0]["reason"]


def test_a_currency_has_its_own_decimals(tmp_path):
    done = bring(
        tmp_path,
        GIFT | {"property": "KYO", "currency": "JPY", "amount": "1500"},
        GIFT | {"property": "KYO", "currency": "JPY", "amount": "1500.00"},
        GIFT | {"property": "BAH", "currency": "BHD", "amount": "1.234"},
    )
    assert done.counts() == (3, 2, 0, 0, 1)
    assert list(Spend.objects.order_by("pk").values_list("amount", flat=True)) == [1500, 1234]


def test_the_gift_is_booked_on_its_day_to_its_department(tmp_path):
    bring(tmp_path, GIFT | {"department": "spa", "kind": "delight"}, LAX | {"department": "bar", "incident": "x"})
    legs = Posting.objects.filter(account__code="expenses:delight:refund")
    assert [(leg.amount, leg.department.code, leg.employee.code) for leg in legs] == [(1000, "spa", "E1")]
    assert JournalEntry.objects.sealed().get(kind="spend").occurred_at == Spend.objects.get().occurred_at


# --- credits ------------------------------------------------------------------------------------------------------


def test_a_credit_reverses_the_oldest_first_and_in_part_if_need_be(tmp_path, scene):
    meal = MARIA | {"gesture": "meal"}
    done = bring(
        tmp_path,
        meal | {"amount": "30.01", "occurred_at": "2026-03-12"},
        meal | {"amount": "20.00", "occurred_at": "2026-03-11"},
        meal | {"amount": "-35.01", "occurred_at": "2026-03-13"},
    )
    later, earlier = Spend.objects.order_by("pk")
    assert (earlier.status, earlier.reversed_amount, earlier.reversed_cost) == ("reversed", 2000, 700)
    # 15.01 of 30.01 took 10.50: 5.25 of it comes back.
    assert (later.status, later.reversed_amount, later.reversed_cost) == ("posted", 1501, 525)
    assert balance("expenses:") == 1050 - 525
    assert done.said["unmatched credits"] == "0"
    assert done.said["sum imported"] == "USD 15.00"
    assert Authority.objects.get().own == 1500
    assert standing(employee=scene.maria, incident=later.incident, guest=later.guest).remaining == 198_500


def test_parts_taken_back_one_by_one_take_back_the_whole_cost_and_no_more(tmp_path):
    meal = GIFT | {"gesture": "meal", "incident": "i"}
    bring(
        tmp_path, meal | {"amount": "1.00"}, *(meal | {"amount": "-0.33"} for _ in range(3)), meal | {"amount": "-0.01"}
    )
    spend = Spend.objects.get()
    assert (spend.status, spend.reversed_cost) == ("reversed", 35)
    assert balance("expenses:") == 0


def test_what_is_left_over_of_a_credit_is_an_entry_of_its_own_and_no_spend(tmp_path, scene):
    done = bring(
        tmp_path,
        MARIA | {"amount": "-5.00", "external_id": "before"},
        MARIA | {"amount": "20.00"},
        MARIA | {"amount": "-50.00", "gesture": "meal"},
        MARIA | {"amount": "-1.00", "incident": "other"},
    )
    assert done.said["unmatched credits"] == "3"
    assert done.said["sum imported"] == "USD -36.00"
    assert Spend.objects.get().status == "reversed"
    assert JournalEntry.objects.filter(kind="credit").count() == 3
    assert balance("expenses:recovery:refund") == -500 - 100
    assert balance("expenses:recovery:meal") == -1050
    assert Authority.objects.get().own == 0
    incident, guest = Incident.objects.get(external_id="i"), Spend.objects.get().guest
    assert standing(employee=scene.maria, incident=incident, guest=guest).remaining == 200_000


def test_a_credit_may_say_what_it_brings_back(tmp_path):
    done = bring(
        tmp_path,
        GIFT | {"gesture": "meal", "amount": "-10.00", "cost": "-4.00"},
        GIFT | {"gesture": "meal", "amount": "-10.00", "cost": "4.00"},
    )
    assert done.counts() == (2, 1, 0, 0, 1)
    assert balance("expenses:") == -400


def test_a_credit_of_something_approved_or_excused_lowers_that_counter(tmp_path, scene):
    bring(
        tmp_path,
        MARIA | {"amount": "100.00", "approved_by": "omar"},
        MARIA | {"amount": "3000.00"},
        MARIA | {"amount": "-150.00"},
    )
    authority = Authority.objects.get()
    assert (authority.own, authority.approved, authority.excused) == (0, 0, 295_000)
    counters_agree()


# --- once ---------------------------------------------------------------------------------------------------------


def everything():
    return (
        list(Spend.objects.order_by("pk").values()),
        list(Incident.objects.order_by("pk").values()),
        list(Authority.objects.order_by("pk").values()),
        JournalEntry.objects.count(),
        HistoryRow.objects.count(),
    )


def test_importing_the_same_file_twice_changes_nothing(tmp_path, scene):
    rows = [MARIA, LAX | {"incident": "i"}, MARIA | {"amount": "-3.00"}, MARIA | {"amount": "-30.00"}]
    bring(tmp_path, *rows)
    before = everything()
    done = bring(tmp_path, *rows, columns=[*reversed(MARIA), "external_id", "cost"])
    assert (done.code, done.counts()) == (0, (4, 0, 4, 0, 0))
    assert everything() == before
    assert "sum imported: USD 0.00\nsum imported or already there: USD -23.00" in done.out


def test_the_same_meaning_in_other_letters_is_the_same_row(tmp_path):
    bring(tmp_path, GIFT | {"amount": "10.00", "cost": "", "kind": ""})
    done = bring(tmp_path, GIFT | {"amount": "10", "guest": " Dr Haddad ", "note": ""})
    assert done.counts() == (1, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "cells",
    [{"amount": "10.01"}, {"amount": ""}, {"narrative": "x"}, {"note": "x"}, {"guest": "Ms Ito"}, {"cost": "10.00"},
     {"occurred_at": "2026-03-10T00:00"}, {"amount": "-10.00"}, {"timezone": "UTC"}, {"approved_by": "M7"}],
)  # fmt: skip
def test_a_known_row_with_other_content_is_a_conflict_reported_and_never_written_over(tmp_path, cells):
    bring(tmp_path, GIFT)
    before = everything()
    done = bring(tmp_path, GIFT | cells)
    assert (done.code, done.counts()) == (3, (1, 0, 0, 1, 0))
    assert done.rejects[0]["reason"].startswith("conflict")
    assert everything() == before


def test_within_one_file_a_repetition_is_there_already_and_another_content_a_conflict(tmp_path):
    same = GIFT | {"external_id": "x"}
    done = bring(tmp_path, same, same, same | {"amount": "11.00"})
    assert done.counts() == (3, 1, 1, 1, 0)
    assert Spend.objects.get().amount == 1000


def test_two_rows_alike_but_for_their_external_id_are_two_facts(tmp_path):
    done = bring(tmp_path, GIFT | {"incident": "i"}, GIFT | {"incident": "i"})
    assert done.counts() == (2, 2, 0, 0, 0)
    assert Spend.objects.count() == 2


def test_two_properties_may_both_number_their_rows_from_one(tmp_path):
    done = bring(tmp_path, GIFT | {"external_id": "1"}, GIFT | {"external_id": "1", "property": "NYC"})
    assert done.counts() == (2, 2, 0, 0, 0)


def test_a_rejected_row_is_imported_once_it_is_put_right(tmp_path):
    bring(tmp_path, GIFT | {"occurred_at": "10.3.2026"}, GIFT)
    done = bring(tmp_path, GIFT, GIFT)
    assert (done.code, done.counts()) == (0, (2, 1, 1, 0, 0))


def test_a_row_that_a_service_refuses_leaves_nothing_behind_and_the_next_is_imported(tmp_path):
    # `admin` is kept for the house: found out only when the person is hired, after the property was opened.
    done = bring(tmp_path, GIFT | {"employee": "admin", "department": "spa"}, GIFT)
    assert done.counts() == (2, 1, 0, 0, 1)
    assert "admin" in done.rejects[0]["reason"]
    assert Property.objects.get().departments.count() == 0
    assert Gesture.objects.filter(code="refund").exists()
    assert Spend.objects.get().external_id == "r2"


def test_verify_agrees_with_what_was_imported_and_counts_the_excused(tmp_path, scene, capsys):
    with clock.standing_at(datetime(2026, 1, 1, tzinfo=UTC)):
        write_policy(actor=None, code="lax", property=scene.lax, currency="USD", limit=10_000, cap=15_000)
    with clock.standing_at(datetime(2026, 2, 1, tzinfo=UTC)):
        write_policy(actor=None, code="nyc", property=scene.nyc, currency="USD", limit=10_000, scope="guest_day")
    bring(
        tmp_path,
        MARIA | {"amount": "100.00"},
        MARIA | {"amount": "900.00", "approved_by": "M7"},
        MARIA | {"amount": "60.00", "employee": "tomas", "gesture": "meal"},
        MARIA | {"amount": "50.00", "employee": "tomas"},
        MARIA | {"amount": "0.00", "gesture": "apology"},
        GIFT | {"property": "NYC", "employee": "paul", "amount": "60.00"},
        GIFT | {"property": "NYC", "employee": "paul", "amount": "60.00"},
        GIFT | {"property": "NYC", "employee": "paul", "amount": "9000.00", "occurred_at": "2024-01-01"},
        GIFT | {"property": "NYC", "employee": "paul", "amount": "9000.00", "approved_by": "gina"},
        MARIA | {"amount": "-1030.00"},
        MARIA | {"amount": "-1030.00"},
        LAX | {"incident": "i", "outcome": "recovered"},
    )
    capsys.readouterr()
    call_command("verify")
    assert "2 excused" in capsys.readouterr().out
    counters_agree()
