"""What the database itself keeps of a spend: what was posted stays as it was, an answer stays given, nothing is deleted.

A spend that was posted changes only by reversal, by being handed over and by the erasure of its words; a request that
was answered keeps its answer. From any client, so that nobody mends a figure by hand.
"""

from empower import append_only

_POSTED = ["incident_id", "guest_id", "employee_id", "property_id", "gesture_id", "amount", "cost", "currency"]
_POSTED += ["judged_as", "policy_id", "limit_in_force", "authority_id", "scope_day", "occurred_at", "posted_at"]
_ANSWERED = ["spend_id", "employee_id", "status", "decided_by_id", "decided_for_id", "decided_at", "decided_amount"]

_FREEZES = [
    (
        "a_posted_spend_stays_as_it_was",
        "spending_spend",
        "OLD.status IN ('posted', 'reversed') AND NEW.status NOT IN ('posted', 'reversed') "
        "OR OLD.status = 'reversed' AND NEW.status = 'posted' "
        "OR NEW.reversed_amount < OLD.reversed_amount OR NEW.reversed_cost < OLD.reversed_cost "
        "OR OLD.status IN ('posted', 'reversed') AND ({})",
        _POSTED,
    ),
    (
        "an_answered_request_keeps_its_answer",
        "spending_approval",
        "OLD.status NOT IN ('open', 'to_confirm') AND ({})",
        _ANSWERED,
    ),
]
_KEPT = ["spending_spend", "spending_approval", "spending_authority", "spending_reversal"]


def _function(name, message):
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $refuse$\n"
        f"BEGIN\n    RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';\nEND\n$refuse$\n"
    )


def register():
    """Hand the triggers to `append_only`, which installs them after every migrate."""
    for name, table, condition, columns in _FREEZES:
        message = name.replace("_", " ")
        append_only.register(
            name,
            table,
            sqlite_sql=[
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN "
                + condition.format(" OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns))
                + f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
            ],
            postgresql_sql=[
                _function(name, message),
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ("
                + condition.format(" OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns))
                + f") EXECUTE FUNCTION {name}()",
            ],
        )
    for table in _KEPT:
        name, message = f"{table}_is_not_deleted", f"{table} keeps every row"
        append_only.register(
            name,
            table,
            sqlite_sql=[f"CREATE TRIGGER {name} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"],
            postgresql_sql=[
                _function(name, message),
                f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ],
        )
