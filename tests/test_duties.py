"""What is done in the background: each duty for itself, and all of them until somebody says stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from math import log2

import pytest
from django.core.management import CommandError, call_command

from empower import duties
from empower.duties import Duty
from tests.own_database import CHECKOUT


def fail():
    raise RuntimeError("this duty fails")


def test_the_house_has_its_duties():
    assert {"overdue approvals", "webhooks", "old deliveries", "positions of events"} <= set(duties.DUTIES)


@pytest.mark.django_db
def test_one_that_fails_is_told_of_and_keeps_no_other_from_being_done(caplog):
    done = []
    failed = duties.do_each_once([Duty("bad", fail, 1), Duty("good", lambda: done.append(1), 1)])
    assert (failed, done) == (["bad"], [1])
    assert "The duty “bad” failed" in caplog.text
    assert "this duty fails" in caplog.text


@pytest.mark.django_db
def test_once_exits_with_1_when_one_failed(monkeypatch):
    call_command("worker", "--once")
    monkeypatch.setitem(duties.DUTIES, "bad", Duty("bad", fail, 1))
    with pytest.raises(CommandError, match="bad"):
        call_command("worker", "--once")


def test_one_that_hangs_or_fails_holds_up_no_other_and_none_is_busy():
    done, tries, hanging = [], [], threading.Event()

    def again_and_again():
        tries.append(1)
        fail()

    kept = [
        Duty("hangs", lambda: hanging.wait(60), 0.1),
        Duty("fails", again_and_again, 0.1),
        Duty("works", lambda: done.append(duties.stopping()), 0.1),
    ]
    began = time.monotonic()
    duties.keep(
        kept,
        still_wanted=lambda: (len(done) < 8 or len(tries) < 3) and time.monotonic() - began < 50,
        patience=0.2,
    )
    took = time.monotonic() - began
    hanging.set()
    assert 8 <= len(done) <= took / 0.1 + 2
    # 0.1 s doubled each time: after 0, 0.2, 0.6 and 1.4 seconds.
    assert 3 <= len(tries) <= log2(took / 0.2 + 1) + 2
    assert not duties.stopping()


def test_what_takes_long_hears_that_it_is_to_stop():
    heard, begun = [], threading.Event()

    def long():
        begun.set()
        while not duties.stopping():
            time.sleep(0.01)
        heard.append(1)

    duties.keep([Duty("long", long, 1)], still_wanted=lambda: not begun.is_set(), patience=60)
    assert heard == [1]


@pytest.mark.long("postgresql")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_ends_in_peace_even_where_its_shell_ignores_ctrl_c(own_database, how):
    worker = subprocess.Popen(
        [sys.executable, CHECKOUT / "manage.py", "worker"],
        env=own_database.environment,
        cwd=CHECKOUT,
        stderr=subprocess.PIPE,
        text=True,
        # As a shell does to what it starts in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        assert "The worker keeps" in worker.stderr.readline()
        worker.send_signal(how)
        said = worker.communicate(timeout=120)[1]
    finally:
        worker.kill()
    assert (worker.returncode, "Traceback" in said) == (0, False)


@pytest.mark.long("postgresql")
def test_the_worker_ends_with_the_process_that_started_it(own_database):
    """As `make run` starts it: beside a shell that becomes the server, which may be killed by any signal."""
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f"{sys.executable} manage.py worker --beside $$ & echo $!; exec sleep 600"],
        env=own_database.environment,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    worker = int(shell.stdout.readline())
    try:
        assert "The worker keeps" in shell.stderr.readline()
        shell.kill()
        ends = time.monotonic() + 120
        while _runs(worker) and time.monotonic() < ends:
            time.sleep(0.05)
        assert not _runs(worker)
    finally:
        if _runs(worker):
            os.kill(worker, signal.SIGKILL)
        shell.kill()
        shell.communicate()


def _runs(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
