"""What stands in the way of the demo, and what it made."""

from django.db.models import Count, F, Sum

from empower.incidents.models import Incident
from empower.spending.models import Spend
from empower.staff.models import Employee, Property

from .cast import ACCOUNTS, PEOPLE
from .places import HOUSES


def already_there():
    """Whether the demo was made here before: its houses and those who sign in, each where they belong."""
    houses = set(Property.objects.values_list("code", flat=True))
    home = dict(Employee.objects.values_list("username", "property__code"))
    at_home = all(home.get(person.username, "") == (person.house or None) for person in PEOPLE)
    return {house.code for house in HOUSES} <= houses and at_home


def codes_taken():
    """The codes and user names that the demo needs and somebody else has, in words; [] when there is none."""
    names = [*(person.username for person in PEOPLE), "admin"]
    houses = Property.objects.filter(code__in=[house.code for house in HOUSES]).order_by("code")
    people = Employee.objects.filter(username__in=names) | Employee.objects.filter(code__in=names)
    return [f"property {one.code}" for one in houses] + [
        f"employee {one.username}" for one in people.order_by("username")
    ]


def counts():
    """[(property, employees, incidents, acts, currency, amount, cost)] of the demo's houses; minor units that stand."""
    rows = []
    for property in Property.objects.filter(code__in=[house.code for house in HOUSES]).order_by("pk"):
        acts = Spend.objects.acts().filter(property=property)
        sums = acts.aggregate(
            acts=Count("pk"),
            amount=Sum(F("amount") - F("reversed_amount"), default=0),
            cost=Sum(F("cost") - F("reversed_cost"), default=0),
        )
        incidents = Incident.objects.filter(property=property).count()
        people = property.employees.count()
        rows.append((property, people, incidents, sums["acts"], property.currency, sums["amount"], sums["cost"]))
    return rows


def accounts():
    """The people who can sign in, in the order in which they are told."""
    people = {one.username: one for one in Employee.objects.filter(username__in=ACCOUNTS).select_related("property")}
    return [people[username] for username in ACCOUNTS]
