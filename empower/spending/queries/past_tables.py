"""What each table held at a moment, as one SELECT: the SQL behind `as_of`. No query is asked here.

The order of the tables matters: on PostgreSQL a later one sees the earlier ones as they were, an earlier one sees the later
ones as they are, and each means by its own name the table itself. No text of anybody's gets into it: names are the
models', moments are datetimes.
"""

from empower.audit.models import AuditEvent
from empower.incidents.models import FollowUp, Guest, Incident, IncidentGuest, Resolution
from empower.journal.models import Allotment, JournalEntry, Posting

from ..models import Approval, Reversal, Spend
from .past_engines import PostgreSQL, SQLite

#: What takes an incident from one state to the next: their events say what it was before.
_CHANGES = ("incident.changed", "incident.guest_added", "incident.resolved", "incident.reopened", "incident.voided")
_CHANGES_OF_SPEND = ("spend.approved", "spend.declined", "spend.withdrawn", "spend.handed_over", "approval.expired")
_OF_INCIDENT = {
    "status": "text", "outcome": "text", "kind": "text", "severity": "number", "version": "number",
    "department_id": "number", "touchpoint_id": "number", "category_id": "number", "owner_id": "number",
    "occurred_at": "moment", "reported_at": "moment", "resolved_at": "moment",
}  # fmt: skip
_OF_REQUEST = {
    "tier": "text", "asked_role": "text", "with_deputy": "yes", "total": "number", "version": "number",
    "due_at": "moment", "expires_at": "moment", "question_asked_at": "moment", "replied_at": "moment",
}  # fmt: skip
_WHEN_IT_IS_DECIDED = {
    "decided_by_id": "NULL",
    "decided_for_id": "NULL",
    "decided_at": "NULL",
    "decided_amount": "NULL",
}


def past_tables(vendor, *, recorded, occurred):
    """{name of a table: the SELECT of what it held}, for one of the engines; a moment that is None is no bound."""
    say = (PostgreSQL if vendor == "postgresql" else SQLite)(recorded, occurred)
    return {
        Incident._meta.db_table: _incidents(say),
        IncidentGuest._meta.db_table: _guests_of_incidents(say),
        Resolution._meta.db_table: _resolutions(say),
        Spend._meta.db_table: _spends(say),
        Approval._meta.db_table: _requests(say),
        Posting._meta.db_table: _postings(say),
        JournalEntry._meta.db_table: f"SELECT * FROM {say.table(JournalEntry)} x WHERE {say.by_then('x')}",
        Allotment._meta.db_table: (
            f"SELECT * FROM {say.table(Allotment)} x WHERE {say.recorded_by('x.recorded_at')} OR x.recorded_at IS NULL"
        ),
        FollowUp._meta.db_table: (
            f"SELECT * FROM {say.table(FollowUp)} x "
            f"WHERE {say.recorded_by('x.recorded_at')} AND {say.occurred_by('x.contacted_at')}"
        ),
        Reversal._meta.db_table: (
            f"SELECT * FROM {say.table(Reversal)} x "
            f"WHERE {say.recorded_by('x.recorded_at')} AND {say.occurred_by('x.reversed_at')}"
        ),
        Guest._meta.db_table: _guests(say),
    }


def _columns(model, told, row="x"):
    """The columns of a table, those of ``told`` said otherwise."""
    return ", ".join(
        f'{told[field.column]} AS "{field.column}"' if field.column in told else f'{row}."{field.column}"'
        for field in model._meta.concrete_fields
    )


def _event_after(say, of):
    """The join with the first event ``e`` by which an incident changed after the moment: it says what it was before."""
    if say.recorded is None:
        return f"LEFT JOIN {say.table(AuditEvent)} e ON e.id = 0"  # none, and by the index
    first = f"SELECT min(v.id) {say.events('incident', _CHANGES, of=of)} AND v.at > {say.recorded}"
    return f"LEFT JOIN {say.table(AuditEvent)} e ON e.id = ({first})"


def _was(say, row, column, kind):
    return f"CASE WHEN e.id IS NULL THEN {row}.{column} ELSE {say.read('e.body', 'before', column, kind=kind)} END"


def _covering(say, what, incident):
    """Of the resolution that held at the moment; NULL where the incident was open."""
    return (
        f"(SELECT {what} FROM {say.table(Resolution)} r WHERE r.incident_id = {incident} "
        f"AND r.resolved_at <= {say.earliest} AND (r.reopened_at IS NULL OR r.reopened_at > {say.earliest}) "
        "ORDER BY r.resolved_at DESC, r.id DESC LIMIT 1)"
    )


