"""The personal words of this app, handed to `incidents.erasure` at start.

A story has names taken out, and still may tell a guest from others; a card may name one.
"""

from empower.incidents.erasure import answers_about, register

from .models import Story, Thanks


def _about(model):
    # An UPDATE can't join: the ids of the rows first, then the rows.
    def find(guest_ids):
        told = model.objects.filter(incident__incident_guests__guest__in=guest_ids)
        return model.objects.filter(pk__in=told.values("pk"))

    return find


def hand_over():
    """Called once when the app starts. An improvement is about a cause, and about nobody."""
    stories, thanks = _about(Story), _about(Thanks)
    register("recognition.Story", ["text"], stories)
    register("recognition.Thanks", ["text"], thanks)
    register(
        "staff.IdempotencyKey",
        ["answer"],
        lambda ids: (
            answers_about(["story"], stories(ids).values("pk")) | answers_about(["thanks"], thanks(ids).values("pk"))
        ),
    )
