"""An incident of a house, resolved or not."""

from empower.incidents.services import close_incident, log_incident


def resolved(scene, *guests, by="maria", **facts):
    """At LAX, of these guests (jones), written down and resolved by maria."""
    actor = getattr(scene, by)
    guests = list(guests) or [scene.jones]
    incident = log_incident(actor=actor, property=guests[0].property, guests=guests, **facts)
    return close_incident(actor=actor, incident=incident, outcome="recovered")
