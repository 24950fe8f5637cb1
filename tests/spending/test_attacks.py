"""Ways round the limit and round the decider that were tried once, each closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Guest
from empower.incidents.services import change_incident, log_incident, merge_guests
from empower.policies.services import name_deputy, withdraw_policy, write_policy
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Gesture, Reversal
from empower.spending.queries import standing
from empower.spending.services import (
    approve_spend,
    confirm_spend,
    create_gesture,
    give_spend,
    hand_over_spend,
    resolve_incident,
    reverse_spend,
)
from empower.staff.services import change_employee

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(desk):
    """An incident with two records of what turns out to be one guest."""
    incident = desk.log(guests=[{"name": "J. Haddad"}, {"name": "John Haddad"}])
    first, second = incident.guests.order_by("pk")
    return incident, first, second


def stand_in(desk, absent, who):
    now = clock.now()
    name_deputy(actor=desk.scene.grace, absent=absent, stands_in=who, begins_at=now, ends_at=now + timedelta(days=2))


def in_force(desk, minutes=1, **rule):
    """The moment at which a next version of LAX's rule has begun."""
    later = clock.now() + timedelta(minutes=minutes)
    with clock.standing_at(later):
        write_policy(actor=desk.scene.chen, code="default-LAX", currency="USD", property=desk.scene.lax, **rule)
    return clock.standing_at(later + timedelta(seconds=1))


def test_merged_records_reach_the_tier_of_their_sum(desk, two):
    incident, kept, merged = two
    first = desk.give(490_000, incident=incident, guest=merged)
    approve_spend(actor=desk.scene.omar, approval=first.approval, reason="yes")
    merge_guests(actor=desk.scene.omar, kept=kept, merged=merged)
    kept.refresh_from_db()
    second = desk.give(490_000, incident=incident, guest=kept)
    assert (second.approval.tier, second.approval.total) == ("general_manager", 980_000)
    with pytest.raises(NotPermitted):
        approve_spend(actor=desk.scene.omar, approval=second.approval, reason="yes")


def test_a_cap_counts_what_was_given_under_a_merged_record(desk, two):
    incident, kept, merged = two
    with in_force(desk, limit=200_000, cap=250_000):
        desk.give(200_000, incident=incident, guest=merged)
        merge_guests(actor=desk.scene.omar, kept=kept, merged=merged)
        kept.refresh_from_db()
        assert desk.give(50_001, incident=incident, guest=kept, actor=desk.scene.tomas).status == "pending"
        assert desk.give(50_000, incident=incident, guest=kept, actor=desk.scene.tomas).status == "posted"


def test_a_rule_of_another_scope_starts_no_new_count(desk):
    desk.give(200_000)
    with in_force(desk, limit=200_000, scope="guest_day"):
        left = standing(employee=desk.scene.maria, incident=desk.incident, guest=desk.guest)
        if left.own:  # the same local day
            assert desk.give(1).status == "pending"
    with in_force(desk, minutes=5, limit=200_000, scope="incident"):
        assert desk.give(1).status == "pending"


def test_a_guest_that_was_never_saved_receives_nothing(desk):
    with pytest.raises(ValidationError) as error:
        desk.give(100, guest=Guest(property=desk.scene.lax, name="nobody"))
    assert "guest" in error.value.error_dict


@pytest.mark.parametrize("change", [{"role": "auditor", "property": None, "department": None}, "to_nyc"])
def test_a_deputy_who_has_left_decides_nothing(desk, change):
    stand_in(desk, desk.scene.omar, desk.scene.tomas)
    spend = desk.give(300_000)
    if change == "to_nyc":
        change = {"property": desk.scene.nyc, "department": desk.scene.nyc_desk}
    change_employee(actor=desk.scene.admin, employee=desk.scene.tomas, **change)
    desk.scene.tomas.refresh_from_db()
    with pytest.raises(NotPermitted):
        approve_spend(actor=desk.scene.tomas, approval=spend.approval, reason="yes")


def test_whoever_receives_it_confirms_nothing_about_it(desk):
    stand_in(desk, desk.scene.omar, desk.scene.tomas)
    gift = {"name": "Tomas", "kind": "colleague", "colleague": desk.scene.tomas}
    spend = desk.give(300_000, incident=desk.log(guests=[gift]), verbal_approval_by=desk.scene.omar)
    with pytest.raises(NotPermitted):
        confirm_spend(actor=desk.scene.tomas, approval=spend.approval, reason="so it was")


def test_a_gift_for_the_only_manager_is_asked_of_the_general_manager(desk):
    gift = {"name": "Omar", "kind": "colleague", "colleague": desk.scene.omar}
    spend = desk.give(300_000, incident=desk.log(guests=[gift]))
    assert spend.approval.asked_role == "general_manager"


