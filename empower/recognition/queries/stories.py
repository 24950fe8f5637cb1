"""The story of a day, those it could be, and what may become one."""

from dataclasses import dataclass

from empower import clock
from empower.spending.models import Spend

from ..models import Story, StoryStatus
from ..permissions import can_nominate


@dataclass(frozen=True)
class Nomination:
    """Whether a person may nominate an incident; the story that it is already, where it is one."""

    may: bool = False
    story: object = None


def story_of_the_day(property, day=None):
    """What the line-up of a local day tells at a property, today's if none is told; None where none was chosen, or its
    words were erased. One query.
    """
    day = day or clock.local_day(clock.now(), property.timezone)
    return Story.objects.chosen().exclude(text="").with_details().filter(property=property, told_on=day).first()


def candidates(property, *, user, day):
    """Stories that a line-up from the local ``day`` on may tell: nominated, or chosen for that day or a later one, the
    newest first. One query; more where they are read.
    """
    told = Story.objects.visible_to(user).filter(property=property).exclude(text="").with_details()
    return (told.filter(status=StoryStatus.NOMINATED) | told.chosen().filter(told_on__gte=day)).order_by(
        "-nominated_at", "-pk"
    )


def gave_on(employee, incident):
    """Whether this person gave or asked for something on the incident, and did not think better of it. One query."""
    return Spend.objects.filter(incident=incident, employee=employee).exclude(status="withdrawn").exists()


def nomination_of(incident, *, user):
    """The `Nomination` for the incident's page: the service's own questions. At most two queries, none while it is open."""
    if incident.status != "resolved":
        return Nomination()
    told = Story.objects.visible_to(user).filter(incident=incident).exclude(status=StoryStatus.WITHDRAWN).first()
    if told is not None:
        return Nomination(story=told)
    return Nomination(may=can_nominate(user, incident) and not gave_on(user, incident))
