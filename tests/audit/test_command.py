"""A refusal is remembered: once, after the roll-back, in ids and integers."""

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from empower.audit.models import AuditEvent
from empower.audit.services import command, record_event, whole_command
from empower.refusals import NotPermitted, NotPossible
from tests.audit.people import MARIA, OMAR


@command("coffee.given")
def give_coffee(*, actor, refuse=True):
    record_event(actor=actor, verb="coffee.given")
    if refuse:
        raise NotPossible("above_limit", "Maria may give 5 more.", field="amount", state={"remaining": 500})


@command("breakfast.given", subject="table")
def give_breakfast(*, actor, table=None, refuse=True):
    give_coffee(actor=actor, refuse=refuse)


def events():
    return [(event.verb, event.outcome) for event in AuditEvent.objects.order_by("pk")]


@pytest.mark.django_db
def test_a_refusal_is_recorded_once_and_what_it_had_written_is_gone():
    with pytest.raises(NotPossible):
        give_coffee(actor=MARIA)
    assert events() == [("coffee.given", "refused")]
    event = AuditEvent.objects.get()
    assert event.actor_id == MARIA.pk
    assert json.loads(event.body)["facts"] == {"code": "above_limit", "field": "amount", "state": {"remaining": 500}}
    assert "Maria" not in event.body


@pytest.mark.django_db
def test_an_accepted_command_leaves_its_own_event_and_answers():
    assert give_coffee(actor=MARIA, refuse=False) is None
    assert events() == [("coffee.given", "accepted")]


@pytest.mark.django_db
def test_a_command_in_a_command_is_recorded_once_under_the_outer_name():
    table = ContentType.objects.get_for_model(AuditEvent)
    with pytest.raises(NotPossible):
        give_breakfast(actor=MARIA, table=table)
    assert events() == [("breakfast.given", "refused")]
    event = AuditEvent.objects.get()
    assert (event.subject_type, event.subject_id) == ("contenttype", table.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "stored"), [(77, 77), (None, None), ("seven", None)])
def test_a_subject_may_be_an_id_or_nothing(table, stored):
    with pytest.raises(NotPossible):
        give_breakfast(actor=MARIA, table=table)
    event = AuditEvent.objects.get()
    assert (event.subject_type, event.subject_id) == ("table", stored)


@pytest.mark.django_db
def test_a_refusal_that_is_handled_inside_a_command_is_no_refusal():
    @command("split.given")
    def give_split(*, actor):
        try:
            give_coffee(actor=actor)
        except NotPossible:
            record_event(actor=actor, verb="split.given")

    give_split(actor=MARIA)
    assert events() == [("split.given", "accepted")]


@pytest.mark.django_db
def test_a_whole_command_is_recorded_once_after_its_roll_back():
    with pytest.raises(NotPossible), whole_command(), transaction.atomic():
        give_coffee(actor=MARIA, refuse=False)
        give_coffee(actor=MARIA, refuse=False)
        give_breakfast(actor=OMAR)
    assert events() == [("breakfast.given", "refused")]
    assert AuditEvent.objects.get().actor_id == OMAR.pk


@pytest.mark.django_db
def test_the_rows_of_a_bulk_are_recorded_apart_and_the_bulk_goes_on():
    with whole_command(), transaction.atomic():
        for refuse in (False, True, False, True):
            try:
                with whole_command(apart=True):
                    give_coffee(actor=MARIA, refuse=refuse)
            except NotPossible:
                pass
    assert events() == [("coffee.given", word) for word in ("accepted", "refused", "accepted", "refused")]


@pytest.mark.django_db
def test_a_refusal_apart_that_nobody_handles_is_recorded_once():
    with pytest.raises(NotPossible), whole_command(), transaction.atomic(), whole_command(apart=True):
        give_coffee(actor=MARIA)
    assert events() == [("coffee.given", "refused")]


@pytest.mark.django_db
def test_malformed_input_is_not_recorded():
    @command("coffee.given")
    def give_nonsense(*, actor):
        record_event(actor=actor, verb="coffee.given")
        raise ValidationError({"amount": "12,34"})

    with pytest.raises(ValidationError):
        give_nonsense(actor=MARIA)
    assert events() == []


@pytest.mark.django_db
def test_a_crash_is_rolled_back_and_not_recorded():
    @command("coffee.given")
    def drop_coffee(*, actor):
        record_event(actor=actor, verb="coffee.given")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drop_coffee(actor=MARIA)
    assert events() == []


@pytest.mark.django_db
def test_the_words_of_a_state_stay_out_of_the_log():
    @command("coffee.given")
    def give_gossip(*, actor):
        state = {"decided_by": "Omar Haddad", "spend": "12", "tiers": [{"amount": 5, "name": "x"}], "open": True}
        raise NotPermitted("own_spend", "Not your own.", state=state)

    with pytest.raises(NotPermitted):
        give_gossip(actor=MARIA)
    facts = json.loads(AuditEvent.objects.get().body)["facts"]
    assert facts["state"] == {
        "decided_by": None,
        "spend": "12",
        "tiers": [{"amount": 5, "name": None}],
        "open": True,
    }


@pytest.mark.django_db
def test_after_a_refusal_the_next_command_records_again():
    for _ in range(2):
        with pytest.raises(NotPossible):
            give_coffee(actor=MARIA)
    assert events() == [("coffee.given", "refused")] * 2


def test_a_refusal_is_committed_though_the_command_was_rolled_back(own_database):
    with pytest.raises(NotPossible):
        give_breakfast(actor=MARIA)
    with pytest.raises(NotPossible), whole_command(), transaction.atomic():
        give_coffee(actor=MARIA)
    connection.close()
    assert events() == [("breakfast.given", "refused"), ("coffee.given", "refused")]


def test_outside_a_transaction_nothing_is_recorded(own_database):
    with pytest.raises(RuntimeError, match="in the transaction"):
        record_event(actor=MARIA, verb="coffee.given")
    assert events() == []


def test_a_service_takes_keywords_only_and_an_actor():
    with pytest.raises(TypeError, match="keywords only"):
        command("coffee.given")(lambda actor: None)
    with pytest.raises(TypeError, match="keywords only"):
        command("coffee.given")(lambda *, guest: None)
    with pytest.raises(TypeError, match="takes no spend"):
        command("coffee.given", subject="spend")(lambda *, actor: None)
