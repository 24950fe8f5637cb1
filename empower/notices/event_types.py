"""The public types of events, what each tells, and the verbs of the log that it comes from. The one table of them.

Accepted commands only. What an import brought in (``spend.imported`` ...) is history and no news: it has no type.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

#: Every type there is, and those to come.
ALL = "*"
#: Sent when somebody asks for a test; nobody subscribes to it.
PING = "webhook.ping"


@dataclass(frozen=True)
class EventType:
    """``shape`` names what its data looks like (`services.payloads`); ``when`` narrows it by the event's body."""

    name: str
    verbs: tuple[str, ...]
    shape: str
    says: str
    when: Callable[[dict], bool] | None = None

    def applies_to(self, event):
        """Whether an event of one of its verbs is of this type."""
        return self.when is None or self.when(json.loads(event.body))


def _is_waited_for(body):
    return ((body["after"] or {}).get("approval") or {}).get("status") in ("open", "to_confirm")


EVENT_TYPES = {
    each.name: each
    for each in (
        EventType("incident.logged", ("incident.logged",), "incident", _("Something happened and was written down.")),
        EventType(
            "incident.changed",
            ("incident.changed", "incident.guest_added"),
            "incident",
            _("What is told of an incident was changed, or a guest was added."),
        ),
        EventType("incident.resolved", ("incident.resolved",), "incident", _("An incident was resolved.")),
        EventType("incident.reopened", ("incident.reopened",), "incident", _("An incident was opened again.")),
        EventType("incident.voided", ("incident.voided",), "incident", _("An incident was made void.")),
        EventType(
            "incident.followed_up", ("incident.followed_up",), "follow_up", _("A guest was asked how they are now.")
        ),
        EventType(
            "spend.posted",
            # Within the authority or on a verbal yes; and by an approval.
            ("spend.posted", "spend.approved"),
            "spend",
            _("Something was given: within the authority, on a verbal yes, or because a request was approved."),
        ),
        EventType("spend.requested", ("spend.requested",), "spend", _("A spend above the authority waits for a yes.")),
        EventType("spend.declined", ("spend.declined",), "spend", _("A spend that waited was declined.")),
        EventType("spend.withdrawn", ("spend.withdrawn",), "spend", _("A spend that waited was taken back.")),
        EventType("spend.expired", ("approval.expired",), "spend", _("Nobody answered in time.")),
        EventType(
            "spend.reversed", ("spend.reversed",), "spend", _("What was given was taken back, whole or in part.")
        ),
        EventType("spend.handed_over", ("spend.handed_over",), "spend", _("What was promised was handed over.")),
        EventType(
            "approval.requested",
            ("spend.requested", "spend.posted"),
            "approval",
            _("Somebody is asked for a yes, or to confirm the one they gave by phone."),
            when=_is_waited_for,
        ),
        EventType(
            "approval.decided",
            ("spend.approved", "spend.declined", "spend.confirmed", "spend.denied"),
            "approval",
            _("A request was approved or declined, or a verbal yes was confirmed or denied."),
        ),
        EventType("approval.asked", ("spend.asked_about",), "approval", _("A question was put; the clock stands.")),
        EventType("approval.replied", ("spend.replied_about",), "approval", _("The question was answered.")),
        EventType("approval.escalated", ("approval.escalated",), "approval", _("Nobody answered: it went on.")),
        EventType("approval.expired", ("approval.expired",), "approval", _("Nobody answered in time.")),
        EventType("approval.withdrawn", ("spend.withdrawn",), "approval", _("A request was taken back.")),
        EventType("budget.allotted", ("budget.allotted",), "allotment", _("Money was set aside for a period.")),
        EventType("budget.withdrawn", ("budget.withdrawn",), "allotment", _("An allotment was withdrawn.")),
        EventType(
            "policy.changed",
            ("policy.written", "policy.withdrawn"),
            "policy",
            _("A rule was written, or withdrawn."),
        ),
        EventType(
            "guest.merged", ("guest.merged",), "guest", _("Two records of one guest became one: join what you keep.")
        ),
        EventType(
            "guest.erased", ("guest.erased",), "guest", _("A guest was forgotten: forget what you keep of them.")
        ),
    )
}

#: The types that each verb of the log makes.
BY_VERB = {}
for _type in EVENT_TYPES.values():
    for _verb in _type.verbs:
        BY_VERB.setdefault(_verb, []).append(_type)


def wants(event_types, name):
    """Whether one who subscribed to ``event_types`` is told of the type ``name``."""
    return ALL in event_types or name in event_types