def _incidents(say):
    known = {column: _was(say, "i", column, kind) for column, kind in _OF_INCIDENT.items()}
    inner = (
        f"SELECT {_columns(Incident, known, 'i')} FROM {say.table(Incident)} i {_event_after(say, 'i.id')} "
        f"WHERE {say.recorded_by('i.recorded_at')}"
    )
    told = {}
    if say.occurred is not None:
        # That it is void is a correction, not something that happened: it is void, or not yet known to be.
        is_resolved = _covering(say, "1", "x.id")
        is_the_last = f"x.status = 'resolved' AND x.resolved_at <= {say.occurred}"
        told = {
            "status": f"CASE WHEN x.status = 'void' THEN x.status WHEN {is_resolved} = 1 THEN 'resolved' ELSE 'open' END",
            "outcome": f"CASE WHEN x.status = 'void' OR {is_the_last} THEN x.outcome "
            f"ELSE COALESCE({_covering(say, 'r.outcome', 'x.id')}, '') END",
            "resolved_at": f"CASE WHEN x.status = 'void' OR {is_the_last} THEN x.resolved_at "
            f"ELSE {_covering(say, 'r.resolved_at', 'x.id')} END",
        }
    return f"SELECT {_columns(Incident, told)} FROM ({inner}) x WHERE {say.occurred_by('x.occurred_at')}"


def _guests_of_incidents(say):
    # The log has an incident's guests in the order of their rows.
    place = f"(SELECT count(*) FROM {say.table(IncidentGuest)} b WHERE b.incident_id = g.incident_id AND b.id < g.id)"
    told = {
        column: f"CASE WHEN e.id IS NULL THEN g.{column} ELSE {say.read_guest('e.body', place, column, kind)} END"
        for column, kind in {"feeling_before": "number", "feeling_after": "number", "outcome": "text"}.items()
    }
    if say.occurred is not None:
        # How a guest felt after it, and how it ended for them, belongs to the resolution.
        is_resolved = f"{_covering(say, '1', 'g.incident_id')} = 1"
        told["feeling_after"] = f"CASE WHEN {is_resolved} THEN {told['feeling_after']} END"
        told["outcome"] = f"CASE WHEN {is_resolved} THEN {told['outcome']} ELSE '' END"
    return (
        f"SELECT {_columns(IncidentGuest, told, 'g')} FROM {say.table(IncidentGuest)} g "
        f"{_event_after(say, 'g.incident_id')} WHERE e.id IS NULL OR {place} < {say.number_of_guests('e.body')}"
    )


def _guests(say):
    """Which record stood for a guest. That two records are one guest is a correction: what happened is not asked."""
    if say.recorded is None:
        return f"SELECT * FROM {say.table(Guest)} g"
    # Those that point to the same record today: only of them can a merge have moved this one.
    beside = f"SELECT b.id FROM {say.table(Guest)} b WHERE b.merged_into_id = g.merged_into_id"
    last = (
        f"SELECT {say.read('v.body', 'after', 'merged_into_id', kind='number')} FROM {say.table(AuditEvent)} v "
        f"WHERE v.subject_type = 'guest' AND v.subject_id IN ({beside}) AND v.verb = 'guest.merged' "
        f"AND v.outcome = 'accepted' AND v.at <= {say.recorded} "
        f"AND (v.subject_id = g.id OR {say.holds('v.body', 'after', 'moved_ids', number='g.id')}) "
        "ORDER BY v.id DESC LIMIT 1"
    )
    told = {"merged_into_id": f"CASE WHEN g.merged_into_id IS NOT NULL THEN ({last}) END"}
    return f"SELECT {_columns(Guest, told, 'g')} FROM {say.table(Guest)} g"


def _resolutions(say):
    later = f"x.reopened_at > {say.earliest}"
    told = {
        "reopened_at": f"CASE WHEN {later} THEN NULL ELSE x.reopened_at END",
        "reopened_by_id": f"CASE WHEN {later} THEN NULL ELSE x.reopened_by_id END",
        "reopen_reason": f"CASE WHEN {later} THEN '' ELSE x.reopen_reason END",
    }
    return f"SELECT {_columns(Resolution, told)} FROM {say.table(Resolution)} x WHERE x.resolved_at <= {say.earliest}"


