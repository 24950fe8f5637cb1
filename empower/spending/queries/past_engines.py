"""How the past is said in the SQL of each engine, for `past_tables`: moments, events, what a state in the log held."""

from datetime import UTC

from empower.audit.models import AuditEvent


class SQL:
    """How things are said on an engine."""

    def __init__(self, recorded, occurred):
        self.recorded = None if recorded is None else self.literal(recorded)
        self.occurred = None if occurred is None else self.literal(occurred)
        self.earliest = self.literal(min(one for one in (recorded, occurred) if one is not None))

    def recorded_by(self, moment):
        return "1=1" if self.recorded is None else f"{moment} <= {self.recorded}"

    def occurred_by(self, moment):
        return "1=1" if self.occurred is None else f"{moment} <= {self.occurred}"

    def by_then(self, row):
        return f"{self.recorded_by(f'{row}.recorded_at')} AND {self.occurred_by(f'{row}.occurred_at')}"

    def later(self, *, recorded, occurred):
        """The condition that a fact was written down, or happened, only later."""
        bounds = [(recorded, self.recorded), (occurred, self.occurred)]
        return " OR ".join(f"{moment} > {bound}" for moment, bound in bounds if bound is not None)

    def events(self, subject, verbs, *, of):
        """FROM and WHERE of the accepted events ``v`` about a row."""
        verbs = ", ".join(f"'{verb}'" for verb in verbs)
        return (
            f"FROM {self.table(AuditEvent)} v WHERE v.subject_type = '{subject}' AND v.subject_id = {of} "
            f"AND v.outcome = 'accepted' AND v.verb IN ({verbs})"
        )

    def ended(self, row, spend):
        """When a request came to its end, NULL while it has none."""
        withdrawn = f"(SELECT min(v.at) {self.events('spend', ['spend.withdrawn'], of=spend)})"
        return (
            f"CASE WHEN {row}.status IN ('approved', 'declined', 'confirmed', 'denied') THEN {row}.decided_at "
            f"WHEN {row}.status = 'expired' THEN {row}.expires_at "
            f"WHEN {row}.status = 'withdrawn' THEN {withdrawn} END"
        )


class SQLite(SQL):
    def table(self, model):
        return f'"main"."{model._meta.db_table}"'

    def literal(self, moment):
        return f"'{moment.astimezone(UTC).replace(tzinfo=None)}'"

    def read(self, body, *path, kind):
        found = f"json_extract({body}, '$.{'.'.join(path)}')"
        if kind == "moment":  # as Django writes it, so that text sorts as time
            return f"replace(replace(replace({found}, 'T', ' '), 'Z', ''), '.000000', '')"
        return found

    def holds(self, body, *path, number):
        return f"EXISTS (SELECT 1 FROM json_each({body}, '$.{'.'.join(path)}') m WHERE m.value = {number})"

    def read_guest(self, body, place, name, kind):
        return f"json_extract({body}, '$.before.guests[' || {place} || '].{name}')"

    def number_of_guests(self, body):
        return f"json_array_length({body}, '$.before.guests')"


class PostgreSQL(SQL):
    def table(self, model):
        return f'"{model._meta.db_table}"'

    def literal(self, moment):
        return f"'{moment.astimezone(UTC).isoformat()}'::timestamptz"

    _CASTS = {"text": "text", "number": "bigint", "moment": "timestamptz", "yes": "boolean"}

    def read(self, body, *path, kind):
        return f"({body}::jsonb #>> '{{{','.join(path)}}}')::{self._CASTS[kind]}"

    def holds(self, body, *path, number):
        return f"({body}::jsonb #> '{{{','.join(path)}}}') @> to_jsonb({number})"

    def read_guest(self, body, place, name, kind):
        path = f"ARRAY['before', 'guests', ({place})::text, '{name}']"
        return f"({body}::jsonb #>> {path})::{self._CASTS[kind]}"

    def number_of_guests(self, body):
        return f"jsonb_array_length({body}::jsonb #> '{{before,guests}}')"
