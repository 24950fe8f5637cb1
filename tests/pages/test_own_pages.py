"""Where the day begins, what one gave, who looked, and what a device remembers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.incidents.services import log_incident
from empower.recognition.services import give_thanks
from empower.spending.services import approve_spend, give_spend, resolve_incident
from empower.staff.services import note_record_opened

from .conftest import gesture, once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database


def give(scene, incident, amount, **words):
    return give_spend(
        actor=scene.maria,
        incident=incident,
        guest=incident.guests.get(),
        gesture=gesture("meal"),
        amount=amount,
        currency="USD",
        **words,
    )


@pytest.mark.parametrize(("name", "first"), [("maria", "/today/"), ("omar", "/approvals/"), ("admin", "/admin/")])
def test_the_day_begins_where_the_role_works(as_, scene, name, first):
    assert as_(getattr(scene, name)).get("/").url == first


@pytest.mark.parametrize("name", ["grace", "chen", "ada"])
def test_everybody_has_a_first_page(as_, scene, name):
    assert as_(getattr(scene, name)).get("/", follow=True).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["maria", "omar", "grace", "chen", "ada"])
def test_nobody_has_more_than_five_places(as_, scene, name):
    page = as_(getattr(scene, name)).get("/me/").content.decode()
    nav = page.split("<nav", 1)[1].split("</nav>", 1)[0]
    assert 0 < nav.count("<li") <= 5


def test_today_shows_what_waits_and_what_to_finish(as_, scene, incident):
    give(scene, incident, 300_000)
    give(scene, incident, 1000, promised_for=clock.now() + timedelta(days=1))
    page = text_of(as_(scene.maria).get("/today/"))
    assert "For every guest, every incident, you may give $2,000" in page
    assert "With the manager" in page
    assert "Meal, promised for tomorrow" in page
    assert "How did it end for Jones?" in page


def promise(scene, incident, **when):
    return give(scene, incident, 1000, promised_for=clock.now() + timedelta(**when))


def test_what_is_nearest_stands_first_and_what_is_long_ago_in_one_line(as_, scene, incident):
    with clock.standing_at(clock.now() - timedelta(days=400)):
        old = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.rivera])
        promise(scene, old, days=1)
    promise(scene, incident, days=2)
    promise(scene, incident, minutes=20)
    page = as_(scene.maria).get("/me/")
    near, later = page.context["unfinished"].promises
    assert near.promised_for < later.promised_for
    assert [one.pk for one in page.context["unfinished"].incidents] == [incident.pk]
    assert "And 2 more, from before" in text_of(page)
    assert "Rivera" not in text_of(page).split("What you gave, and how it ended")[0]
    whole = as_(scene.maria).get("/me/to-finish/")
    assert whole.context["unfinished"].incidents == [incident, old]
    assert [one.incident for one in whole.context["unfinished"].promises] == [incident, incident, old]
    assert "from before" not in text_of(whole)


def test_nobody_finishes_for_another(as_, scene, incident):
    promise(scene, incident, minutes=20)
    assert "Nothing is left to finish." in text_of(as_(scene.tomas).get("/me/to-finish/"))
    assert as_(scene.admin).get("/me/to-finish/").status_code == 403


def test_today_shows_the_answer(as_, scene, incident):
    spend = give(scene, incident, 300_000)
    approve_spend(actor=scene.omar, approval=spend.approval, reason="Walk them up yourself.")
    page = text_of(as_(scene.maria).get("/today/"))
    assert "“Walk them up yourself.” Omar said yes" in page


def test_the_own_page_shows_what_one_gave_and_nobody_elses(as_, scene, incident):
    give(scene, incident, 15_000)
    assert "Jones · Room not ready Still open $150" in text_of(as_(scene.maria).get("/me/"))
    assert "$150" not in text_of(as_(scene.tomas).get("/me/"))


def test_the_own_page_says_what_is_left_on_what_is_open(as_, scene, incident):
    give(scene, incident, 15_000)
    page = text_of(as_(scene.maria).get("/me/"))
    assert "How did it end for Jones?" in page
    assert "A few words on what happened are still missing. You may still give $1,850" in page
    assert "You may still give" not in text_of(as_(scene.tomas).get("/me/"))


def test_the_own_page_shows_ones_own_figures_and_thanks_and_nobody_elses(as_, scene, incident):
    give(scene, incident, 15_000)
    give_thanks(actor=scene.omar, incident=incident, receiver=scene.maria, text="You carried the boy.")
    mine, other = (text_of(as_(who).get("/me/")) for who in (scene.maria, scene.tomas))
    assert "Acts of your own accord 1 of 1 Ended well n/a no end is known yet Your usual gift $150 the only one" in mine
    assert "You carried the boy. Omar · Front_desk · Today" in mine
    assert "When a colleague thanks you, it comes to stand here." in other
    assert "usual gift" not in other


def test_a_gift_shows_how_it_ended_for_its_own_guest(as_, scene):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones, scene.rivera])
    give_spend(
        actor=scene.maria, incident=incident, guest=scene.jones, gesture=gesture("meal"), amount=4_000, currency="USD"
    )
    told = [{"id": scene.jones.pk, "outcome": "recovered"}, {"id": scene.rivera.pk, "outcome": "lost"}]
    resolve_incident(actor=scene.tomas, incident=incident, guests=told)
    page = text_of(as_(scene.maria).get("/me/"))
    assert "Jones · Recovery Recovered $40" in page


def test_more_that_is_open_asks_no_more_queries(as_, scene):
    client = as_(scene.maria)
    counts = []
    for _ in range(2):
        for _ in range(3):
            again = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones, scene.rivera])
            give_spend(
                actor=scene.maria, incident=again, guest=scene.jones, gesture=gesture("meal"), amount=10, currency="USD"
            )
        with CaptureQueriesContext(connection) as asked:
            client.get("/me/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_whoever_looked_is_told_to_the_person_and_to_nobody_else(as_, scene):
    assert "Who looked at your record Nobody has." in text_of(as_(scene.maria).get("/me/"))
    note_record_opened(actor=scene.grace, employee=scene.maria, how="opened")
    assert "Grace General manager" in text_of(as_(scene.maria).get("/me/"))
    assert "Nobody has." in text_of(as_(scene.tomas).get("/me/"))


def test_own_acts_ask_no_more_queries(as_, scene, incident, django_assert_max_num_queries):
    for _ in range(15):
        give(scene, incident, 1000)
    client = as_(scene.maria)
    client.get("/me/")
    with django_assert_max_num_queries(20):
        client.get("/me/")


def test_light_or_dark_is_remembered_on_the_device(as_, scene):
    client = as_(scene.maria)
    client.post("/choose/theme/", {"theme": "dark", "next": "/me/"})
    assert 'data-theme="dark"' in client.get("/me/").content.decode()
    client.post("/choose/theme/", {"theme": "", "next": "/me/"})
    assert "data-theme" not in client.get("/me/").content.decode()


def test_the_language_is_kept_with_the_person(as_, scene):
    client = as_(scene.maria)
    client.post("/choose/language/", {"language": "ar", "next": "/me/"})
    scene.maria.refresh_from_db()
    assert scene.maria.language == "ar"
    assert '<html lang="ar" dir="rtl"' in client.get("/me/").content.decode()


def test_nobody_is_sent_elsewhere(as_, scene):
    response = as_(scene.maria).post("/choose/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response.url == "/"


def test_signing_in_and_out(client, scene, settings):
    settings.DEBUG = True  # the demo's password opens nothing else
    page = text_of(client.get("/accounts/login/"))
    assert "Staff name" in page
    wrong = client.post("/accounts/login/", {"login": "maria", "password": "not this one"})
    assert "One answer" not in text_of(wrong)
    assert 'role="alert"' in wrong.content.decode()
    assert client.post("/accounts/login/", {"login": "maria", "password": "demo"}).url == "/"
    assert "Sign out" in text_of(client.get("/me/"))
    client.post("/accounts/logout/")
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("url", ["/nowhere/", "/incidents/0/", "/approvals/999999/"])
def test_what_is_not_there_is_said_in_the_look(as_, scene, url):
    response = as_(scene.maria).get(url)
    assert response.status_code == 404
    assert "There is nothing here" in text_of(response)


def test_what_is_not_ones_own_to_open_is_said_in_the_look(as_, scene):
    response = as_(scene.ada).get("/incidents/log/")
    assert response.status_code == 403
    assert "This is not yours to open" in text_of(response)


def test_a_form_without_its_token_is_refused_in_the_look(scene):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.maria)
    response = client.post("/incidents/log/", once(do="give"))
    assert response.status_code == 403
    assert "Please send it again" in text_of(response)


def test_a_mistake_of_ours_is_said_in_the_look(as_, scene, monkeypatch):
    from empower.incidents.views import FilterForm

    monkeypatch.setattr(FilterForm, "__init__", lambda *_, **__: 1 / 0)
    client = as_(scene.maria)
    client.raise_request_exception = False
    response = client.get("/incidents/")
    assert response.status_code == 500
    assert "This one is our mistake" in text_of(response)


@pytest.mark.parametrize(
    "url", ["/today/", "/me/", "/incidents/", "/incidents/log/", "/approvals/", "/accounts/login/"]
)
def test_no_page_carries_a_script_or_a_style_of_its_own(as_, scene, url):
    import re

    response = as_(scene.omar).get(url, follow=True)
    body = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(src=|application/json))", body)
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
