"""The workshop's own tools: what a copy of the database keeps apart, and what a watched page may not do."""

import os
import threading
import urllib.request

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections

from tests import made_once
from tests.own_database import copied

People = get_user_model()


def join(username):
    person = People(username=username)
    person.set_password("a-long-secret")
    person.save()
    return person


def test_what_is_committed_is_seen_by_threads_and_processes(own_database):
    join("somebody")
    seen = []

    def look():
        seen.append(People.objects.filter(username="somebody").count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
    ask = "from django.contrib.auth import get_user_model as m; print(m().objects.filter(username='somebody').count())"
    assert own_database.run_manage("shell", "--no-imports", "-c", ask, check=True).stdout.strip() == "1"


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(own_database, turn):
    assert not People.objects.filter(username="somebody").exists()
    join("somebody")


@pytest.mark.django_db
def test_nothing_of_it_reaches_the_shared_one():
    assert not People.objects.filter(username="somebody").exists()
    assert not connection.settings_dict["NAME"].split("/")[-1].startswith("own")


def test_what_is_laid_out_is_made_once_and_each_copy_is_apart(django_db_setup, django_db_blocker, tmp_path):
    made = []

    def lay_out():
        join("somebody")
        made.append(1)
        return {"made": len(made)}

    with django_db_blocker.unblock():
        database, told = made_once.laid_out("somebody", lay_out)
        assert made_once.laid_out("somebody", lay_out) == (database, told) == (database, {"made": 1})
        assert not People.objects.filter(username="somebody").exists()
        for _ in range(2):
            with copied(tmp_path, of=database):
                assert People.objects.filter(username="somebody").update(username="another") == 1


def test_a_server_reads_and_writes_the_tests_database(served):
    with urllib.request.urlopen(f"{served.url}/accounts/login/") as answer:
        assert answer.status == 200
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.browser
@pytest.mark.postgres
@pytest.mark.long("postgresql")
def test_a_person_signs_in_with_a_real_browser(phone, served):
    join("somebody")
    phone.goto("/accounts/login/")
    phone.locator("[name=login]").fill("somebody")
    phone.locator("[name=password]").fill("a-long-secret")
    phone.watch.expect("status of 40[34]")  # somebody without a role has no page of their own
    with phone.expect_navigation():
        phone.locator("[name=password]").press("Enter")
    assert "sessionid" in {cookie["name"] for cookie in phone.context.cookies()}


@pytest.mark.browser
def test_a_page_is_watched(open_page, served):
    page = open_page(colour_scheme="dark")
    page.goto("/accounts/login/")
    page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>inline</p>");
        const image = document.createElement("img");
        image.src = "http://outside.invalid/x.png";
        document.body.append(image);
    }""")
    for _time in range(300):
        problems = " ".join(page.watch.unexpected())
        if "CSP refused style-src" in problems and "CSP refused img-src" in problems:
            break
        page.wait_for_timeout(100)
    assert "CSP refused style-src" in problems
    assert "CSP refused img-src http://outside.invalid" in problems
    page.watch.expect("CSP|Content Security Policy|outside.invalid|status of 404")


def test_the_engine_asked_for_is_the_engine_used():
    if os.environ.get("TEST_ENGINE"):
        assert connection.vendor == os.environ["TEST_ENGINE"]
