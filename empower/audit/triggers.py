"""What the database itself keeps of the log: a place in the queue, or a position, only for an event that is there.

Else a row that waits for the number of the next event stops the sequencer, or every write of the house, when that
number comes. The foreign key is asked only by commit, and not at all of a client of SQLite that leaves it off.
"""

from empower import append_only

_MESSAGE = "no such event in the audit log"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse_what_is_of_no_event() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_auditevent WHERE id = NEW.event_id) THEN
        RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$refuse$
"""


def register():
    """Hand the triggers to `append_only`, which installs them after every migrate."""
    for table in ("audit_position", "audit_unsealed"):
        name = f"{table}_is_of_an_event"
        append_only.register(
            name,
            table,
            sqlite_sql=[
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
                "WHEN NOT EXISTS (SELECT 1 FROM audit_auditevent WHERE id = NEW.event_id) "
                f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            ],
            postgresql_sql=[
                _FUNCTION,
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION audit_refuse_what_is_of_no_event()",
            ],
        )
