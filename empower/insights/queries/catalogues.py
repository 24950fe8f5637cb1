"""What there is to choose from: houses, teams, causes, gestures. Asked once for each end of the log.

Names as they are stored: `empower.shipped` says them in the reader's words.
"""

from empower.incidents.models import Category
from empower.spending.models import Gesture
from empower.staff.models import Department, Property

from .moment import eyes_of, settled


def houses(user):
    """[(code, name, zone)] of those that somebody sees, by code."""
    found = Property.objects.visible_to(user).order_by("code").values_list("code", "name", "timezone")
    return settled(("houses", eyes_of(user)), lambda: list(found))


def teams(user):
    """[(code of the house, code, name)] of the departments that somebody sees, by name."""
    found = Department.objects.visible_to(user).order_by("name", "code").values_list("property__code", "code", "name")
    return settled(("teams", eyes_of(user)), lambda: list(found))


def causes():
    """[(id, that of the one above it, code, name)], by name."""
    found = Category.objects.order_by("name").values_list("pk", "parent", "code", "name")
    return settled("causes", lambda: list(found))


def gestures():
    """[(code, name)], by name."""
    return settled("gestures", lambda: list(Gesture.objects.order_by("name").values_list("code", "name")))
