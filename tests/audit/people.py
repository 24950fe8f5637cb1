"""Those who act in the tests of the ground floor, which knows no employees: an id, a role, a switch or two."""

from dataclasses import dataclass


@dataclass
class Person:
    pk: int
    role: str = "frontline"
    is_active: bool = True
    is_superuser: bool = False
    is_authenticated: bool = True


MARIA = Person(1)
OMAR = Person(2, "manager")
CHEN = Person(3, "leader")
ADA = Person(4, "auditor")
ADMIN = Person(5, "auditor", is_superuser=True)
