"""What the tests of this folder log, through the service."""

from empower.incidents.services import log_incident


def logged(scene, *guests, actor=None, **told):
    """An incident of LAX that maria logged for jones, unless another is told."""
    told = {"property": scene.lax, "guests": list(guests) or [scene.jones]} | told
    return log_incident(actor=actor or scene.maria, **told)
