"""One incident at the front desk, and short ways to act on it."""

import pytest

from empower.incidents.services import log_incident
from empower.spending.models import Gesture
from empower.spending.services import give_spend


class Desk:
    """An open incident of one guest at LAX, and what the tests do there. Amounts in minor units of USD."""

    def __init__(self, scene):
        self.scene = scene
        self.incident = self.log()
        self.guest = self.incident.guests.get()

    def log(self, name="Dr Haddad", **given):
        given.setdefault("property", self.scene.lax)
        given.setdefault("guests", [{"name": name}])
        return log_incident(actor=given.pop("actor", self.scene.maria), **given)

    def give(self, amount, *, gesture="refund", actor=None, incident=None, guest=None, currency="USD", **given):
        incident = incident or self.incident
        return give_spend(
            actor=actor or self.scene.maria,
            incident=incident,
            guest=guest or incident.guests.first(),
            gesture=Gesture.objects.get(code=gesture),
            amount=amount,
            currency=currency,
            **given,
        )


@pytest.fixture
def desk(scene):
    return Desk(scene)
