"""Photos of what happened: added while somebody stands before it, taken down when it shows what it should not."""

from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.services import command, record_event
from empower.refusals import NotPossible
from empower.texts import malformed

from ..models import IncidentStatus, Photo
from ..permissions import can_add_photo, can_remove_photo
from . import checking
from .pictures import Picture
from .recording import lock

#: More than this tells no more, and one backup holds them all.
MOST_OF_AN_INCIDENT = 12


@command("photo.added", subject="incident")
def add_photo(*, actor, incident, picture):
    """A `Picture` (see `read_picture`) of the incident. Event ``photo.added``: ids, sizes and the picture's digest.

    By who works there, leaders and the system; also when it is resolved. NotPossible ``void``, ``enough`` (twelve).
    Returns the Photo. Five queries.
    """
    checking.require(can_add_photo, actor, incident, "elsewhere", _("You show what happened at your own property."))
    if not isinstance(picture, Picture):
        raise malformed("photo", _("Choose a photo."), code="required")
    lock(incident)
    if incident.status == IncidentStatus.VOID:
        raise NotPossible("void", _("This incident is void: nothing about it changes any more."))
    if Photo.objects.filter(incident=incident).standing().count() >= MOST_OF_AN_INCIDENT:
        raise NotPossible(
            "enough", _("An incident has twelve photos at most. Take one down to add another."), field="photo"
        )
    photo = Photo(
        incident=incident,
        taken_by=actor,
        recorded_at=clock.now(),
        picture=picture.picture,
        thumbnail=picture.thumbnail,
        width=picture.width,
        height=picture.height,
    )
    photo.save(force_insert=True)
    record_event(
        actor=actor,
        verb="photo.added",
        subject=photo,
        property_id=incident.property_id,
        after={
            "incident_id": incident.pk,
            "width": picture.width,
            "height": picture.height,
            "bytes": len(picture.picture),
            "sha256": picture.digest,
        },
    )
    return photo


@command("photo.removed", subject="photo")
def remove_photo(*, actor, photo):
    """The picture goes, for good; that there was one stays. Event ``photo.removed``.

    By who took it, the property's managers, leaders and the system. NotPossible ``gone``. Returns ``photo``, read anew.
    """
    checking.require(can_remove_photo, actor, photo, "not_yours", _("Who took it, or a manager, takes a photo down."))
    photo.refresh_from_db(from_queryset=Photo.objects.select_for_update(no_key=True))
    if photo.picture is None:
        raise NotPossible("gone", _("This photo is gone already."))
    photo.picture = photo.thumbnail = None
    photo.removed_at = clock.now()
    photo.save(update_fields=["picture", "thumbnail", "removed_at"])
    record_event(
        actor=actor,
        verb="photo.removed",
        subject=photo,
        property_id=photo.incident.property_id,
        after={"incident_id": photo.incident_id},
    )
    return photo