def test_without_a_rule_only_a_leader_decides(desk):
    rule = desk.scene.lax.policies.get()
    withdraw_policy(actor=desk.scene.chen, policy=rule)
    with clock.standing_at(clock.now() + timedelta(seconds=5)):
        spend = desk.give(100)
        assert (spend.status, spend.approval.tier) == ("pending", "leader")
        with pytest.raises(NotPermitted):
            approve_spend(actor=desk.scene.grace, approval=spend.approval, reason="yes")


def test_a_second_failure_is_not_made_up_afterwards(desk):
    with in_force(desk, limit=200_000, second_failure_limit=500_000):
        now = clock.now()
        log_incident(
            actor=desk.scene.maria, property=desk.scene.lax, guests=[desk.guest],
            occurred_at=desk.incident.occurred_at - timedelta(days=1), reported_at=now,
        )  # fmt: skip
        assert standing(employee=desk.scene.maria, incident=desk.incident, guest=desk.guest).limit == 200_000


def test_what_the_guest_has_in_hand_is_not_taken_back_by_the_one_who_gave_it(desk):
    spend = desk.give(200_000)
    hand_over_spend(actor=desk.scene.maria, spend=spend)
    with pytest.raises(NotPermitted):
        reverse_spend(actor=desk.scene.maria, spend=spend, reason="again")
    reverse_spend(actor=desk.scene.omar, spend=spend, reason="it broke")


def test_the_reason_of_a_reversal_is_kept(desk):
    reverse_spend(actor=desk.scene.maria, spend=desk.give(100), reason="wrong guest")
    assert [(one.reason, one.amount) for one in Reversal.objects.all()] == [("wrong guest", 100)]


def test_the_event_of_an_act_tells_what_it_changed_for_other_requests(desk):
    first = desk.give(300_000)
    desk.give(250_000)
    told = AuditEvent.objects.filter(verb="spend.requested").latest("pk").body
    assert f'"retiered":[{{"asked_role":"general_manager","id":{first.approval.pk}' in told


def test_a_request_that_ran_out_waits_no_longer_though_nobody_swept(desk):
    desk.give(300_000)
    with clock.standing_at(clock.now() + timedelta(days=3)):
        assert standing(employee=desk.scene.maria, incident=desk.incident, guest=desk.guest).waiting == 0
        assert resolve_incident(actor=desk.scene.maria, incident=desk.incident).status == "resolved"


def test_the_kind_stays_with_what_was_booked_by_it(desk):
    desk.give(100)
    with pytest.raises(NotPossible):
        change_incident(actor=desk.scene.maria, incident=desk.incident, kind="delight")


def test_an_incident_does_not_move_behind_what_was_given_for_it(desk):
    desk.give(100)
    with clock.standing_at(clock.now() + timedelta(hours=2)), pytest.raises(ValidationError) as error:
        change_incident(
            actor=desk.scene.maria, incident=desk.incident, occurred_at=clock.now(), reported_at=clock.now()
        )
    assert "occurred_at" in error.value.error_dict


def test_a_gesture_costs_at_most_what_it_shows():
    with pytest.raises(ValidationError):
        create_gesture(actor=None, code="gold", name="Gold", cost_ratio=10_001)
    with pytest.raises(ValidationError):
        create_gesture(actor=None, code="odd", name="Odd", account="a:b  ;c\nend")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE spending_spend SET amount = 1",
        "UPDATE spending_spend SET judged_as = 'excused'",
        "UPDATE spending_spend SET status = 'pending', judged_as = '', posted_at = NULL",
        "UPDATE spending_spend SET employee_id = employee_id + 1",
        "DELETE FROM spending_spend",
        "DELETE FROM spending_authority",
        "UPDATE spending_approval SET status = 'declined'",
        "UPDATE spending_approval SET decided_amount = 1",
        "DELETE FROM spending_approval",
    ],
)
def test_what_was_posted_and_what_was_answered_stay(desk, statement):
    spend = desk.give(300_000)
    approve_spend(actor=desk.scene.omar, approval=spend.approval, reason="yes")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "given",
    [{"note": None}, {"note": 5}, {"reason": "\ud800"}, {"promised_for": "x"}, {"guest": None}, {"gesture": None}],
)
def test_what_is_no_value_at_all_is_named_and_crashes_nothing(desk, given):
    wanted = {"incident": desk.incident, "guest": desk.guest, "gesture": Gesture.objects.get(code="refund")}
    with pytest.raises(ValidationError) as error:
        give_spend(actor=desk.scene.maria, amount=100, currency="USD", **(wanted | given))
    assert list(error.value.error_dict) == list(given)


def test_a_free_gesture_is_given_even_where_no_rule_is_in_force(desk):
    withdraw_policy(actor=desk.scene.chen, policy=desk.scene.lax.policies.get())
    with clock.standing_at(clock.now() + timedelta(seconds=5)):
        spend = desk.give(0, gesture="apology")
    assert (spend.status, spend.limit_in_force) == ("posted", 0)
    call_command("verify")
