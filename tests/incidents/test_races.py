"""Two people at once, on one incident or one guest."""

import threading

import pytest
from django.db import connections

from empower.incidents.models import Guest, Incident, Resolution
from empower.incidents.services import change_incident, close_incident, merge_guests
from empower.refusals import NotPossible
from tests.scene import set_the_scene

from .happenings import logged

pytestmark = pytest.mark.races


def at_once(*jobs):
    """Runs the jobs at once, each on a connection of its own; answers the refusals' codes, None for who succeeded."""
    codes, together = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(place, job):
        try:
            together.wait()
            job()
        except NotPossible as refused:
            codes[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=job) for job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_of_two_who_resolve_at_once_one_is_told_that_it_is_done(own_database):
    scene = set_the_scene()
    incident = logged(scene)
    copies = [Incident.objects.get(pk=incident.pk) for _ in range(2)]
    codes = at_once(
        lambda: close_incident(actor=scene.maria, incident=copies[0], outcome="lost"),
        lambda: close_incident(actor=scene.tomas, incident=copies[1], outcome="recovered"),
    )
    assert sorted(codes, key=str) == [None, "not_open"]
    assert Resolution.objects.count() == 1
    assert Incident.objects.get().version == 2


def test_no_change_is_lost_when_eight_change_the_version_they_read(own_database):
    scene = set_the_scene()
    incident = logged(scene)
    copies = [Incident.objects.get(pk=incident.pk) for _ in range(8)]
    jobs = [
        lambda copy=copy, n=n: change_incident(actor=scene.maria, incident=copy, version=1, narrative=str(n))
        for n, copy in enumerate(copies)
    ]
    codes = at_once(*jobs)
    assert sorted(codes, key=str) == [None] + ["stale"] * 7
    stored = Incident.objects.get()
    assert (stored.version, stored.narrative) == (2, str(codes.index(None)))


def test_two_merges_at_once_make_no_circle(own_database):
    scene = set_the_scene()
    one, other = ([Guest.objects.get(pk=guest.pk) for guest in (scene.jones, scene.rivera)] for _ in range(2))
    codes = at_once(
        lambda: merge_guests(actor=scene.omar, kept=one[0], merged=one[1]),
        lambda: merge_guests(actor=scene.grace, kept=other[1], merged=other[0]),
    )
    assert sorted(codes, key=str) == [None, "merged"]
    assert Guest.objects.filter(property=scene.lax, merged_into=None).count() == 1
