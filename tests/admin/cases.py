"""What lies on the desk: incidents, gifts, requests and rules, made by services at a house's people."""

from types import SimpleNamespace

from empower import clock
from empower.incidents.services import log_incident
from empower.journal.services import allot_budget
from empower.spending.models import Gesture
from empower.spending.services import give_spend


def open_case(actor, guest, **told):
    """An incident of the guest's house."""
    return log_incident(actor=actor, property=guest.property, guests=[guest], **told)


def give(actor, incident, guest, amount, **told):
    gesture = told.pop("gesture", None) or Gesture.objects.get(code="meal")
    return give_spend(
        actor=actor,
        incident=incident,
        guest=guest,
        gesture=gesture,
        amount=amount,
        currency=incident.property.currency,
        **told,
    )


def lay_out(scene):
    """One incident at LAX with a gift and a request above the limit; one at NYC with a gift; a budget."""
    case = open_case(scene.maria, scene.jones, narrative="The shower ran cold at six")
    elsewhere = open_case(scene.paul, scene.smith, narrative="A wedding dress lost at the cleaner")
    today = clock.now().date()
    return SimpleNamespace(
        case=case,
        gift=give(scene.maria, case, scene.jones, 150_000, note="dinner for two"),
        asked=give(scene.maria, case, scene.jones, 300_000, reason="two nights lost to the noise").approval,
        elsewhere=elsewhere,
        gift_elsewhere=give(scene.paul, elsewhere, scene.smith, 50_000),
        asked_elsewhere=give(scene.paul, elsewhere, scene.smith, 400_000, reason="a new dress").approval,
        budget=allot_budget(actor=scene.grace, property=scene.lax, amount=5_000_000, begins_on=today, ends_on=today),
    )
