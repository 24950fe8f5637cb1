"""Positions: 0, 1, 2 ... none lost, none twice, whoever commits when."""

import pytest
from django.db import connection

from empower.audit.models import AuditEvent, Position, Unsealed
from empower.audit.services import first_fault, record_event, sequence_events
from tests.audit.people import MARIA

pytestmark = pytest.mark.django_db


def record(count):
    return [record_event(actor=MARIA, verb="spend.posted", facts={"n": n}) for n in range(count)]


def positions():
    return list(Position.objects.order_by("position").values_list("position", "event_id"))


def test_events_get_their_positions_in_the_order_of_their_ids():
    events = record(5)
    assert sequence_events() == 5
    assert positions() == [(n, event.pk) for n, event in enumerate(events)]
    assert not Unsealed.objects.exists()


def test_an_empty_queue_gives_nothing():
    assert sequence_events() == 0
    record(1)
    assert (sequence_events(), sequence_events()) == (1, 0)


def test_events_that_come_between_batches_go_on_where_the_last_one_ended(django_capture_on_commit_callbacks):
    record(7)
    assert sequence_events(batch=3) == 7
    record(4)
    assert sequence_events(batch=2) == 4
    assert [position for position, _ in positions()] == list(range(11))
    assert first_fault() is None


def test_an_event_that_comes_while_a_batch_is_under_way_is_taken_by_the_next():
    record(4)
    late = []

    def one_comes_between(execute, sql, *rest):
        """After the positions were given, before what has one leaves the queue."""
        if not late and sql.lstrip().startswith("DELETE"):
            late.extend(record(2))
        return execute(sql, *rest)

    with connection.execute_wrapper(one_comes_between):
        assert sequence_events(batch=4) == 6
    assert [event for _, event in positions()][-2:] == [event.pk for event in late]


def test_an_event_with_a_smaller_id_that_commits_late_comes_later():
    early, late = record(2)
    Unsealed.objects.filter(event=early).delete()  # as if its transaction were still open
    assert sequence_events() == 1
    Unsealed.objects.create(event=early)
    assert sequence_events() == 1
    assert positions() == [(0, late.pk), (1, early.pk)]


def test_a_batch_costs_the_same_however_many_are_in_it(django_assert_num_queries):
    # The savepoint and its release, the last position, the insert, the delete; the lock on PostgreSQL.
    statements = 5 + (connection.vendor == "postgresql")
    for count in (3, 60):
        record(count)
        with django_assert_num_queries(statements):
            sequence_events()


def test_readers_take_them_in_order_from_where_they_stopped_and_then_the_tail():
    events = record(5)
    sequence_events()
    tail = record(2)
    assert list(AuditEvent.objects.in_order()) == events
    assert list(AuditEvent.objects.since(3)) == events[3:]
    assert list(AuditEvent.objects.unsealed()) == tail
    assert [event.position.position for event in AuditEvent.objects.since(3)] == [3, 4]
