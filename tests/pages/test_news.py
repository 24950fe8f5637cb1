"""The answer comes to the page that waits for it: what the page asks, how often, and at what price."""

from datetime import timedelta

import pytest

from empower import clock
from empower.spending.queries.news import read_versions
from empower.spending.services import approve_spend, ask_about_spend, decline_spend, reply_about_spend

from .test_own_pages import give

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database


def poll_of(page):
    """What the page asks by itself, or None."""
    from html import unescape
    from re import search

    found = search(r'id="answers"[^>]*hx-get="([^"]+)" hx-trigger="every (\d+)s"', page.content.decode())
    return (unescape(found[1]), int(found[2])) if found else None


@pytest.mark.parametrize("page", ["/today/", "/me/", "incident"])
def test_a_page_with_a_request_that_waits_asks_and_any_other_does_not(as_, scene, incident, page):
    client = as_(scene.maria)
    page = f"/incidents/{incident.pk}/" if page == "incident" else page
    assert poll_of(client.get(page)) is None
    assert "htmx" not in client.get(page).content.decode()
    spend = give(scene, incident, 300_000)
    url, every = poll_of(client.get(page))
    assert every == 3
    assert client.get(url).status_code == 204
    approve_spend(actor=scene.omar, approval=spend.approval, reason="Go ahead.")
    answer = client.get(url)
    said = answer.content.decode()
    assert "Omar said yes: give $3,000." in said
    assert "“Go ahead.”" in said
    assert f'id="state-{spend.approval.pk}"' in said
    assert poll_of(answer) is None  # it has been decided: nothing is asked any more


def test_nobody_elses_page_asks_for_it(as_, scene, incident):
    spend = give(scene, incident, 300_000)
    url, _ = poll_of(as_(scene.maria).get(f"/incidents/{incident.pk}/"))
    assert poll_of(as_(scene.tomas).get(f"/incidents/{incident.pk}/")) is None
    approve_spend(actor=scene.omar, approval=spend.approval, reason="Go ahead.")
    assert "Omar" not in as_(scene.tomas).get(url).content.decode()
    assert "Omar" not in as_(scene.grace).get(url).content.decode()


def test_an_answer_with_less_a_no_and_a_question_say_so(as_, scene, incident):
    client = as_(scene.maria)
    less, no, asked = (give(scene, incident, amount) for amount in (310_000, 20_000_00, 21_000_00))
    url, _ = poll_of(client.get("/today/"))
    decline_spend(actor=scene.chen, approval=no.approval, reason="Not this time.")
    ask_about_spend(actor=scene.chen, approval=asked.approval, question="For how many?")
    said = client.get(url)
    text = said.content.decode()
    assert "Chen said no to $20,000." in text
    assert "Chen has a question for you." in text
    again, _ = poll_of(said)
    assert client.get(again).status_code == 204
    asked.approval.refresh_from_db()
    reply_about_spend(actor=scene.maria, approval=asked.approval, reply="Four.")
    less.approval.refresh_from_db()
    approve_spend(actor=scene.chen, approval=less.approval, reason="Yes.", amount=200_00)
    assert "Chen said yes, with less: give $200." in client.get(again).content.decode()


def test_it_asks_seldomer_the_longer_nobody_answers(as_, scene, incident):
    client, at = as_(scene.maria), clock.now()
    with clock.standing_at(at):
        give(scene, incident, 300_000)
        url, every = poll_of(client.get("/today/"))
    assert every == 3
    for minutes, seconds in ((3, 6), (11, 20), (61, 60)):
        with clock.standing_at(at + timedelta(minutes=minutes)):
            answer = client.get(url)
            assert "toast" not in answer.content.decode()
            url, every = poll_of(answer)
            assert every == seconds
            assert client.get(url).status_code == 204


def test_asking_costs_three_queries(as_, scene, incident, django_assert_num_queries):
    for _ in range(3):
        give(scene, incident, 300_000)
    client = as_(scene.maria)
    url, _ = poll_of(client.get("/today/"))
    with django_assert_num_queries(3):  # the session, its person, the requests by their keys
        assert client.get(url).status_code == 204


def test_whoever_is_signed_out_meanwhile_is_asked_to_sign_in(client, scene):
    for url in ("/approvals/answers/?known=1.1", "/approvals/waiting/?known=0"):
        answer = client.get(url)
        assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.x", "-", "1.1.1", "²".join("1.1"), "9" * 30 + ".1", "1." + "9" * 30, "1.1-" * 500]
)
def test_an_address_that_says_nothing_is_no_error(as_, scene, text):
    assert all(isinstance(pk, int) for pk in read_versions(text))
    assert as_(scene.maria).get("/approvals/answers/", {"known": text}).status_code in (200, 204)


def test_the_managers_count_keeps_up(as_, scene, incident, django_assert_max_num_queries):
    client = as_(scene.omar)
    assert 'hx-get="/approvals/waiting/?known=0&amp;on=queue"' in client.get("/approvals/").content.decode()
    assert client.get("/approvals/waiting/?known=0").status_code == 204
    give(scene, incident, 300_000)
    with django_assert_max_num_queries(5):  # session, person, what is overdue, whom one stands in for, the queue
        said = client.get("/approvals/waiting/?known=0&on=queue").content.decode()
    assert "waiting: </span>1" in said
    assert "The queue has changed" in said
    assert "The queue has changed" not in client.get("/approvals/waiting/?known=0").content.decode()
    assert client.get("/approvals/waiting/?known=1").status_code == 204
