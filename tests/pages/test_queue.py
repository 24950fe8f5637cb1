"""Who waits for whom, and the four answers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from empower.incidents.services import log_incident
from empower.shipped import ANSWERS, answer_in_readers_words
from empower.spending.forms.answering import QUICK_WORDS
from empower.spending.services import approve_spend, decline_spend, give_spend, resolve_incident

from .conftest import gesture, once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database

URL = "/approvals/"


@pytest.fixture
def asked(scene, incident):
    """maria asks omar for 3,000.00."""
    return ask(scene.maria, incident, 300_000, reason="He did not sleep.").approval


def ask(actor, incident, amount, **words):
    return give_spend(
        actor=actor,
        incident=incident,
        guest=incident.guests.get(),
        gesture=gesture("refund"),
        amount=amount,
        currency=incident.property.currency,
        **words,
    )


def answer(asked, **fields):
    return f"{URL}{asked.pk}/answer/", once(version=asked.version) | fields


def test_the_queue_shows_the_request_and_what_the_person_had_left(as_, scene, asked):
    page = text_of(as_(scene.omar).get(URL))
    assert "One person is waiting for you" in page
    assert "Maria asks for $3,000" in page
    assert "“He did not sleep.”" in page
    assert "Maria may still give $2,000. This request is $1,000 above that." in page


def test_the_one_who_asked_does_not_find_it_in_their_queue(as_, scene, asked):
    assert "Nobody waits for you" in text_of(as_(scene.maria).get(URL))


def test_an_answer_of_one_tap_is_read_in_the_language_of_who_reads_it(as_, scene, asked, incident):
    spanish = as_(scene.omar)
    spanish.cookies["django_language"] = "es"
    page = spanish.get(f"{URL}{asked.pk}/?answer=no").content.decode()
    [word] = set(re.findall(r'value="(Something else[^"]*)"', page))
    assert word not in re.sub(r'value="[^"]*"', "", page)
    url, form = answer(asked, answer="no", quick=word)
    spanish.post(url, form)
    asked.refresh_from_db()
    assert asked.reason == "Something else fits better: let us talk."
    arabic = as_(scene.maria)
    arabic.cookies["django_language"] = "ar"
    read = arabic.get(f"/incidents/{incident.pk}/").content.decode()
    with translation.override("ar"):
        assert f"“{answer_in_readers_words(asked.reason)}”" in read
    assert asked.reason not in read
    assert f"“{asked.reason}”" in text_of(as_(scene.tomas).get(f"/incidents/{incident.pk}/"))


def test_every_answer_of_one_tap_ships_in_every_language():
    assert {word for words in QUICK_WORDS.values() for word in words} == set(ANSWERS)


def test_another_property_sees_nothing(as_, scene, asked):
    assert "Nobody waits for you" in text_of(as_(scene.gina).get(URL))
    assert as_(scene.gina).get(f"{URL}{asked.pk}/").status_code == 404
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    assert as_(scene.gina).post(url, form).status_code == 404


def test_the_general_manager_may_answer_what_is_with_the_manager(as_, scene, asked):
    page = text_of(as_(scene.grace).get(URL))
    assert "Nobody waits for you" in page
    assert "With somebody else now; you may answer too" in page


def test_the_badge_counts_what_waits(as_, scene, asked):
    assert "waiting: 1" in text_of(as_(scene.omar).get("/incidents/"))
    assert "waiting:" not in text_of(as_(scene.grace).get("/incidents/"))


def test_yes_posts_and_the_employee_reads_why(as_, scene, asked, incident):
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    response = as_(scene.omar).post(url, form, follow=True)
    assert "Yes to $3,000. Maria sees it at once." in text_of(response)
    page = text_of(as_(scene.maria).get(f"/incidents/{incident.pk}/"))
    assert "Omar said yes" in page
    assert "“Yes, go ahead.”" in page
    assert "You may still give Jones $2,000" in page


def test_yes_with_less(as_, scene, asked):
    url, form = answer(asked, answer="less", amount="2,500.00", reason="It covers it.")
    as_(scene.omar).post(url, form)
    asked.refresh_from_db()
    assert (asked.status, asked.decided_amount, asked.reason) == ("approved", 250_000, "It covers it.")


def test_less_without_an_amount_is_asked_for_and_the_reason_is_kept(as_, scene, asked):
    url, form = answer(asked, answer="less", reason="It covers it.")
    response = as_(scene.omar).post(url, form)
    assert response.status_code == 400
    assert response.context["form"].errors["amount"]
    assert "It covers it." in response.content.decode()


def test_more_than_was_asked_for_is_refused_beside_the_amount(as_, scene, asked):
    url, form = answer(asked, answer="less", amount="3000.01", reason="More.")
    response = as_(scene.omar).post(url, form)
    assert response.status_code == 400
    assert response.context["form"].errors["amount"]


def test_no_wants_a_reason(as_, scene, asked):
    url, form = answer(asked, answer="no")
    assert as_(scene.omar).post(url, form).status_code == 400
    asked.refresh_from_db()
    assert asked.status == "open"
    url, form = answer(asked, answer="no", quick="Something else fits better: let us talk.")
    as_(scene.omar).post(url, form)
    asked.refresh_from_db()
    assert asked.status == "declined"


def test_a_question_stops_the_clock(as_, scene, asked):
    url, form = answer(asked, answer="ask", reason="Is he still in house?")
    as_(scene.omar).post(url, form)
    asked.refresh_from_db()
    assert asked.question == "Is he still in house?"
    assert asked.question_asked_at is not None
    assert "the clock stands still" in text_of(as_(scene.omar).get(URL))


def test_nobody_answers_their_own(as_, scene, incident):
    asked = ask(scene.omar, incident, 300_000).approval
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    response = as_(scene.omar).post(url, form)
    assert response.status_code == 403
    assert "Nobody decides on their own request" in text_of(response)


def test_a_stale_answer_shows_how_it_stands(as_, scene, asked):
    decline_spend(actor=scene.grace, approval=asked, reason="Less would do.")
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    response = as_(scene.omar).post(url, form)
    assert response.status_code == 409
    page = text_of(response)
    assert "Grace was first" in page
    assert "“Less would do.”" in page


def test_a_total_that_moved_is_looked_at_again(as_, scene, asked, incident):
    ask(scene.maria, incident, 250_000)
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    response = as_(scene.omar).post(url, form)
    assert response.status_code in (403, 409)
    asked.refresh_from_db()
    assert asked.status == "open"


def test_a_double_tap_decides_once(as_, scene, asked):
    url, form = answer(asked, answer="yes", quick="Yes, go ahead.")
    client = as_(scene.omar)
    assert client.post(url, form).status_code == client.post(url, form).status_code == 302


def test_a_yes_by_phone_is_confirmed_by_who_is_named(as_, scene, incident):
    asked = ask(scene.maria, incident, 300_000, verbal_approval_by=scene.omar).approval
    assert "a yes by phone, to confirm" in text_of(as_(scene.omar).get(URL))
    assert "Nobody is waiting" in text_of(as_(scene.grace).get(URL))
    url, form = answer(asked, answer="confirm", quick="Yes, that was me.")
    as_(scene.omar).post(url, form)
    asked.refresh_from_db()
    assert asked.status == "confirmed"


def test_a_yes_that_was_not_given_is_denied(as_, scene, incident):
    asked = ask(scene.maria, incident, 300_000, verbal_approval_by=scene.omar).approval
    assert "That yes was not mine" in text_of(as_(scene.omar).get(f"{URL}{asked.pk}/?answer=deny"))
    url, form = answer(asked, answer="deny", reason="I was asleep.")
    as_(scene.omar).post(url, form)
    asked.refresh_from_db()
    assert asked.status == "denied"


@pytest.mark.parametrize("words", ["less", "ask", "no"])
def test_each_answer_has_a_page_of_its_own(as_, scene, asked, words):
    page = as_(scene.omar).get(f"{URL}{asked.pk}/?answer={words}").content.decode()
    assert f'value="{words}"' in page


def test_similar_cases_come_as_a_piece(as_, scene, asked):
    assert "No similar case yet" in text_of(as_(scene.omar).get(f"{URL}{asked.pk}/similar/"))
    assert as_(scene.gina).get(f"{URL}{asked.pk}/similar/").status_code == 404


def test_of_few_similar_cases_each_sum_is_told(as_, scene, asked):
    def another_got(amount):
        past = log_incident(
            actor=scene.maria, property=scene.lax, guests=[scene.rivera], category=asked.spend.incident.category
        )
        give_spend(
            actor=scene.maria,
            incident=past,
            guest=scene.rivera,
            gesture=gesture("meal" if amount else "apology"),
            amount=amount,
            currency="USD",
        )
        resolve_incident(actor=scene.maria, incident=past, outcome="recovered")

    another_got(0)
    assert "only what costs nothing" in text_of(as_(scene.omar).get(f"{URL}{asked.pk}/similar/"))
    another_got(4_000)
    another_got(9_050)
    assert "What they got $40 · $90.50" in text_of(as_(scene.omar).get(f"{URL}{asked.pk}/similar/"))


@pytest.mark.long("postgresql")  # as many on either engine
def test_a_long_queue_asks_no_more_queries(as_, scene):
    client = as_(scene.omar)

    def queries_of_the_page():
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    def queue_up(how_many):
        for _ in range(how_many):
            one = log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": "Dr Haddad"}])
            ask(scene.maria, one, 300_000)

    queue_up(10)
    few = queries_of_the_page()
    queue_up(20)
    assert queries_of_the_page() == few


def test_an_answered_request_shows_what_was_said_yes_to_and_no_clock(as_, scene, asked):
    approve_spend(actor=scene.omar, approval=asked, reason="At the house rate", amount=250_000)
    page = as_(scene.omar).get(f"/approvals/{asked.pk}/").content.decode()
    assert "Asked for $3,000, said yes to $2,500." in page
    assert "goes on to a deputy" not in page
    assert "above that" not in page


@pytest.mark.parametrize("who", ["ada", "admin"])
def test_who_answers_nothing_is_told_so_and_led_to_the_review_desk(as_, scene, asked, who):
    page = as_(getattr(scene, who)).get("/approvals/").content.decode()
    assert "You do not answer requests" in page
    assert 'href="/admin/"' in page
