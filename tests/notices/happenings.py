"""What happens in a hotel, so that there is something to tell."""

from empower.incidents.services import log_incident
from empower.spending.models import Gesture
from empower.spending.services import give_spend

#: What nobody outside may read.
NAME, NARRATIVE, NOTE, REASON = "Zebulon Quixworth", "the parrot bit him", "for the sore finger", "he was very upset"


def log(scene, **told):
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[{"name": NAME, "room": "1412"}],
        narrative=NARRATIVE,
        **told,
    )


def give(actor, incident, amount, **told):
    return give_spend(
        actor=actor,
        incident=incident,
        guest=incident.guests.get(),
        gesture=Gesture.objects.get(code="meal"),
        amount=amount,
        currency=incident.property.currency,
        note=NOTE,
        reason=REASON,
        **told,
    )
