"""What is timed, and how: each thing many times, on periods drawn at random, warm; told as median and 95th percentile."""

import random
import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from empower import clock
from empower.audit.models import AuditEvent, Unsealed
from empower.incidents.services import log_incident
from empower.insights.queries import counts
from empower.insights.queries.dashboard import dashboard
from empower.insights.queries.moment import one_moment
from empower.insights.queries.panels import PANELS, filled
from empower.insights.queries.period import Period
from empower.insights.queries.selection import Selection
from empower.insights.services import keep_roll_ups
from empower.insights.services.rolling import fold_news
from empower.spending.models import Gesture, Spend
from empower.spending.services import give_spend
from ledger.settings import CACHES

from .referee import agree, ours
from .world import DAYS


def periods(world, number, *, seed=5):
    """Periods of three days to three years, anywhere in what there is."""
    chance, today = random.Random(seed), world.now.date()
    for _one in range(number):
        length = int(3 * (DAYS / 3) ** chance.random())
        ends = today - timedelta(days=chance.randrange(DAYS - length + 1))
        yield Period(ends - timedelta(days=length), ends)


def figures(world, user, number):
    """Seconds for everything on the dashboard, one for each period."""
    return [_timed(_figures, Selection(user, period)) for period in periods(world, number)]


def pages(world, user, number):
    """Seconds for the page, as it answers: {"drawn": where its drawings are made too, "counted": where all but these is
    made, "again": where nothing was commanded since it was asked for, by anybody with the same eyes}.

    With its bringing up to date. The cache of whole pages is out but for "again", and then it is the product's.
    """
    client = Client()
    client.force_login(user)
    asked = [{"from": one.begins.isoformat(), "to": one.ends.isoformat()} for one in periods(world, number)]
    client.get("/insights/")  # the process that draws begins with the first
    found = {which: [_timed(_page, client, one) for one in asked] for which in ("drawn", "counted")}
    with override_settings(CACHES=settings.CACHES | {"pictures": CACHES["pictures"]}):
        for one in asked:
            _page(client, one)
        return found | {"again": [_timed(_page, client, one) for one in asked]}


def panels(world, user, days):
    """Seconds for all that the page fetches after its first paint, of the last ``days``: some of it from the facts."""
    period = Period(world.now.date() - timedelta(days=days - 1), world.now.date())
    begins = time.perf_counter()
    for name in PANELS:
        with one_moment():
            filled(Selection(user, period), name)
    return time.perf_counter() - begins


def counted(world, referee, number):
    """(our seconds, DuckDB's, what differs) for the same counts of the same periods."""
    mine, theirs, differs = [], [], []
    for period in periods(world, number, seed=6):
        selection = Selection(world.chen, period)
        begins = time.perf_counter()
        with one_moment():
            told = ours(selection)
        mine.append(time.perf_counter() - begins)
        begins = time.perf_counter()
        found = referee.ask(selection)
        theirs.append(time.perf_counter() - begins)
        differs += agree(found, told, counts.count_acts(selection).get((), {}))
    return mine, theirs, differs


def catching_up(world, number):
    """Seconds to read ``number`` spends that were given in the last day."""
    first = world.fill_the_last_day(number)
    spends = Spend.objects.filter(pk__gt=first).values_list("pk", flat=True)
    with transaction.atomic():
        events = AuditEvent.objects.bulk_create(
            [
                AuditEvent(
                    at=clock.now(), verb="spend.posted", outcome="accepted", subject_type="spend", subject_id=pk, body="{}",
                    digest="0" * 64,
                )
                for pk in spends
            ],
            batch_size=2000,
        )  # fmt: skip
        Unsealed.objects.bulk_create([Unsealed(event=one) for one in events], batch_size=2000)
    return _timed(keep_roll_ups), len(events)


def fold_them_all():
    """What the worker does when there are news of more than a week's days."""
    fold_news(more_than=0)


def writing(world, number):
    """Seconds for ``number`` spends through the service: alone, and with the worker keeping the roll-ups beside it."""
    alone, beside = [], []
    for _round in range(3):
        alone.append(_write(world, number))
        command = [sys.executable, "manage.py", "worker"]
        worker = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(4)
        beside.append(_write(world, number))
        worker.terminate()
        worker.wait(30)
    return min(alone), min(beside)


def _write(world, number):
    people = list(world.gm.property.employees.filter(role="frontline")[:50])
    gesture = Gesture.objects.filter(is_free=False, is_active=True).order_by("pk").first()
    incidents = []
    for one in range(number):
        incident = log_incident(
            actor=people[one % len(people)], property=world.gm.property, guests=[{"name": "A guest"}]
        )
        incidents.append((incident, incident.guests.get()))
    begins = time.perf_counter()
    for one, (incident, guest) in enumerate(incidents):
        give_spend(
            actor=people[one % len(people)], incident=incident, guest=guest, gesture=gesture, amount=1_000,
            currency=incident.property.currency,
        )  # fmt: skip
    return time.perf_counter() - begins


def _figures(selection):
    with one_moment():
        dashboard(selection)


def _page(client, asked):
    answer = client.get("/insights/", asked)
    assert answer.status_code == 200, answer.status_code


def _timed(act, *arguments):
    begins = time.perf_counter()
    found = act(*arguments)
    taken = time.perf_counter() - begins
    return taken if found is None or isinstance(found, int) else found
