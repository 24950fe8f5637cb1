"""Two people at once, on one incident or one guest."""

import threading

import pytest
from django.db import connections

from empower.incidents.models import Guest, Incident, Resolution
from empower.incidents.services import change_incident, close_incident, create_guest, erase_guest, merge_guests
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


def test_a_colleague_written_down_by_four_at_once_gets_one_record(own_database):
    scene = set_the_scene()
    told = {"kind": "colleague", "colleague": scene.tomas}
    jobs = [lambda: logged(scene, told)] * 3
    jobs += [lambda: create_guest(actor=scene.maria, property=scene.lax, name="T", **told)]
    assert at_once(*jobs) == [None] * 4
    colleague = Guest.objects.get(colleague=scene.tomas)
    assert [incident.guests.get() for incident in Incident.objects.all()] == [colleague] * 3


def test_merges_that_move_each_others_records_end_without_a_chain(own_database):
    scene = set_the_scene()
    for _ in range(3):
        first, second, third = (create_guest(actor=scene.maria, property=scene.lax, name=name) for name in "ABC")
        stale = Guest.objects.get(pk=first.pk)
        merge_guests(actor=scene.omar, kept=second, merged=first)
        copies = [[Guest.objects.get(pk=guest.pk) for guest in (second, third)] for _ in range(2)]
        codes = at_once(
            lambda mine=copies[0]: merge_guests(actor=scene.omar, kept=mine[1], merged=mine[0]),
            lambda mine=copies[1], old=stale: merge_guests(actor=scene.grace, kept=mine[0], merged=old),
            lambda old=stale: erase_guest(actor=scene.grace, guest=old),
        )
        assert codes[1] in ("merged", "erased")
        assert not Guest.objects.filter(merged_into__merged_into__isnull=False).exists()
        assert not Guest.objects.filter(name="A").exists()
