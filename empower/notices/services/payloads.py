"""What a message says: the event's own state, told as the API tells it.

``{type, timestamp, data}``: ids are strings, amounts decimal strings beside their ``currency``, the property by its code.
What the log keeps as an id alone is told so, with ``_id`` to its name. Only what is listed here leaves; there is nothing
personal in the log, and a column that came into it later would stay.
"""

import json

from empower import money

# Ids by the name they are told under; sums of the state's currency; and what is told as it is.
_SPEND_IDS = {
    "id": "id", "incident": "incident", "guest": "guest", "split_from": "split_from", "employee": "employee_id",
    "department": "department_id", "gesture": "gesture_id", "policy": "policy_id", "given_by": "given_by_id",
}  # fmt: skip
_SPEND_SUMS = ("amount", "cost", "asked_amount", "reversed_amount", "reversed_cost", "limit_in_force")
_SPEND_FACTS = (
    "status", "currency", "judged_as", "promised_for", "given_at", "occurred_at", "recorded_at", "posted_at", "version",
)  # fmt: skip
_APPROVAL_IDS = {
    "id": "id", "employee": "employee_id", "question_by": "question_by_id", "named": "named_id",
    "decided_by": "decided_by_id", "decided_for": "decided_for_id",
}  # fmt: skip
_APPROVAL_SUMS = ("total", "left_when_asked", "decided_amount")
_APPROVAL_FACTS = (
    "status", "tier", "asked_role", "with_deputy", "requested_at", "question_asked_at", "replied_at", "due_at",
    "expires_at", "decided_at", "version",
)  # fmt: skip
_AUTHORITY_SUMS = ("own_limit", "own", "approved", "excused")
_INCIDENT_IDS = {name: name for name in ("department_id", "touchpoint_id", "category_id", "owner_id", "recorded_by_id")}
_INCIDENT_FACTS = ("kind", "status", "severity", "outcome", "occurred_at", "reported_at", "resolved_at", "version")
_GUEST_FACTS = ("feeling_before", "feeling_after", "outcome")
_POLICY_SUMS = ("limit", "manager_up_to", "general_manager_up_to", "cap", "second_failure_limit")
_POLICY_FACTS = (
    "code", "version", "role", "scope", "currency", "answer_within_minutes", "expires_after_minutes", "budget_asks",
    "effective_from", "effective_until", "is_withdrawn",
)  # fmt: skip


def payload_of(event_type, event, *, position, codes):
    """The bytes' text of one message: compact JSON. ``codes`` maps a property's id to its code. No query."""
    body = json.loads(event.body)
    data = SHAPES[event_type.shape](body)
    data |= {
        "property": codes.get(body["property"]),
        "event_id": str(event.pk),
        "position": position,
        "actor_id": _id(body["actor"]),
    }
    return written(event_type.name, body["at"], data)


def written(name, timestamp, data):
    return json.dumps({"type": name, "timestamp": timestamp, "data": data}, ensure_ascii=False, separators=(",", ":"))


def _spend(body):
    state, facts = body["after"], body["facts"] or {}
    spend = _told_spend(state["spend"])
    return spend | {
        "approval": _told_approval(state.get("approval"), spend["currency"]),
        "authority": _told_authority(state.get("authority")),
        "reversal": None
        if "reversal" not in facts
        else _told(facts | {"currency": spend["currency"]}, {"reversal": "id"}, ("amount", "cost"), ("currency",)),
    }


def _approval(body):
    state = body["after"]
    spend = _told_spend(state["spend"])
    return _told_approval(state["approval"], spend["currency"]) | {"spend": spend}


def _incident(body):
    state = body["after"]
    return (
        {"id": _id(body["subject"]["id"])}
        | _told(state, _INCIDENT_IDS, (), _INCIDENT_FACTS)
        | {"guests": [_told(guest, {"guest_id": "id"}, (), _GUEST_FACTS) for guest in state["guests"]]}
    )


def _follow_up(body):
    told = _told(body["after"], {"follow_up_id": "id", "guest_id": "guest"}, (), ("channel", "contacted_at"))
    return told | {"incident": _id(body["subject"]["id"])}


def _allotment(body):
    return _told(
        body["after"]["allotment"],
        {"id": "id", "department": "department_id"},
        ("amount",),
        ("currency", "begins_on", "ends_on"),
    )


def _policy(body):
    return {"id": _id(body["subject"]["id"])} | _told(
        body["after"], {"department_id": "department_id"}, _POLICY_SUMS, _POLICY_FACTS
    )


def _guest(body):
    facts = body["facts"] or {}
    return {
        "id": _id(body["subject"]["id"]),
        "merged_into": _id((body["after"] or {}).get("merged_into_id")),
        # Every record of the person that was emptied, those merged into it too.
        "guest_ids": [_id(one) for one in facts.get("guest_ids", [])],
    }


#: How the state of an event becomes data, by the name of the shape.
SHAPES = {
    "spend": _spend,
    "approval": _approval,
    "incident": _incident,
    "follow_up": _follow_up,
    "allotment": _allotment,
    "policy": _policy,
    "guest": _guest,
}


def _told_spend(state):
    return _told(state, _SPEND_IDS, _SPEND_SUMS, _SPEND_FACTS)


def _told_approval(state, currency):
    if state is None:
        return None
    return _told(state | {"currency": currency}, _APPROVAL_IDS, _APPROVAL_SUMS, ("currency", *_APPROVAL_FACTS))


def _told_authority(state):
    return None if state is None else _told(state, {}, _AUTHORITY_SUMS, ("scope", "currency"))


def _told(state, ids, sums, facts):
    currency = state.get("currency")
    told = {name: _id(state.get(source)) for source, name in ids.items()}
    told |= {name: None if state.get(name) is None else money.to_text(state[name], currency) for name in sums}
    # What is kept as "" where there is none is told as null, as the API does.
    return told | {name: None if state.get(name) == "" else state.get(name) for name in facts}


def _id(value):
    return None if value is None else str(value)
