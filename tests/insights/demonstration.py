"""The demo, made in process on a database of its own, and read as one digest."""

from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO

from django.apps import apps
from django.core.management import call_command

from empower import clock
from tests.own_database import copied

NOW = datetime(2026, 11, 21, 22, 25, tzinfo=UTC)

# When a row was last saved, by the server's clock, and a hash with its salt: what a history does not tell.
_NOT_TOLD = {"updated_at", "last_login", "password"}

# Enough for a day of each kind beside the turns that are always there; and little to wait for.
SCALE, SEED = 0.02, 1

# Digests by scale, seed and moment: one history is made for what is read of it, and need not be made again.
_known = {}


def make(*, at=NOW, **options):
    """Runs the command as if the present were ``at``; answers what it printed."""
    said = StringIO()
    with clock.standing_at(at):
        call_command("demo", stdout=said, **options)
    return said.getvalue()


@contextmanager
def empty_house(django_db_blocker, folder):
    """A database of one's own, though a demo may stand in that of the module."""
    with django_db_blocker.unblock(), copied(folder) as database:
        yield database


def remember(**how):
    """Keeps the digest of the demo that stands here now."""
    _known[tuple(sorted(how.items()))] = digest()


def known(**how):
    return _known.get(tuple(sorted(how.items())))


def digest():
    """One hash of every row of every table of the domain."""
    whole = sha256()
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        if not model.__module__.startswith("empower."):
            continue
        fields = [field.attname for field in model._meta.concrete_fields if field.attname not in _NOT_TOLD]
        for row in model._default_manager.order_by("pk").values_list(*fields):
            whole.update(repr((model._meta.label, row)).encode())
    return whole.hexdigest()
