"""The demo, made in process on a database of its own, and read as one digest."""

from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO

from django.apps import apps
from django.core.management import call_command

from empower import clock
from empower.incidents.models import Incident
from empower.insights.demo.making import make_history
from tests import made_once

NOW = datetime(2026, 11, 21, 22, 25, tzinfo=UTC)

# When a row was last saved, by the server's clock, and a hash with its salt: what a history does not tell.
_NOT_TOLD = {"updated_at", "last_login", "password"}

# Enough for a day of each kind beside the turns that are always there; and little to wait for.
SCALE, SEED = 0.02, 1
A_FEW = 12


def kept():
    """``(its database, {printed, digest, beginning})`` of the demo that is made once in a run."""
    return made_once.laid_out(
        "demo", lambda: {"printed": make(scale=SCALE, seed=SEED), "digest": digest(), "beginning": beginning()}
    )


def make(*, at=NOW, **options):
    """Runs the command as if the present were ``at``; answers what it printed."""
    said = StringIO()
    with clock.standing_at(at):
        call_command("demo", stdout=said, **options)
    return said.getvalue()


class _Enough(Exception):
    """The beginning is lived, and all of it rolled back."""


def beginning(**how):
    """What happens first: read from the demo that stands here, or, told a ``seed``, from one made as far as that."""

    def seen():
        told = ("occurred_at", "category__code", "kind", "narrative", "recorded_by__code")
        return [str(one) for one in Incident.objects.order_by("pk").values_list(*told)[:A_FEW]]

    def turned(month):
        if len(seen()) == A_FEW:
            raise _Enough(seen())

    if not how:
        return seen()
    with clock.standing_at(NOW):
        try:
            make_history(scale=SCALE, turned=turned, **how)
        except _Enough as enough:
            return enough.args[0]


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
