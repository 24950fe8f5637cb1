"""One's own tokens on a page: seen, made, shown once, taken back."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session

from empower import clock
from empower.staff.models import ApiToken, IdempotencyKey
from empower.staff.scopes import ALL, SAYS, may_have
from empower.staff.services import find_token, issue_token

from .conftest import once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database


def make(client, **fields):
    return client.post("/me/tokens/", once(**{"name": "till", "scopes": ["spends:read"], "lasts": "30"} | fields))


def secret_in(response):
    return response.context["secret"]


def test_every_scope_has_its_sentence():
    assert list(SAYS) == ALL


def test_the_own_page_leads_to_it(as_, scene):
    assert 'href="/me/tokens/"' in as_(scene.maria).get("/me/").content.decode()
    assert "None: no other system acts in your name." in text_of(as_(scene.maria).get("/me/tokens/"))


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/me/tokens/").url.startswith("/accounts/login/")


def test_one_may_tick_what_one_may_have_each_with_its_sentence(as_, scene):
    page = as_(scene.ada).get("/me/tokens/")
    assert [value for value, _ in page.context["form"].fields["scopes"].choices] == may_have(scene.ada)
    assert "Read the audit log" in text_of(page)
    assert "journal:write" not in page.content.decode()


def test_the_secret_is_shown_in_the_answer_alone_and_lies_nowhere(as_, scene, caplog):
    client = as_(scene.maria)
    answer = make(client)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    secret = secret_in(answer)
    token = find_token(secret=secret)
    assert (token.employee, token.scopes) == (scene.maria, ["spends:read"])
    assert abs(token.expires_at - clock.now() - timedelta(days=30)) < timedelta(minutes=1)
    random = secret.split("_", 2)[2]
    assert answer.content.decode().count(random) == 1
    assert random not in client.get("/me/tokens/").content.decode()
    assert not [one for one in Session.objects.all() if random in str(one.get_decoded())]
    assert not [one for one in IdempotencyKey.objects.values_list() if random in str(one)]
    assert not any(random in str(message) for message in get_messages(answer.wsgi_request))
    assert random not in str(client.cookies)
    assert random not in caplog.text
    assert "Location" not in answer.headers


def test_the_form_that_is_sent_again_makes_no_second_one_and_tells_no_secret(as_, scene):
    client, form = as_(scene.maria), once(name="till", scopes=["spends:read"], lasts="")
    first, again = [client.post("/me/tokens/", form) for _ in range(2)]
    assert secret_in(first)
    assert secret_in(again) is None
    assert "This form was sent before" in text_of(again)
    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"scopes": []}, "Tick at least one thing"),
        ({"scopes": ["journal:write"]}, "journal:write is not one of the available choices"),
        ({"lasts": "9999"}, "9999 is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(as_, scene, wrong, said):
    answer = make(as_(scene.maria), **wrong)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert not ApiToken.objects.exists()


def test_a_token_is_taken_back_by_one_tap(as_, scene):
    client = as_(scene.maria)
    secret = secret_in(make(client))
    token = ApiToken.objects.get()
    page = client.post(f"/me/tokens/{token.pk}/revoke/", once(), follow=True)
    assert "Taken back. It opens nothing any more." in text_of(page)
    assert "Ended" in text_of(page)
    assert find_token(secret=secret) is None
    again = client.post(f"/me/tokens/{token.pk}/revoke/", once())
    assert again.status_code == 409
    assert "taken back before" in text_of(again)


def test_nobody_sees_or_takes_back_anothers(as_, scene):
    token, secret = issue_token(actor=scene.omar, employee=scene.omar, name="the books of omar")
    for person in (scene.maria, scene.grace, scene.admin):
        client = as_(person)
        assert "the books of omar" not in text_of(client.get("/me/tokens/"))
        assert client.post(f"/me/tokens/{token.pk}/revoke/", once()).status_code == 404
    assert find_token(secret=secret)


def test_a_longer_list_asks_no_more_queries(as_, scene, django_assert_max_num_queries):
    client = as_(scene.maria)
    for number in range(8):
        issue_token(actor=scene.maria, employee=scene.maria, name=str(number))
    with django_assert_max_num_queries(7):
        client.get("/me/tokens/")


def test_the_page_carries_no_script_of_its_own(as_, scene):
    import re

    body = make(as_(scene.maria)).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)", body)
