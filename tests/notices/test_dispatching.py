"""From the log to the deliveries: what is told, to whom, once, and with nobody's name in it."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction

from empower import clock
from empower.audit.models import Position
from empower.audit.services import record_event, sequence_events
from empower.incidents.services import annul_incident, change_incident, erase_guest, record_follow_up, reopen_incident
from empower.journal.services import allot_budget
from empower.notices.event_types import BY_VERB, EVENT_TYPES
from empower.notices.models import Delivery, Reading
from empower.notices.services import create_webhook, dispatch_events
from empower.policies.services import write_policy
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    confirm_spend,
    decline_spend,
    hand_over_spend,
    reply_about_spend,
    resolve_incident,
    reverse_spend,
    withdraw_spend,
)
from tests.notices.conftest import OPEN_URL
from tests.notices.happenings import NAME, NARRATIVE, NOTE, REASON, give, log


def hook(scene, *event_types, **told):
    return create_webhook(actor=scene.chen, url=OPEN_URL, event_types=event_types or ["*"], **told)[0]


def told(webhook):
    """The messages of a webhook, in order."""
    return [json.loads(one.payload) for one in Delivery.objects.filter(webhook=webhook).order_by("pk")]


def types(webhook):
    return [message["type"] for message in told(webhook)]


def test_a_spend_within_the_authority_is_posted(scene):
    webhook = hook(scene)
    spend = give(scene.maria, log(scene), 150_000)
    assert dispatch_events() == 2
    assert types(webhook) == ["incident.logged", "spend.posted"]
    data = told(webhook)[1]["data"]
    assert data["id"] == str(spend.pk)
    assert data["incident"] == str(spend.incident_id)
    assert (data["amount"], data["currency"], data["status"]) == ("1500.00", "USD", "posted")
    assert data["property"] == "LAX"
    assert data["employee_id"] == data["actor_id"] == str(scene.maria.pk)
    assert data["approval"] is None
    assert data["authority"] == {
        "own_limit": "2000.00", "own": "1500.00", "approved": "0.00", "excused": "0.00", "scope": "incident",
        "currency": "USD",
    }  # fmt: skip
    assert data["position"] == Position.objects.get(event_id=int(data["event_id"])).position


def test_above_it_a_yes_is_asked_for_and_with_the_yes_it_posts(scene):
    webhook = hook(scene)
    spend = give(scene.maria, log(scene), 300_000)
    dispatch_events()
    approve_spend(actor=scene.omar, approval=spend.approval, amount=250_000, reason=REASON)
    dispatch_events()
    assert types(webhook)[1:] == ["spend.requested", "approval.requested", "spend.posted", "approval.decided"]
    requested, decided = told(webhook)[2]["data"], told(webhook)[4]["data"]
    assert (requested["status"], requested["tier"], requested["total"]) == ("open", "manager", "3000.00")
    assert requested["spend"]["id"] == str(spend.pk)
    assert (decided["status"], decided["decided_amount"]) == ("approved", "2500.00")
    assert decided["decided_by_id"] == str(scene.omar.pk)
    assert (decided["spend"]["amount"], decided["spend"]["asked_amount"]) == ("2500.00", "3000.00")


def test_a_verbal_yes_posts_and_is_to_be_confirmed(scene):
    webhook = hook(scene, "spend.posted", "approval.requested", "approval.decided")
    spend = give(scene.maria, log(scene), 300_000, verbal_approval_by=scene.omar)
    confirm_spend(actor=scene.omar, approval=spend.approval, reason=REASON)
    dispatch_events()
    assert types(webhook) == ["spend.posted", "approval.requested", "approval.decided"]
    assert [message["data"]["status"] for message in told(webhook)] == ["posted", "to_confirm", "confirmed"]


def test_one_who_asks_though_they_need_not_has_asked_nobody(scene):
    webhook = hook(scene)
    give(scene.maria, log(scene), 100, ask=True)
    dispatch_events()
    assert types(webhook) == ["incident.logged", "spend.posted"]
    assert told(webhook)[1]["data"]["approval"]["status"] == "answered"


def test_yen_have_no_decimals(scene):
    from empower.incidents.services import log_incident

    webhook = hook(scene, "spend.posted")
    incident = log_incident(actor=scene.haruka, property=scene.kyo, guests=[scene.sato])
    give(scene.haruka, incident, 5_000)
    dispatch_events()
    assert (told(webhook)[0]["data"]["amount"], told(webhook)[0]["data"]["property"]) == ("5000", "KYO")


def live_through_everything(scene):
    """Every kind of event that has a type, with a name, a narrative, a note and reasons; the types in any order."""
    incident = log(scene)
    spend = give(scene.maria, incident, 100_000)
    hand_over_spend(actor=scene.maria, spend=spend)
    reverse_spend(actor=scene.omar, spend=spend, reason=REASON, amount=40_000)
    asked = give(scene.maria, incident, 300_000)
    ask_about_spend(actor=scene.omar, approval=asked.approval, question=REASON)
    reply_about_spend(actor=scene.maria, approval=asked.approval, reply=REASON)
    decline_spend(actor=scene.omar, approval=asked.approval, reason=REASON)
    approve_spend(actor=scene.omar, approval=give(scene.maria, incident, 300_000).approval, reason=REASON)
    withdraw_spend(actor=scene.maria, spend=give(scene.maria, incident, 300_000))
    change_incident(actor=scene.maria, incident=incident, narrative=NARRATIVE * 2)
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    guest = incident.guests.get()
    record_follow_up(actor=scene.maria, incident=incident, guest=guest, note=NOTE)
    reopen_incident(actor=scene.maria, incident=incident, reason=REASON)
    annul_incident(actor=scene.omar, incident=log(scene), reason=REASON)
    today = clock.now().date()
    allot_budget(actor=scene.grace, property=scene.lax, amount=5_000_000, begins_on=today, ends_on=today)
    write_policy(actor=scene.chen, code="kinder", currency="USD", limit=300_000, property=scene.lax)
    erase_guest(actor=scene.grace, guest=guest)


def test_nothing_personal_is_in_any_message(scene):
    webhook = hook(scene)
    live_through_everything(scene)
    dispatch_events()
    messages = told(webhook)
    never_seen = {"spend.expired", "approval.expired", "approval.escalated", "budget.withdrawn", "guest.merged"}
    assert {message["type"] for message in messages} == set(EVENT_TYPES) - never_seen
    everything = "".join(Delivery.objects.values_list("payload", flat=True)).lower()
    people = [scene.maria, scene.omar, scene.grace, scene.chen]
    personal = [NAME, *NAME.split(), "1412", NARRATIVE, NOTE, REASON, *(person.name for person in people)]
    assert [word for word in personal if word.lower() in everything] == []


def test_what_is_told_is_strings_for_ids_and_amounts(scene):
    webhook = hook(scene)
    live_through_everything(scene)
    dispatch_events()

    def look(data, path):
        for name, value in data.items():
            where = f"{path}.{name}"
            if isinstance(value, dict):
                look(value, where)
            elif isinstance(value, list):
                [look(one, where) for one in value if isinstance(one, dict)]
            elif name == "id" or name.endswith("_id"):
                assert value is None or (isinstance(value, str) and value.isdigit()), where
            elif type(value) is int:
                assert name in {"version", "severity", "feeling_before", "feeling_after", "position", "answer_within_minutes",
                                "expires_after_minutes"}, where  # fmt: skip

    for message in told(webhook):
        assert set(message) == {"type", "timestamp", "data"}
        look(message["data"], message["type"])


def test_every_verb_of_the_table_is_a_verb_of_the_house():
    import re
    from pathlib import Path

    source = "".join(path.read_text() for path in Path("empower").rglob("*.py") if "notices" not in path.parts)
    assert [verb for verb in BY_VERB if not re.search(rf'"{re.escape(verb)}"', source)] == []


# --- to whom ------------------------------------------------------------------------------------------------------


def test_a_webhook_is_told_of_the_types_it_asked_for(scene):
    some, every = hook(scene, "spend.posted"), hook(scene, "*")
    give(scene.maria, log(scene), 100)
    dispatch_events()
    assert types(some) == ["spend.posted"]
    assert types(every) == ["incident.logged", "spend.posted"]


def test_a_property_s_webhook_is_told_of_that_property_alone(scene):
    lax, nyc, everywhere = hook(scene, property=scene.lax), hook(scene, property=scene.nyc), hook(scene)
    log(scene)
    write_policy(actor=scene.chen, code="for-all", currency="USD", limit=300_000)
    dispatch_events()
    assert (types(lax), types(nyc)) == (["incident.logged"], [])
    assert types(everywhere) == ["incident.logged", "policy.changed"]


def test_what_was_refused_is_told_to_nobody(scene):
    from empower.refusals import NotPermitted

    webhook = hook(scene)
    with pytest.raises(NotPermitted):
        give(scene.paul, log(scene), 100)
    dispatch_events()
    assert types(webhook) == ["incident.logged"]


def test_what_happened_before_it_was_made_is_no_news(scene):
    log(scene)
    webhook = hook(scene)
    log(scene)
    assert dispatch_events() == 1
    assert types(webhook) == ["incident.logged"]


def test_history_that_is_brought_in_is_no_news():
    assert not [verb for verb in BY_VERB if "imported" in verb]


# --- once ---------------------------------------------------------------------------------------------------------


def test_an_event_is_dispatched_once(scene):
    webhook = hook(scene)
    log(scene)
    assert (dispatch_events(), dispatch_events()) == (1, 0)
    log(scene)
    assert (dispatch_events(), dispatch_events()) == (1, 0)
    assert len({one.message_id for one in Delivery.objects.filter(webhook=webhook)}) == 2


def test_batches_leave_nothing_out_and_say_nothing_twice(scene):
    webhook = hook(scene)
    incidents = [log(scene) for _time in range(7)]
    assert dispatch_events(batch=2) == 7
    assert [message["data"]["id"] for message in told(webhook)] == [str(one.pk) for one in incidents]


def test_an_event_that_commits_late_with_a_small_id_is_told_of(scene):
    """The positions are the clock: an event that was in a long transaction comes after those with larger ids."""
    from empower.audit.models import Unsealed

    webhook = hook(scene)
    late, early = log(scene), log(scene)
    # As it looks to the sequencer while the first transaction is still open: its event is in no queue yet.
    held = Unsealed.objects.get(event__subject_id=late.pk, event__subject_type="incident")
    Unsealed.objects.filter(pk=held.pk).delete()
    dispatch_events()
    assert [message["data"]["id"] for message in told(webhook)] == [str(early.pk)]
    held.save(force_insert=True)
    dispatch_events()
    assert [message["data"]["id"] for message in told(webhook)] == [str(early.pk), str(late.pk)]


def test_the_reading_moves_with_what_it_wrote_or_not_at_all(scene, monkeypatch):
    webhook = hook(scene)
    log(scene)
    dispatch_events()
    before = Reading.objects.get().next_position
    log(scene)
    log(scene)
    # Two messages of one id: the database refuses the second, when the first is written already.
    same = uuid.uuid4()
    with monkeypatch.context() as patch:
        patch.setattr("uuid.uuid4", lambda: same)
        with pytest.raises(IntegrityError), transaction.atomic():
            dispatch_events()
    assert Reading.objects.get().next_position == before
    assert len(told(webhook)) == 1
    assert dispatch_events() == 2


def test_an_event_that_can_not_be_told_keeps_none_after_it_from_being_told(scene, caplog):
    webhook = hook(scene)
    with transaction.atomic():
        record_event(actor=None, verb="incident.logged", subject_type="incident", subject_id=1, after={})
    incident = log(scene)
    assert dispatch_events() == 1
    assert told(webhook)[0]["data"]["id"] == str(incident.pk)
    assert "can't be told as incident.logged" in caplog.text


def test_while_nobody_listens_the_reading_goes_on(scene, django_assert_max_num_queries):
    log(scene)
    sequence_events()
    with django_assert_max_num_queries(12):
        assert dispatch_events(batch=1) == 0
    assert Reading.objects.get().next_position == Position.objects.count()


def test_a_batch_costs_the_same_however_many_events(scene, django_assert_num_queries):
    hook(scene)
    hook(scene)
    log(scene)
    sequence_events()
    dispatch_events()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for count in (1, 10):
        for _time in range(count):
            log(scene)
        sequence_events()
        with CaptureQueriesContext(connection) as queries:
            dispatch_events()
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_page_for_integrators_tells_every_type():
    from pathlib import Path

    page = Path("docs/webhooks.md").read_text()
    assert [name for name in EVENT_TYPES if f"`{name}`" not in page] == []
