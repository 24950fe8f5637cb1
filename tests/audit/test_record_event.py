"""What an event holds, who sees it, and what makes `verify` speak."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from empower.audit.models import AuditEvent, Unsealed
from empower.audit.permissions import can_read_the_whole_log
from empower.audit.services import first_fault, leaf_hash, record_event, sequence_events
from empower.clock import standing_at
from tests.audit.people import ADA, ADMIN, CHEN, MARIA, OMAR, Person

pytestmark = pytest.mark.django_db


def test_an_event_is_one_row_one_place_in_the_queue_and_two_inserts(django_assert_num_queries):
    with django_assert_num_queries(2):
        event = record_event(actor=MARIA, verb="spend.posted", subject_type="spend", property_id=9, about_id=1)
    assert Unsealed.objects.filter(event=event).exists()
    assert (event.actor_id, event.outcome, event.property_id, event.about_id) == (1, "accepted", 9, 1)


def test_the_body_is_canonical_and_holds_everything():
    with standing_at(datetime(2026, 11, 21, 22, 51, 10, 123456, UTC)):
        event = record_event(
            actor=OMAR,
            verb="spend.approved",
            subject_type="spend",
            subject_id=77,
            property_id=9,
            about_id=1,
            before={"status": "pending", "amount": 250_000},
            after={"status": "posted", "amount": 250_000},
            facts={"entry": 12},
        )
    assert event.body == (
        '{"about":1,"actor":2,"after":{"amount":250000,"status":"posted"},"at":"2026-11-21T22:51:10.123456Z",'
        '"before":{"amount":250000,"status":"pending"},"facts":{"entry":12},"outcome":"accepted","property":9,'
        '"role":"manager","subject":{"id":77,"type":"spend"},"verb":"spend.approved"}'
    )
    assert event.digest == sha256(b"\x00" + event.body.encode()).hexdigest()


def test_the_empty_leaf_hashes_as_the_standard_says():
    # RFC 6962 test vector of certificate-transparency: the leaf hash of the empty string.
    assert leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_the_system_has_no_id_and_a_subject_brings_its_own():
    subject = ContentType.objects.get_for_model(AuditEvent)
    event = record_event(actor=None, verb="spend.expired", subject=subject)
    assert event.actor_id is None
    assert json.loads(event.body)["subject"] == {"type": "contenttype", "id": subject.pk}
    assert (event.subject_type, event.subject_id) == ("contenttype", subject.pk)


@pytest.mark.parametrize(
    "state", [{"note": "x" * 201}, {"spend": {"why": ["x" * 201]}}, {"amount": 1.5}, {"amount": Decimal(1)}]
)
def test_free_text_and_floats_are_refused_and_leave_nothing(state):
    for place in ("before", "after", "facts"):
        with pytest.raises(TypeError):
            record_event(actor=MARIA, verb="spend.posted", **{place: state})
    assert not AuditEvent.objects.exists()


def test_two_hundred_characters_pass():
    record_event(actor=MARIA, verb="spend.posted", after={"digest": "x" * 200})


def test_an_outcome_is_accepted_or_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        record_event(actor=MARIA, verb="spend.posted", outcome="maybe")


def test_auditors_and_leaders_see_all_and_everyone_else_their_own():
    by_maria = record_event(actor=MARIA, verb="spend.posted")
    about_maria = record_event(actor=OMAR, verb="record.opened", about_id=MARIA.pk)
    by_system = record_event(actor=None, verb="spend.expired")
    by_admin = record_event(actor=ADMIN, verb="property.opened")

    def seen_by(user):
        return set(AuditEvent.objects.visible_to(user))

    assert seen_by(MARIA) == {by_maria, about_maria}
    assert seen_by(OMAR) == {about_maria}
    assert seen_by(CHEN) == seen_by(ADA) == {by_maria, about_maria, by_system, by_admin}
    assert seen_by(ADMIN) == {by_admin}
    assert seen_by(Person(1, is_active=False)) == seen_by(Person(4, "auditor", is_active=False)) == set()
    assert seen_by(AnonymousUser()) == set()


def test_only_auditors_and_leaders_read_the_whole_log():
    may = [can_read_the_whole_log(user) for user in (ADA, CHEN, MARIA, OMAR, ADMIN, AnonymousUser())]
    assert may == [True, True, False, False, False, False]
    assert not can_read_the_whole_log(Person(4, "auditor", is_active=False))


# --- what verify finds ----------------------------------------------------------------------------------------------


@pytest.fixture
def five_events():
    events = [record_event(actor=MARIA, verb="spend.posted", facts={"n": n}) for n in range(5)]
    sequence_events()
    return events


def insert_event_by_hand(**changes):
    """What a forger with SQL can do, since UPDATE is refused: a row of their own."""
    body = record_event(actor=MARIA, verb="spend.posted").body
    return AuditEvent.objects.create(
        **{"at": "2026-01-01T00:00Z", "verb": "spend.posted", "outcome": "accepted", "body": body}
        | {"digest": leaf_hash(body.encode())}
        | changes
    )


def test_an_honest_log_has_no_fault(five_events):
    record_event(actor=MARIA, verb="spend.posted", facts={"name": "é"})
    assert first_fault() is None
    assert first_fault(since=3) is None
    assert first_fault(since=5) is None


def test_an_empty_log_has_no_fault():
    assert first_fault() is None


def test_a_missing_position_is_named(five_events):
    from empower.audit.models import Position

    event = record_event(actor=MARIA, verb="spend.posted")
    Unsealed.objects.all().delete()
    Position.objects.create(position=6, event=event)
    assert first_fault() == ("position_gap", "Position 5 of the audit log is missing: the next one is 6.")
    assert first_fault(since=5) is not None
    assert first_fault(since=6) is None


def test_a_log_that_ends_early_is_named(five_events):
    assert first_fault(since=6) == ("position_gap", "The audit log ends before position 5.")


def test_an_event_that_is_nowhere_is_named(five_events):
    event = record_event(actor=MARIA, verb="spend.posted")
    Unsealed.objects.all().delete()
    assert first_fault() == ("event_unplaced", f"Event {event.pk} has no position and is not in the queue.")


def test_an_event_in_both_places_is_named(five_events):
    Unsealed.objects.create(event=five_events[2])
    assert first_fault()[0] == "event_placed_and_queued"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"digest": "0" * 64}, "its body does not hash to its digest"),
        ({"actor_id": 2}, "its actor_id is not what its body says"),
        ({"actor_id": 1}, "its at is not what its body says"),
        ({"body": "{}", "digest": leaf_hash(b"{}")}, "its body is not that of an event"),
        ({"body": "[]", "digest": leaf_hash(b"[]")}, "its body is not that of an event"),
        ({"body": "spent", "digest": leaf_hash(b"spent")}, "its body is not that of an event"),
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_an_event_that_disagrees_with_itself_is_named(changes, sentence, sealed):
    event = insert_event_by_hand(**changes)
    event.refresh_from_db()
    Unsealed.objects.create(event=event)
    if sealed:
        sequence_events()
    name, said = first_fault()
    assert name == "event_altered"
    assert f"Event {event.pk}" in said
    if "actor_id" not in sentence and " at " not in sentence:
        assert sentence in said


def test_the_log_is_read_with_a_number_of_queries_that_its_length_does_not_change(django_assert_max_num_queries):
    for n in range(60):
        record_event(actor=MARIA, verb="spend.posted", facts={"n": n})
    sequence_events(batch=50)
    with django_assert_max_num_queries(5):
        assert first_fault() is None
