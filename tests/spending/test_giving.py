"""Within the authority nothing blocks; one cent above it, all of it waits."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from empower import clock
from empower.audit.models import AuditEvent
from empower.journal.models import JournalEntry, Posting
from empower.policies.services import write_policy
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Authority, Spend
from empower.spending.queries import standing
from empower.spending.services import give_spend, resolve_incident, reverse_spend

pytestmark = pytest.mark.django_db


def left(desk, employee=None, incident=None):
    incident = incident or desk.incident
    return standing(employee=employee or desk.scene.maria, incident=incident, guest=incident.guests.first())


def fields(error):
    return {field: [one.code for one in errors] for field, errors in error.value.error_dict.items()}


def test_exactly_the_limit_is_posted_at_once(desk):
    spend = desk.give(200_000)
    assert (spend.status, spend.judged_as) == ("posted", "own")
    assert left(desk).remaining == 0
    assert not hasattr(spend, "approval")


def test_one_cent_above_the_limit_waits_and_moves_no_money(desk):
    spend = desk.give(200_001)
    assert spend.status == "pending"
    assert spend.approval.status == "open"
    assert spend.approval.tier == "manager"
    assert Posting.objects.filter(account__kind="expense").count() == 0
    assert left(desk).remaining == 200_000


def test_the_last_cent_is_given_and_one_more_waits(desk):
    desk.give(199_999)
    assert desk.give(1).status == "posted"
    assert desk.give(1).status == "pending"
    authority = Authority.objects.get()
    assert (authority.own, authority.own_limit, authority.approved) == (200_000, 200_000, 0)


def test_what_waits_uses_no_authority(desk):
    desk.give(300_000)
    assert desk.give(1_500, gesture="meal").status == "posted"
    assert left(desk).waiting == 300_000
    assert left(desk).remaining == 198_500


def test_each_guest_and_each_incident_has_its_own_limit(desk):
    desk.give(200_000)
    assert desk.give(200_000, incident=desk.log("Mr Lindqvist")).status == "posted"
    assert desk.give(200_000, actor=desk.scene.tomas).status == "posted"


def test_a_split_gives_what_is_left_now_and_asks_for_the_rest(desk):
    desk.give(180_000)
    given = desk.give(50_000, split=True)
    assert (given.status, given.amount) == ("posted", 20_000)
    assert (given.rest.status, given.rest.amount) == ("pending", 30_000)
    assert left(desk).remaining == 0


def test_a_split_loses_no_cent_of_the_cost(desk):
    desk.give(180_000)
    given = desk.give(50_001, gesture="meal", split=True)
    assert given.cost + given.rest.cost == (50_001 * given.gesture.cost_ratio + 5_000) // 10_000


def test_a_split_with_nothing_left_waits_whole(desk):
    desk.give(200_000)
    spend = desk.give(5_000, split=True)
    assert spend.status == "pending"
    assert not hasattr(spend, "rest")


def test_asking_though_one_need_not_posts_and_answers(desk):
    spend = desk.give(15_000, ask=True)
    assert spend.status == "posted"
    assert spend.approval.status == "answered"
    assert spend.approval.left_when_asked == 200_000


def test_a_free_gesture_is_given_even_with_nothing_left(desk):
    desk.give(200_000)
    spend = desk.give(0, gesture="apology")
    assert spend.status == "posted"
    assert JournalEntry.objects.filter(spend_id=spend.pk).count() == 0


def test_splitting_into_parts_reaches_the_same_tier(desk):
    desk.give(200_000)
    desk.give(200_000)
    second = desk.give(100_001)
    assert second.approval.tier == "general_manager"
    assert second.approval.total == 500_001
    first = Spend.objects.filter(status="pending").earliest("pk")
    assert first.approval.tier == "general_manager", "the first part is decided at the tier of the sum, too"


def test_a_lowered_limit_stops_the_next_act_and_falsifies_no_past_one(desk):
    spend = desk.give(150_000)
    later = clock.now() + timedelta(minutes=1)
    with clock.standing_at(later):
        write_policy(actor=desk.scene.chen, code="default-LAX", currency="USD", limit=100_000, property=desk.scene.lax)
    with clock.standing_at(later + timedelta(minutes=1)):
        assert left(desk).remaining == 0
        assert desk.give(1).status == "pending"
        assert desk.give(0, gesture="apology").status == "posted"
    spend.refresh_from_db()
    assert spend.limit_in_force == 200_000
    assert spend.status == "posted"


def test_a_second_failure_lifts_the_limit(desk):
    later = clock.now() + timedelta(minutes=1)
    with clock.standing_at(later):
        write_policy(
            actor=desk.scene.chen, code="default-LAX", currency="USD", limit=200_000, second_failure_limit=300_000,
            property=desk.scene.lax,
        )  # fmt: skip
    with clock.standing_at(later + timedelta(hours=1)):
        assert left(desk).limit == 200_000
        again = desk.log(guests=[desk.guest])
        assert left(desk, incident=again).limit == 300_000
        assert desk.give(300_000, incident=again).status == "posted"


def test_a_guest_day_limit_spans_incidents_and_ends_with_the_local_day(desk):
    at = clock.now().replace(hour=20, minute=0)  # noon or 13:00 in Los Angeles
    at += timedelta(days=1)
    with clock.standing_at(at - timedelta(minutes=1)):
        write_policy(
            actor=desk.scene.chen, code="default-LAX", currency="USD", limit=200_000, scope="guest_day",
            property=desk.scene.lax,
        )  # fmt: skip
    with clock.standing_at(at):
        other = desk.log(guests=[desk.guest])
        assert desk.give(150_000).status == "posted"
        assert desk.give(50_001, incident=other).status == "pending"
        assert desk.give(50_000, incident=other).status == "posted"
    with clock.standing_at(at + timedelta(hours=13)):
        assert desk.give(200_000, incident=other).status == "posted"


def test_a_cap_holds_over_all_employees(desk):
    desk.give(50_000)
    later = clock.now() + timedelta(minutes=1)
    with clock.standing_at(later):
        write_policy(
            actor=desk.scene.chen, code="default-LAX", currency="USD", limit=200_000, cap=250_000,
            property=desk.scene.lax,
        )  # fmt: skip
    with clock.standing_at(later + timedelta(minutes=1)):
        assert desk.give(150_000).status == "posted"
        assert left(desk, desk.scene.tomas).remaining == 50_000
        assert desk.give(50_001, actor=desk.scene.tomas).status == "pending"
        assert desk.give(50_000, actor=desk.scene.tomas).status == "posted"
        mine = Authority.objects.get(scope="incident", key__startswith=f"{desk.scene.tomas.pk}:")
        assert mine.own == 50_000, "an act that the cap stopped left no trace in the employee's own counter"


def test_a_verbal_yes_posts_at_once_and_waits_to_be_confirmed(desk):
    spend = desk.give(300_000, verbal_approval_by=desk.scene.omar)
    assert (spend.status, spend.judged_as) == ("posted", "approved")
    assert (spend.approval.status, spend.approval.named) == ("to_confirm", desk.scene.omar)
    assert left(desk).remaining == 200_000
    assert left(desk).approved == 300_000


def test_a_verbal_yes_below_the_tier_is_refused(desk):
    with pytest.raises(NotPermitted) as refusal:
        desk.give(500_001, verbal_approval_by=desk.scene.omar)
    assert (refusal.value.code, refusal.value.field) == ("below_tier", "verbal_approval_by")
    assert not Spend.objects.exists()
    assert not Authority.objects.exists()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"amount": -1}, {"amount": ["negative"]}),
        ({"amount": 0}, {"amount": ["zero"]}),
        ({"amount": 10**13 + 1}, {"amount": ["too_large"]}),
        ({"amount": 100, "currency": "EUR"}, {"currency": ["other_currency"]}),
        ({"amount": 100, "cost": 101}, {"cost": ["cost_above_amount"]}),
        ({"amount": 100, "note": "a\0b"}, {"note": ["null_characters"]}),
        ({"amount": 100, "gesture": "apology", "cost": 1}, {"cost": ["free"]}),
        ({"amount": 1.5}, {"amount": ["invalid"]}),
        ({"amount": True}, {"amount": ["invalid"]}),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(desk, given, wrong):
    with pytest.raises(ValidationError) as error:
        desk.give(**given)
    assert fields(error) == wrong
    assert not Spend.objects.exists()
    assert not Authority.objects.exists()
    assert not AuditEvent.objects.filter(verb="spend.posted").exists()


def test_several_wrong_fields_are_named_at_once(desk):
    with pytest.raises(ValidationError) as error:
        desk.give(-1, note="\0", guest=desk.log("Ms Reyes").guests.get())
    assert set(fields(error)) == {"amount", "note", "guest"}


def test_nothing_is_given_on_a_resolved_incident(desk):
    resolve_incident(actor=desk.scene.maria, incident=desk.incident, outcome="recovered")
    with pytest.raises(NotPossible) as refusal:
        desk.give(100)
    assert (refusal.value.code, refusal.value.field) == ("not_open", "incident")
    refused = AuditEvent.objects.get(outcome="refused")
    assert refused.actor_id == desk.scene.maria.pk


def test_nobody_gives_at_another_property(desk):
    with pytest.raises(NotPermitted):
        desk.give(100, actor=desk.scene.paul)
    with pytest.raises(NotPermitted):
        desk.give(100, actor=desk.scene.admin)
    with pytest.raises(NotPermitted):
        desk.give(100, actor=desk.scene.ada)


def test_nobody_gives_to_themself_as_a_colleague_either(desk):
    from empower.incidents.services import create_guest

    colleague = create_guest(
        actor=desk.scene.maria, property=desk.scene.lax, name="Maria", kind="colleague", colleague=desk.scene.maria
    )
    incident = desk.log(guests=[colleague], kind="delight")
    with pytest.raises(NotPermitted) as refusal:
        desk.give(100, incident=incident)
    assert (refusal.value.code, refusal.value.field) == ("own_gift", "guest")
    assert desk.give(100, incident=incident, actor=desk.scene.tomas).status == "posted"


def test_merging_two_records_of_a_guest_gives_no_second_limit(desk):
    from empower.incidents.services import merge_guests

    incident = desk.log(guests=[{"name": "J. Haddad"}, {"name": "John Haddad"}])
    first, second = incident.guests.order_by("pk")
    desk.give(150_000, incident=incident, guest=first)
    desk.give(100_000, incident=incident, guest=second)
    merge_guests(actor=desk.scene.omar, kept=second, merged=first)
    second.refresh_from_db()
    assert standing(employee=desk.scene.maria, incident=incident, guest=second).remaining == 0
    assert desk.give(1, incident=incident, guest=second).status == "pending"


def test_an_event_tells_the_whole_act_and_nothing_personal(desk):
    spend = desk.give(15_000, note="Dr Haddad likes the terrace", reason="she waited")
    event = AuditEvent.objects.get(verb="spend.posted")
    assert event.subject_id == spend.pk
    assert event.about_id == desk.scene.maria.pk
    assert "Haddad" not in event.body
    assert "waited" not in event.body
    assert "terrace" not in event.body
    assert '"own":15000' in event.body
    assert '"entries":[{' in event.body


def test_giving_costs_the_same_queries_however_long_the_history(desk, django_assert_max_num_queries):
    for _ in range(12):
        desk.give(100)
    refund = desk.give(100).gesture
    with django_assert_max_num_queries(26):
        give_spend(
            actor=desk.scene.maria, incident=desk.incident, guest=desk.guest, gesture=refund, amount=100,
            currency="USD",
        )  # fmt: skip


def test_a_reversal_restores_what_the_act_had_used(desk):
    spend = desk.give(150_000)
    reverse_spend(actor=desk.scene.maria, spend=spend, reason="wrong guest", amount=50_000)
    assert left(desk).remaining == 100_000
    spend.refresh_from_db()
    assert (spend.status, spend.reversed_amount) == ("posted", 50_000)
    reverse_spend(actor=desk.scene.omar, spend=spend, reason="the rest as well")
    assert left(desk).remaining == 200_000
    spend.refresh_from_db()
    assert spend.status == "reversed"
    assert sum(p.amount for p in Posting.objects.filter(account__kind="expense")) == 0
