"""Where personal data lives, so that it can be emptied: every field that may hold a guest's, and how to find its rows.

An app above adds its own when it starts (`register`); the list is the whole of it, and a test compares it with every
free-text field there is.
"""

from django.apps import apps
from django.db.models import Q

#: [(model label, field names, find)]: ``find(guest_ids)`` is the queryset of the rows that may speak of these guests.
ERASABLE = []


def register(label, fields, find):
    """Have the ``fields`` of the model ``label`` (``spending.Spend``) emptied when a guest is erased.

    A text becomes "", what may be NULL becomes NULL. ``find`` takes a list of guest ids, those of the records merged
    into one included. Several may register the same fields, each with its own rows.
    """
    ERASABLE.append((label, fields, find))


def answers_about(object_types, object_ids):
    """The answers kept for idempotency about these objects, which repeat what the request said."""
    keys = apps.get_model("staff", "IdempotencyKey").objects
    return keys.filter(object_type__in=object_types, object_id__in=object_ids)


def _rows(name):
    return apps.get_model("incidents", name).objects


def _incidents_of(guest_ids):
    return _rows("Incident").filter(pk__in=_rows("IncidentGuest").filter(guest__in=guest_ids).values("incident"))


register("incidents.Guest", ["name", "room", "arrival", "departure"], lambda ids: _rows("Guest").filter(pk__in=ids))
# Also where the incident has other guests: what is told of one may name the other.
register("incidents.Incident", ["narrative", "void_reason"], _incidents_of)
register(
    "incidents.Resolution", ["reopen_reason"], lambda ids: _rows("Resolution").filter(incident__in=_incidents_of(ids))
)
register(
    "incidents.FollowUp",
    ["note"],
    lambda ids: _rows("FollowUp").filter(Q(guest__in=ids) | Q(incident__in=_incidents_of(ids))),
)
# A picture shows whoever stood there: all of the incident's, whoever took them.
register(
    "incidents.Photo",
    ["picture", "thumbnail"],
    lambda ids: _rows("Photo").filter(incident__in=_incidents_of(ids), picture__isnull=False),
)
register(
    "staff.IdempotencyKey",
    ["answer"],
    lambda ids: (
        answers_about(["guest"], ids)
        | answers_about(["incident"], _incidents_of(ids).values("pk"))
        | answers_about(
            ["followup", "follow_up"], _rows("FollowUp").filter(incident__in=_incidents_of(ids)).values("pk")
        )
    ),
)
