"""Databases that are made once in a run, by the process that needs them first: the migrated one, and what is laid out on
it at a price (the demo). Nobody writes to them again: tests work on copies.

Under xdist each worker would else migrate a database of its own, which takes ten seconds of a processor.
"""

import fcntl
import json
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from tests import engine


def migrated():
    """The name of the database with every migration applied and nothing else in it."""
    return _made_once("migrated", _migrate)[0]


def laid_out(name, lay_out):
    """``(name of the database, what lay_out() answered)``: ``lay_out()`` wrote to a copy of the migrated one.

    What it answers goes through JSON.
    """

    def make(database):
        copy(migrated(), database)
        with pointed_at(database):
            return lay_out()

    return _made_once(name, make)


@contextmanager
def pointed_at(database):
    """Inside the block the default connection, of every thread, is to ``database``."""
    before = connection.settings_dict["NAME"]
    _point_at(database)
    try:
        yield
    finally:
        _point_at(before)


def name_of(short):
    """What a database of this run is called where this engine keeps it."""
    if connection.vendor == "sqlite":
        return str(_folder() / f"{short}.sqlite3")
    return f"empower_{_folder().name.rsplit('-', 1)[-1]}_{short}"


def copy(original, database):
    """Makes ``database`` anew as ``original`` is, which nobody may be connected to."""
    drop(database)
    if connection.vendor == "sqlite":
        source, target = sqlite3.connect(original), sqlite3.connect(database)
        source.backup(target)
        source.close()
        target.close()
    else:
        on_server(f'CREATE DATABASE "{database}" TEMPLATE "{original}"')


def drop(database):
    """Whoever is still connected loses it."""
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm", "-journal"):
            Path(database + end).unlink(missing_ok=True)
    else:
        on_server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def drop_all():
    """At the end of a run. A server that isn't ours would keep them."""
    for note in _folder().glob("*.made"):
        drop(name_of(note.stem))


def on_server(statement):
    with engine.connected() as server:
        server.execute(statement)


def _point_at(name):
    connections.close_all()
    # The wrapper of this thread, and the settings that another thread's will be made from.
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def _migrate(database):
    with pointed_at(connection.settings_dict["NAME"]):
        connection.settings_dict["TEST"]["NAME"] = database
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def _made_once(name, make):
    database, note = name_of(name), _folder() / f"{name}.made"
    with open(_folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(json.dumps(make(database)))
    return database, json.loads(note.read_text())


def _folder():
    return Path(os.environ[engine.WORKSHOP])
