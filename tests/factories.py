"""People and places. The rest is made by services: there is no factory for an incident, a spend, an entry or an event.

What a factory makes, it makes through the service that production uses, as the system.
"""

import os

import factory

from empower.incidents.models import Guest
from empower.incidents.services import create_guest
from empower.policies.services import open_property
from empower.staff.models import Department, Employee, Property, Role
from empower.staff.services import create_department, hire_employee

PASSWORD = "demo"

#: Each process of a run counts from a number of its own: what another remembered (tests/remembered.py) is beside its own.
FIRST = 1000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

SERVICES = {
    Property: open_property,
    Department: create_department,
    Employee: hire_employee,
    Guest: create_guest,
}


class ThroughService(factory.django.DjangoModelFactory):
    """Creates by the service of its model, with ``actor=None``. There is no ``build``: half a person has no rights."""

    class Meta:
        abstract = True

    @classmethod
    def _setup_next_sequence(cls):
        return FIRST

    @classmethod
    def _create(cls, model_class, *args, **given):
        return SERVICES[model_class](actor=None, **given)

    @classmethod
    def _build(cls, model_class, *args, **given):
        raise TypeError("Create it: what is not saved has been checked by no service.")


class PropertyFactory(ThroughService):
    """With its default policy, in force from now: 2,000.00 USD, 5,000.00 for a manager, 25,000.00 for a GM."""

    class Meta:
        model = Property

    code = factory.Sequence(lambda n: f"P{n:03}")
    name = factory.LazyAttribute(lambda property: f"Hotel {property.code}")
    currency = "USD"
    timezone = "UTC"


class DepartmentFactory(ThroughService):
    class Meta:
        model = Department

    property = factory.SubFactory(PropertyFactory)
    code = factory.Sequence(lambda n: f"department-{n}")
    name = factory.LazyAttribute(lambda department: department.code.replace("-", " ").capitalize())


class EmployeeFactory(ThroughService):
    """Frontline, of a property of their own unless one is told; the subclasses are the other roles."""

    class Meta:
        model = Employee

    username = factory.Sequence(lambda n: f"person{n}")
    code = factory.LazyAttribute(lambda person: person.username)
    name = factory.LazyAttribute(lambda person: person.username.capitalize())
    role = Role.FRONTLINE
    property = factory.SubFactory(PropertyFactory)
    password = PASSWORD


class ManagerFactory(EmployeeFactory):
    role = Role.MANAGER


class GeneralManagerFactory(EmployeeFactory):
    role = Role.GENERAL_MANAGER


class LeaderFactory(EmployeeFactory):
    role = Role.LEADER
    property = None


class AuditorFactory(EmployeeFactory):
    role = Role.AUDITOR
    property = None


class SuperuserFactory(EmployeeFactory):
    role = ""
    property = None
    is_superuser = True


class GuestFactory(ThroughService):
    class Meta:
        model = Guest

    property = factory.SubFactory(PropertyFactory)
    name = factory.Sequence(lambda n: f"Guest {n}")
    room = factory.Sequence(lambda n: f"{100 + n}")
