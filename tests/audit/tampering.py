"""What the owner of the database can do to the log: switch the refusals off, and write."""

from django.db import connection

from empower.audit.proof import merkle


def without_triggers():
    """The refusals gone. On a database of the test's own, or undone with the test's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if connection.in_atomic_block:
                # Nothing deferred may wait for the end of the transaction: such a table can't be altered.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            for (table,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def run(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.rowcount != 0, "Nothing was there to tamper with."


def event_at(position):
    """(event, body) at a position."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.body FROM audit_position p JOIN audit_auditevent e ON e.id = p.event_id WHERE p.position = %s",
            [position],
        )
        return cursor.fetchone()


def change_body(position):
    """The body and its digest, and the column that repeats it: nothing in the row gives it away."""
    event, body = event_at(position)
    changed = body.replace('"actor":1,', '"actor":2,')
    assert changed != body
    digest = merkle.leaf_hash(changed.encode()).hex()
    run("UPDATE audit_auditevent SET body = %s, digest = %s, actor_id = 2 WHERE id = %s", changed, digest, event)


def delete(position):
    """The event, and everybody after it moves up."""
    event, _body = event_at(position)
    run("DELETE FROM audit_position WHERE position = %s", position)
    run("DELETE FROM audit_auditevent WHERE id = %s", event)
    # One by one: both engines look at the key row by row.
    for later in range(position + 1, _last() + 1):
        run("UPDATE audit_position SET position = %s WHERE position = %s", later - 1, later)


def swap(one, other):
    (first, _body), (second, _other) = event_at(one), event_at(other)
    run("DELETE FROM audit_position WHERE position IN (%s, %s)", one, other)
    run("INSERT INTO audit_position (position, event_id) VALUES (%s, %s)", one, second)
    run("INSERT INTO audit_position (position, event_id) VALUES (%s, %s)", other, first)


def insert(position):
    """The last event that waits in the queue takes a place in the middle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(event_id) FROM audit_unsealed")
        (event,) = cursor.fetchone()
    run("DELETE FROM audit_unsealed WHERE event_id = %s", event)
    for later in range(_last(), position - 1, -1):
        run("UPDATE audit_position SET position = %s WHERE position = %s", later + 1, later)
    run("INSERT INTO audit_position (position, event_id) VALUES (%s, %s)", position, event)


def cut_short(size):
    """The log, the tree and the checkpoints as they were at ``size`` events."""
    run("DELETE FROM audit_position WHERE position >= %s", size)
    run(
        "DELETE FROM audit_auditevent WHERE id NOT IN (SELECT event_id FROM audit_position) "
        "AND id NOT IN (SELECT event_id FROM audit_unsealed)"
    )
    run("DELETE FROM audit_treenode WHERE number >= %s", merkle.nodes_in(size))
    run("DELETE FROM audit_checkpoint WHERE size > %s", size)


def _last():
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(position) FROM audit_position")
        return cursor.fetchone()[0]
