"""The same seed gives the same; what stands in the way is said; and nothing is half done."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from empower.audit.models import AuditEvent
from empower.staff.models import Employee, Property
from tests.factories import EmployeeFactory, PropertyFactory
from tests.insights.demonstration import NOW, SCALE, SEED, beginning, digest, kept, make


@pytest.fixture
def first(django_db_setup, django_db_blocker):
    """What is known of the demo of this run."""
    with django_db_blocker.unblock():
        return kept()[1]


@pytest.mark.long
def test_the_same_seed_gives_the_same_rows(first, own_database):
    make(scale=SCALE, seed=SEED, at=NOW + timedelta(minutes=20))
    assert digest() == first["digest"]


@pytest.mark.long("postgresql")
def test_the_same_seed_begins_alike_and_another_otherwise(first, own_database):
    assert beginning(seed=SEED) == first["beginning"]
    assert beginning(seed=SEED + 1) != first["beginning"]


@pytest.mark.django_db
def test_a_code_that_is_taken_is_named_and_nothing_is_made():
    PropertyFactory(code="PAR", currency="EUR")
    EmployeeFactory(username="maria", code="M-1")
    events = AuditEvent.objects.count()
    with pytest.raises(CommandError, match="property PAR, employee maria"):
        call_command("demo", stdout=StringIO())
    assert Property.objects.count() == 2  # the house of this maria is the other one
    assert not Employee.objects.filter(username="omar").exists()
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("scale", ["0", "-1", "much", "nan"])
def test_a_scale_is_a_number_above_zero(scale):
    with pytest.raises(CommandError, match="above 0"):
        call_command("demo", "--scale", scale)
