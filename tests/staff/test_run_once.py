"""A write sent twice has one effect, whoever comes first, on either engine."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.test import override_settings

from empower.audit.models import AuditEvent
from empower.audit.services import command
from empower.refusals import NotPossible, Refused
from empower.staff.models import Department, IdempotencyKey
from empower.staff.services import create_department, fingerprint, once, run_once
from tests import factories as make
from tests.races.processes import at_once

BODY = fingerprint("POST", "/api/v1/departments/", b'{"code":"spa"}')
OTHER_BODY = fingerprint("POST", "/api/v1/departments/", b'{"code":"bar"}')


@pytest.fixture
def maria(db):
    return make.EmployeeFactory(username="maria")


def create(maria, code="spa"):
    def do():
        department = create_department(actor=None, property=maria.property, code=code, name=code)
        return 201, {"id": str(department.pk), "code": code}, "department", department.pk

    return do


def test_a_retry_gets_the_first_answer_and_does_nothing(maria):
    first = run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    again = run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    assert first[2] is False
    assert again == (201, first[1], True)
    assert Department.objects.count() == 1


def test_the_same_key_for_another_body_is_refused_with_422_and_does_nothing(maria):
    run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    with pytest.raises(Refused) as refused:
        run_once(employee=maria, key="k1", fingerprint=OTHER_BODY, do=create(maria, "bar"))
    assert (refused.value.code, refused.value.status) == ("key_reused", 422)
    assert Department.objects.count() == 1


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/api/v1/departments/"), ("POST", "/api/v1/spends/")])
def test_method_and_path_belong_to_the_request(method, path):
    assert fingerprint(method, path, b'{"code":"spa"}') != BODY


def test_a_key_belongs_to_one_person(maria):
    run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    tomas = make.EmployeeFactory(property=maria.property)
    _, answer, replayed = run_once(employee=tomas, key="k1", fingerprint=BODY, do=create(tomas, "bar"))
    assert not replayed
    assert answer["code"] == "bar"


def test_what_was_refused_is_not_kept_and_is_recorded_once(maria):
    @command("department.thought_of")
    def refuse(*, actor):
        create_department(actor=None, property=maria.property, code="spa", name="Spa")
        raise NotPossible("not_now", "Not now.")

    with pytest.raises(NotPossible):
        run_once(employee=maria, key="k1", fingerprint=BODY, do=lambda: refuse(actor=maria))
    assert not IdempotencyKey.objects.exists()
    assert not Department.objects.exists()
    assert list(AuditEvent.objects.filter(outcome="refused").values_list("verb", flat=True)) == [
        "department.thought_of"
    ]
    assert run_once(employee=maria, key="k1", fingerprint=OTHER_BODY, do=create(maria))[0] == 201


def test_what_was_malformed_is_not_kept(maria):
    with pytest.raises(ValidationError):
        run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria, ""))
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x00b", "a\nb", None, 7])
def test_a_key_that_cannot_be_kept_is_malformed(maria, key):
    with pytest.raises(ValidationError) as refused:
        run_once(employee=maria, key=key, fingerprint=BODY, do=create(maria))
    assert list(refused.value.message_dict) == ["Idempotency-Key"]


def test_an_emptied_answer_is_replayed_as_the_bare_id(maria):
    _, answer, _ = run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    IdempotencyKey.objects.update(answer=None)
    replay = run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    assert replay == (201, {"id": answer["id"]}, True)


def test_a_retry_is_known_after_the_secret_key_was_rotated_and_refused_when_the_old_one_is_gone(maria, settings):
    run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
    request = ("POST", "/api/v1/departments/", b'{"code":"spa"}')
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[old]):
        assert run_once(employee=maria, key="k1", fingerprint=fingerprint(*request), do=create(maria))[2]
    with (
        override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[]),
        pytest.raises(Refused, match="another request"),
    ):
        run_once(employee=maria, key="k1", fingerprint=fingerprint(*request), do=create(maria))
    assert Department.objects.count() == 1


# --- several at once ----------------------------------------------------------------------------------------------


def in_threads(*jobs):
    """Runs the jobs at once, each on a connection of its own; answers what each gave or raised."""
    results = [None] * len(jobs)
    together = threading.Barrier(len(jobs))

    def run(place, job):
        try:
            together.wait()
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=job) for job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.races
def test_eight_at_once_have_one_effect_and_one_answer(own_database):
    maria = make.EmployeeFactory(username="maria")
    job = lambda: run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))  # noqa: E731
    results = in_threads(*[job] * 8)
    assert {status for status, _, _ in results} == {201}
    assert len({answer["id"] for _, answer, _ in results}) == 1
    assert [replayed for _, _, replayed in results].count(False) == 1
    assert Department.objects.count() == 1


@pytest.mark.races
def test_of_two_bodies_under_one_key_at_once_one_is_done_and_the_other_refused(own_database):
    maria = make.EmployeeFactory(username="maria")
    results = in_threads(
        lambda: run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria)),
        lambda: run_once(employee=maria, key="k1", fingerprint=OTHER_BODY, do=create(maria, "bar")),
    )
    [refused] = [one for one in results if isinstance(one, Exception)]
    assert refused.code == "key_reused"
    assert Department.objects.count() == 1


@pytest.mark.races
def test_who_meets_the_first_under_way_does_it_when_the_first_is_refused(own_database):
    maria = make.EmployeeFactory(username="maria")
    begun = threading.Event()

    def refuse():
        begun.set()
        time.sleep(0.3)
        raise NotPossible("not_now", "Not now.")

    def second():
        begun.wait()
        return run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))

    results = in_threads(lambda: run_once(employee=maria, key="k1", fingerprint=BODY, do=refuse), second)
    assert isinstance(results[0], NotPossible)
    assert (results[1][0], results[1][2]) == (201, False)


@pytest.mark.races
def test_who_waits_too_long_for_the_first_is_told_that_it_is_under_way(own_database, monkeypatch):
    monkeypatch.setattr(once, "PATIENCE", 1)
    maria = make.EmployeeFactory(username="maria")
    begun, done = threading.Event(), threading.Event()

    def slow():
        begun.set()
        done.wait(60)
        return create(maria)()

    def second():
        begun.wait()
        started = time.monotonic()
        try:
            return run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
        except Refused as refused:
            return refused.code, refused.status, time.monotonic() - started
        finally:
            done.set()

    results = in_threads(lambda: run_once(employee=maria, key="k1", fingerprint=BODY, do=slow), second)
    assert results[0][:1] == (201,)
    assert results[1][:2] == ("in_progress", 409)
    assert 0.9 < results[1][2] < 50  # the first was still at it
    assert Department.objects.count() == 1


@pytest.mark.races
@pytest.mark.sqlite
def test_who_only_meets_a_busy_moment_waits_on(own_database, monkeypatch):
    monkeypatch.setattr(once, "PATIENCE", 1)
    maria = make.EmployeeFactory(username="maria")
    begun = threading.Event()

    def somebody_else():
        with transaction.atomic():
            begun.set()
            time.sleep(2)

    def ours():
        begun.wait()
        return run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))

    results = in_threads(somebody_else, ours)
    assert results[1][0] == 201


@pytest.mark.races
def test_three_processes_at_once_have_one_effect_and_one_answer(own_database, tmp_path):
    maria = make.EmployeeFactory(username="maria")

    def ours(number):
        answer = run_once(employee=maria, key="k1", fingerprint=BODY, do=create(maria))
        (tmp_path / number).write_text(repr(answer))

    assert at_once(ours, ["1", "2", "3"]) == [0, 0, 0]
    told = {"id": str(Department.objects.get().pk), "code": "spa"}
    answers = sorted((tmp_path / number).read_text() for number in "123")
    assert answers == [repr((201, told, False)), repr((201, told, True)), repr((201, told, True))]