def _spends(say):
    is_later = say.later(recorded="r.recorded_at", occurred="r.reversed_at")
    later = f"FROM {say.table(Reversal)} r WHERE r.spend_id = s.id AND ({is_later})"
    handed = f"(SELECT min(v.at) {say.events('spend', ['spend.handed_over'], of='s.id')})"
    inner = (
        f"SELECT s.*, {say.ended('a', 's.id')} AS ended, {handed} AS handed, "
        f"(SELECT count(*) {later}) AS later_reversals, "
        f"(SELECT CAST(COALESCE(sum(r.amount), 0) AS bigint) {later}) AS later_amount, "
        f"(SELECT CAST(COALESCE(sum(r.cost), 0) AS bigint) {later}) AS later_cost "
        f"FROM {say.table(Spend)} s LEFT JOIN {say.table(Approval)} a ON a.spend_id = s.id "
        # A verbal yes that is confirmed or denied later has posted before.
        f"AND a.status IN ('approved', 'declined', 'expired', 'withdrawn') WHERE {say.by_then('s')}"
    )
    waited = f"x.ended > {say.earliest}"
    approved = say.events("spend", ["spend.approved"], of="x.id")
    cost_asked = (
        f"(SELECT {say.read('v.body', 'before', 'spend', 'cost', kind='number')} {approved} ORDER BY v.id LIMIT 1)"
    )
    not_given = say.later(recorded="x.handed", occurred="x.given_at")
    told = {
        "status": f"CASE WHEN {waited} THEN 'pending' WHEN x.status = 'reversed' AND x.later_reversals > 0 THEN 'posted' "
        "ELSE x.status END",
        "amount": f"CASE WHEN {waited} THEN COALESCE(x.asked_amount, x.amount) ELSE x.amount END",
        "cost": f"CASE WHEN {waited} AND x.asked_amount <> x.amount THEN {cost_asked} ELSE x.cost END",
        "asked_amount": f"CASE WHEN {waited} THEN NULL ELSE x.asked_amount END",
        "judged_as": f"CASE WHEN {waited} THEN '' ELSE x.judged_as END",
        "posted_at": f"CASE WHEN {waited} THEN NULL ELSE x.posted_at END",
        "reversed_amount": "x.reversed_amount - x.later_amount",
        "reversed_cost": "x.reversed_cost - x.later_cost",
        "given_at": f"CASE WHEN {not_given} THEN NULL ELSE x.given_at END",
        "given_by_id": f"CASE WHEN {not_given} THEN NULL ELSE x.given_by_id END",
    }
    if say.recorded is not None:
        since = say.recorded
        reversals = f"FROM {say.table(Reversal)} r WHERE r.spend_id = x.id"
        changes = say.events("spend", _CHANGES_OF_SPEND, of="x.id")
        last = (
            f"(SELECT max(c.at) FROM (SELECT v.at AS at {changes} AND v.at <= {since} "
            f"UNION ALL SELECT r.recorded_at {reversals} AND r.recorded_at <= {since}) c)"
        )
        counted = f"(SELECT count(*) {reversals} AND r.recorded_at > {since})"
        told["version"] = (
            f"x.version - CASE WHEN x.ended > {since} THEN 1 ELSE 0 END - CASE WHEN x.handed > {since} THEN 1 ELSE 0 END "
            f"- {counted}"
        )
        told["updated_at"] = (
            f"CASE WHEN x.updated_at > {since} THEN COALESCE({last}, x.recorded_at) ELSE x.updated_at END"
        )
    return f"SELECT {_columns(Spend, told)} FROM ({inner}) x"


def _requests(say):
    """What the clock and the other requests of its scope made of it (tier, clock, version) is known from the log: as its own
    last event by then has it."""
    verbs = ["spend.posted", "spend.requested", "spend.asked_about", "spend.replied_about", "spend.approved"]
    verbs += ["spend.declined", "spend.confirmed", "spend.denied", "spend.withdrawn", "spend.reversed"]
    verbs += ["spend.handed_over", "approval.escalated", "approval.expired"]
    last = f"SELECT max(v.id) {say.events('spend', verbs, of='a.spend_id')} AND v.at <= {say.earliest}"
    inner = (
        f"SELECT a.*, {say.ended('a', 'a.spend_id')} AS ended, e.body AS body "
        f"FROM {say.table(Approval)} a LEFT JOIN {say.table(AuditEvent)} e "
        f"ON a.updated_at > {say.earliest} AND e.id = ({last}) WHERE a.requested_at <= {say.earliest} "
        f"AND a.spend_id IN (SELECT s.id FROM {say.table(Spend)} s WHERE {say.by_then('s')})"
    )
    ended_later = f"x.ended > {say.earliest}"
    told = {}
    for column, kind in _OF_REQUEST.items():
        logged = say.read("x.body", "after", "approval", column, kind=kind)
        told[column] = f"CASE WHEN x.body IS NULL THEN x.{column} ELSE {logged} END"
    told |= {
        column: f"CASE WHEN {ended_later} THEN {nothing} ELSE x.{column} END"
        for column, nothing in (_WHEN_IT_IS_DECIDED | {"reason": "''"}).items()
    }
    told["status"] = (
        f"CASE WHEN {ended_later} THEN CASE WHEN x.status IN ('confirmed', 'denied') THEN 'to_confirm' ELSE 'open' END "
        "ELSE x.status END"
    )
    return f"SELECT {_columns(Approval, told)} FROM ({inner}) x"


def _postings(say):
    entries = f"SELECT j.id FROM {say.table(JournalEntry)} j WHERE {say.by_then('j')}"
    return f"SELECT * FROM {say.table(Posting)} x WHERE x.entry_id IN ({entries})"
