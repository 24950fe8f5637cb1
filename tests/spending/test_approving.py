"""Above the limit somebody else decides: the right one, once, on what they saw."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.journal.models import Posting
from empower.policies.services import name_deputy
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Approval
from empower.spending.permissions import can_decide
from empower.spending.queries import standing
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    deny_spend,
    escalate_overdue_approvals,
    hand_over_spend,
    reply_about_spend,
    resolve_incident,
    reverse_spend,
    void_incident,
    withdraw_spend,
)

pytestmark = pytest.mark.django_db


def balance(code):
    return Posting.objects.filter(account__code=code).balance()


def refused(act, **given):
    with pytest.raises((NotPermitted, NotPossible)) as refusal:
        act(**given)
    return refusal.value.code


def test_a_yes_posts_it_beside_the_authority(desk):
    spend = desk.give(300_000)
    assert balance("budget:held") == 300_000
    approve_spend(actor=desk.scene.omar, approval=spend.approval, reason="Of course")
    spend.refresh_from_db()
    assert (spend.status, spend.judged_as) == ("posted", "approved")
    assert balance("expenses:recovery:refund") == 300_000
    assert balance("budget:held") == 0
    left = standing(employee=desk.scene.maria, incident=desk.incident, guest=desk.guest)
    assert (left.remaining, left.approved) == (200_000, 300_000)


def test_a_yes_with_less_posts_less_and_frees_the_rest(desk):
    spend = desk.give(300_000)
    approve_spend(actor=desk.scene.omar, approval=spend.approval, reason="At the house rate", amount=160_000)
    spend.refresh_from_db()
    assert (spend.amount, spend.asked_amount) == (160_000, 300_000)
    assert balance("expenses:recovery:refund") == 160_000
    assert balance("budget:held") == 0
    assert balance("budget:spent") == 160_000


@pytest.mark.parametrize("amount", [0, -1, 300_001, True, 1.0])
def test_a_yes_is_to_more_than_nothing_and_at_most_what_was_asked(desk, amount):
    spend = desk.give(300_000)
    with pytest.raises(ValidationError) as error:
        approve_spend(actor=desk.scene.omar, approval=spend.approval, reason="yes", amount=amount)
    assert list(error.value.error_dict) == ["amount"]


def test_a_no_moves_no_money_and_frees_what_was_held(desk):
    spend = desk.give(300_000)
    decline_spend(actor=desk.scene.omar, approval=spend.approval, reason="Offer the suite instead")
    spend.refresh_from_db()
    assert spend.status == "declined"
    assert balance("budget:held") == 0
    assert balance("expenses:recovery:refund") == 0


@pytest.mark.parametrize("act", [approve_spend, decline_spend])
@pytest.mark.parametrize("reason", ["", "   ", None, "\0"])
def test_a_decision_says_why(desk, act, reason):
    spend = desk.give(300_000)
    with pytest.raises(ValidationError) as error:
        act(actor=desk.scene.omar, approval=spend.approval, reason=reason)
    assert list(error.value.error_dict) == ["reason"]


def test_the_second_decider_is_told_who_was_first(desk):
    spend = desk.give(300_000)
    approve_spend(actor=desk.scene.omar, approval=spend.approval, reason="yes")
    with pytest.raises(NotPossible) as refusal:
        decline_spend(actor=desk.scene.grace, approval=spend.approval, reason="no")
    assert refusal.value.code == "already_decided"
    assert refusal.value.state["decided_by"] == desk.scene.omar.pk
    assert desk.scene.omar.get_short_name() in refusal.value.message


def test_the_tier_turns_one_cent_above_it(desk):
    at, above = desk.give(500_000), desk.give(500_001, incident=desk.log("Ms Reyes"))
    assert (at.approval.tier, above.approval.tier) == ("manager", "general_manager")
    assert refused(approve_spend, actor=desk.scene.omar, approval=above.approval, reason="yes") == "below_tier"
    approve_spend(actor=desk.scene.grace, approval=above.approval, reason="yes")
    top = desk.give(2_500_001, incident=desk.log("Mr Bellamy"))
    assert refused(approve_spend, actor=desk.scene.grace, approval=top.approval, reason="yes") == "below_tier"
    approve_spend(actor=desk.scene.chen, approval=top.approval, reason="yes")


def test_the_tier_is_worked_out_again_at_the_decision(desk):
    first = desk.give(300_000)
    assert first.approval.tier == "manager"
    desk.give(250_000)
    assert refused(approve_spend, actor=desk.scene.omar, approval=first.approval, reason="yes") == "below_tier"


def test_a_decision_on_what_was_shown_before_is_stale(desk):
    first = desk.give(300_000)
    shown = first.approval.version
    desk.give(100_000)
    assert refused(
        approve_spend, actor=desk.scene.omar, approval=first.approval, reason="yes", version=shown
    ) == "stale"  # fmt: skip


def test_nobody_decides_on_their_own(desk):
    spend = desk.give(300_000, actor=desk.scene.omar)
    assert spend.approval.asked_role == "general_manager", "the only other manager there is the asker"
    assert refused(approve_spend, actor=desk.scene.omar, approval=spend.approval, reason="yes") == "own_spend"
    assert not can_decide(desk.scene.omar, spend.approval)


def test_nor_through_a_deputy(desk):
    now = clock.now()
    name_deputy(
        actor=desk.scene.grace, absent=desk.scene.grace, stands_in=desk.scene.omar, begins_at=now,
        ends_at=now + timedelta(days=1),
    )  # fmt: skip
    name_deputy(
        actor=desk.scene.omar, absent=desk.scene.omar, stands_in=desk.scene.tomas, begins_at=now,
        ends_at=now + timedelta(days=1),
    )  # fmt: skip
    spend = desk.give(600_000, actor=desk.scene.omar)
    assert refused(approve_spend, actor=desk.scene.omar, approval=spend.approval, reason="yes") == "own_spend"
    assert refused(approve_spend, actor=desk.scene.tomas, approval=spend.approval, reason="yes") == "below_tier"


def test_a_deputy_decides_in_the_place_of_the_absent(desk):
    now = clock.now()
    name_deputy(
        actor=desk.scene.omar, absent=desk.scene.omar, stands_in=desk.scene.tomas, begins_at=now,
        ends_at=now + timedelta(days=1),
    )  # fmt: skip
    spend = desk.give(300_000)
    approval = approve_spend(actor=desk.scene.tomas, approval=spend.approval, reason="yes")
    assert (approval.decided_by, approval.decided_for) == (desk.scene.tomas, desk.scene.omar)


def test_nobody_decides_outside_their_property_but_leaders(desk):
    spend = desk.give(300_000)
    assert refused(approve_spend, actor=desk.scene.gina, approval=spend.approval, reason="yes") == "not_here"
    for person in (desk.scene.maria, desk.scene.ada, desk.scene.admin, desk.scene.tomas):
        assert not can_decide(person, spend.approval)
    approve_spend(actor=desk.scene.chen, approval=spend.approval, reason="yes")


def test_the_database_refuses_an_own_decision_too(desk):
    spend = desk.give(300_000)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE spending_approval SET status = 'approved', decided_at = requested_at, decided_by_id = employee_id "
            "WHERE id = %s",
            [spend.approval.pk],
        )


def test_a_question_stops_the_clock_until_the_reply(desk):
    start = clock.now()
    with clock.standing_at(start):
        spend = desk.give(300_000)
    due = spend.approval.due_at
    with clock.standing_at(start + timedelta(minutes=5)):
        ask_about_spend(actor=desk.scene.omar, approval=spend.approval, question="Did she see the other room?")
    with clock.standing_at(start + timedelta(hours=30)):
        assert escalate_overdue_approvals() == 0
        approval = reply_about_spend(actor=desk.scene.maria, approval=spend.approval, reply="She did")
    assert approval.due_at == due + timedelta(hours=29, minutes=55)
    with clock.standing_at(start + timedelta(hours=30, minutes=1)):
        approve_spend(actor=desk.scene.omar, approval=approval, reason="yes")


def test_only_the_asker_replies(desk):
    spend = desk.give(300_000)
    approval = ask_about_spend(actor=desk.scene.omar, approval=spend.approval, question="Why?")
    assert refused(reply_about_spend, actor=desk.scene.tomas, approval=approval, reply="because") == "not_yours"


def test_nobody_answers_so_it_goes_to_the_deputy_then_up_then_expires(desk):
    start = clock.now()
    with clock.standing_at(start):
        name_deputy(
            actor=desk.scene.omar, absent=desk.scene.omar, stands_in=desk.scene.tomas, begins_at=start,
            ends_at=start + timedelta(days=2),
        )  # fmt: skip
        spend = desk.give(300_000)
    seen = []
    for minutes in (14, 16, 31, 46, 24 * 60):
        with clock.standing_at(start + timedelta(minutes=minutes)):
            escalate_overdue_approvals()
        approval = Approval.objects.get()
        seen.append((approval.asked_role, approval.with_deputy, approval.status))
    assert seen == [
        ("manager", False, "open"),
        ("manager", True, "open"),
        ("general_manager", False, "open"),
        ("leader", False, "open"),
        ("leader", False, "expired"),
    ]
    spend.refresh_from_db()
    assert spend.status == "expired"
    assert balance("budget:held") == 0


def test_an_expired_request_can_not_pass_though_the_scheduler_is_dead(desk):
    start = clock.now()
    with clock.standing_at(start):
        spend = desk.give(300_000)
    with clock.standing_at(start + timedelta(hours=24)):
        assert refused(approve_spend, actor=desk.scene.omar, approval=spend.approval, reason="yes") == "expired"


def test_a_verbal_yes_is_confirmed_by_the_one_named(desk):
    spend = desk.give(300_000, verbal_approval_by=desk.scene.omar)
    assert refused(confirm_spend, actor=desk.scene.grace, approval=spend.approval, reason="so it was") == "not_named"
    approval = confirm_spend(actor=desk.scene.omar, approval=spend.approval, reason="so it was")
    assert approval.status == "confirmed"


def test_a_denied_verbal_yes_leaves_the_entry_standing(desk):
    spend = desk.give(300_000, verbal_approval_by=desk.scene.omar)
    approval = deny_spend(actor=desk.scene.omar, approval=spend.approval, reason="I was not asked")
    spend.refresh_from_db()
    assert (approval.status, spend.status) == ("denied", "posted")
    assert balance("expenses:recovery:refund") == 300_000


def test_what_waits_can_be_taken_back_by_its_asker_alone(desk):
    spend = desk.give(300_000)
    assert refused(withdraw_spend, actor=desk.scene.omar, spend=spend) == "not_yours"
    withdraw_spend(actor=desk.scene.maria, spend=spend)
    assert balance("budget:held") == 0
    assert refused(withdraw_spend, actor=desk.scene.maria, spend=spend) == "not_waiting"
    assert refused(approve_spend, actor=desk.scene.omar, approval=spend.approval, reason="yes") == "already_decided"


def test_an_employee_takes_back_their_act_for_a_day_and_a_manager_after(desk):
    start = clock.now()
    with clock.standing_at(start):
        spend = desk.give(10_000)
    with clock.standing_at(start + timedelta(hours=24, seconds=1)):
        assert refused(reverse_spend, actor=desk.scene.maria, spend=spend, reason="wrong") == "not_yours"
        reverse_spend(actor=desk.scene.omar, spend=spend, reason="wrong")
        assert refused(reverse_spend, actor=desk.scene.omar, spend=spend, reason="wrong") == "not_posted"


def test_no_more_is_reversed_than_stands(desk):
    spend = desk.give(10_000, gesture="meal")
    reverse_spend(actor=desk.scene.maria, spend=spend, reason="half", amount=3_333)
    with pytest.raises(ValidationError):
        reverse_spend(actor=desk.scene.maria, spend=spend, reason="more", amount=6_668)
    spend = reverse_spend(actor=desk.scene.maria, spend=spend, reason="the rest", amount=6_667)
    assert spend.status == "reversed"
    assert spend.reversed_cost == spend.cost
    assert balance("expenses:recovery:meal") == 0


def test_an_incident_is_not_closed_while_something_waits_nor_voided_while_something_stands(desk):
    waiting = desk.give(300_000)
    assert refused(resolve_incident, actor=desk.scene.maria, incident=desk.incident) == "spend_waiting"
    assert refused(void_incident, actor=desk.scene.maria, incident=desk.incident, reason="double") == "spend_stands"
    withdraw_spend(actor=desk.scene.maria, spend=waiting)
    void_incident(actor=desk.scene.maria, incident=desk.incident, reason="double")
    desk.incident.refresh_from_db()
    assert desk.incident.status == "void"


def test_what_was_promised_is_handed_over_once(desk):
    spend = desk.give(2_000, gesture="meal", promised_for=clock.now() + timedelta(hours=2))
    hand_over_spend(actor=desk.scene.tomas, spend=spend)
    assert refused(hand_over_spend, actor=desk.scene.tomas, spend=spend) == "already_given"


def test_a_refused_decision_is_in_the_log_and_changed_nothing(desk):
    spend = desk.give(300_000)
    refused(approve_spend, actor=desk.scene.gina, approval=spend.approval, reason="yes")
    event = AuditEvent.objects.get(outcome="refused")
    assert (event.verb, event.actor_id) == ("spend.approved", desk.scene.gina.pk)
    spend.refresh_from_db()
    assert spend.status == "pending"
