"""The log attacked in raw SQL: nothing waits in it for an event to come."""

import pytest
from django.db import IntegrityError, connection, transaction

from empower.audit.models import Position, Unsealed
from empower.audit.services import first_fault, record_event, sequence_events
from tests.audit.people import MARIA

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_position (position, event_id) VALUES (1, %s)",
        "INSERT INTO audit_unsealed (event_id) VALUES (%s)",
    ],
)
def test_no_place_is_kept_for_an_event_that_is_not_there(statement):
    event = record_event(actor=MARIA, verb="spend.posted")
    for missing in (event.pk + 1, -1):
        with pytest.raises(IntegrityError, match="no such event in the audit log"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, [missing])
    assert (Unsealed.objects.count(), Position.objects.count()) == (1, 0)
    record_event(actor=MARIA, verb="spend.posted")
    assert sequence_events() == 2
    assert first_fault() is None
