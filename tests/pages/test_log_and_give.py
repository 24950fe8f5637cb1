"""Who, what, gave: one sending, and what it leaves behind."""

import pytest

from empower.incidents.models import Guest, Incident
from empower.spending.models import Approval, Spend

from .conftest import once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database

URL = "/incidents/log/"


def sent(scene, **fields):
    return once(guest=str(scene.jones.pk), category="room", exactly="room_noise", do="give") | fields


def test_the_page_says_what_may_be_given_before_anything_is_typed(as_, scene):
    page = text_of(as_(scene.maria).get(URL))
    assert "You may still give $2,000" in page


def test_one_sending_writes_it_down_and_gives(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="meal", amount="150.00"))
    spend = Spend.objects.get()
    assert response.status_code == 302
    assert response.url == f"/incidents/{spend.incident_id}/"
    assert (spend.status, spend.amount, spend.employee, spend.guest) == ("posted", 15000, scene.maria, scene.jones)
    assert (spend.incident.category.code, spend.incident.kind) == ("room_noise", "recovery")


def test_the_toast_says_what_is_left(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="meal", amount="150.00"), follow=True)
    assert "Meal, $150, is given. You may still give $1,850." in text_of(response)


def test_without_a_gesture_it_is_only_written_down(as_, scene):
    as_(scene.maria).post(URL, sent(scene, gesture=""))
    assert Incident.objects.count() == 1
    assert not Spend.objects.exists()


def test_a_double_tap_gives_once(as_, scene):
    client, form = as_(scene.maria), sent(scene, gesture="meal", amount="150")
    first, second = client.post(URL, form), client.post(URL, form)
    assert first.url == second.url
    assert Incident.objects.count() == Spend.objects.count() == 1


def test_the_same_page_sent_again_with_other_answers_gives_nothing_unasked(as_, scene):
    client, form = as_(scene.maria), sent(scene, gesture="meal", amount="150")
    client.post(URL, form)
    again = client.post(URL, form | {"amount": "160"})
    assert again.status_code == 422
    assert "sent before" in text_of(again)
    assert Spend.objects.count() == 1
    new_key = again.context["form"]["once"].value()
    assert client.post(URL, form | {"amount": "160", "once": new_key}).status_code == 302
    assert Spend.objects.count() == 2


def test_a_new_guest_is_written_down_with_the_incident(as_, scene):
    as_(scene.maria).post(URL, once(guest="new", new_name="Dr Haddad", new_room="1412", category="room", do="give"))
    guest = Guest.objects.get(name="Dr Haddad")
    assert (guest.room, guest.property) == ("1412", scene.lax)
    assert guest.incidents.get().recorded_by == scene.maria


def test_a_name_alone_is_a_new_guest(as_, scene):
    as_(scene.maria).post(URL, once(new_name="Dr Haddad", do="give"))
    assert Incident.objects.get().guests.get().name == "Dr Haddad"


def test_nobody_chosen_is_said_beside_the_guests_and_keeps_what_was_typed(as_, scene):
    response = as_(scene.maria).post(URL, once(gesture="meal", amount="150", note="  two plates "))
    assert response.status_code == 400
    assert "Choose a guest, or write a new name." in text_of(response)
    assert response.context["open"] == "who"
    body = response.content.decode()
    assert 'value="150"' in body
    assert 'value="  two plates "' in body
    assert not Incident.objects.exists()


def test_a_guest_of_another_property_is_not_there(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, guest=str(scene.smith.pk)))
    assert response.status_code == 400
    assert not Incident.objects.exists()


# --- above what may be given ---------------------------------------------------------------------------------------


def test_above_the_limit_it_is_offered_not_sent(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2,300"))
    page = text_of(response)
    assert response.status_code == 200
    assert "Give $2,000, ask for $300" in page
    assert "Give $2,000 only" in page
    assert "Ask for all $2,300" in page
    assert "The $300 goes to a manager" in page
    assert not Incident.objects.exists()


def test_exactly_the_limit_is_given(as_, scene):
    as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2000.00"))
    assert Spend.objects.get().status == "posted"


def test_one_cent_above_the_limit_is_offered(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2000.01"))
    assert "Give $2,000, ask for $0.01" in text_of(response)
    assert not Spend.objects.exists()


def test_the_split_gives_and_asks(as_, scene):
    form = sent(scene, gesture="refund", amount="2300", do="split", shown="200000", reason="He did not sleep.")
    response = as_(scene.maria).post(URL, form, follow=True)
    given, asked = Spend.objects.order_by("pk")
    assert (given.status, given.amount) == ("posted", 200_000)
    assert (asked.status, asked.amount, asked.reason) == ("pending", 30_000, "He did not sleep.")
    assert "$300 is asked for: it goes to a manager." in text_of(response)


def test_only_what_i_may_gives_no_more(as_, scene):
    as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2300", do="less", shown="200000"))
    assert [(spend.status, spend.amount) for spend in Spend.objects.all()] == [("posted", 200_000)]


def test_asking_for_all_gives_nothing_yet(as_, scene):
    as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2300", do="all", shown="200000"))
    assert [(spend.status, spend.amount) for spend in Spend.objects.all()] == [("pending", 230_000)]


def test_a_split_that_was_offered_on_other_terms_is_offered_anew(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="refund", amount="2300", do="split", shown="150000"))
    assert response.status_code == 200
    assert "Give $2,000, ask for $300" in text_of(response)
    assert not Spend.objects.exists()


def test_a_yes_by_phone_gives_at_once(as_, scene):
    form = sent(scene, gesture="refund", amount="2300", verbal_approval_by=str(scene.omar.pk))
    as_(scene.maria).post(URL, form)
    assert Spend.objects.get().status == "posted"
    assert Approval.objects.get().named == scene.omar


def test_a_yes_by_phone_of_somebody_who_may_not_is_refused_and_nothing_is_written(as_, scene):
    form = sent(scene, gesture="refund", amount="9000", verbal_approval_by=str(scene.omar.pk))
    response = as_(scene.maria).post(URL, form)
    assert response.status_code == 403
    assert response.context["form"].errors["verbal_approval_by"]
    assert not Incident.objects.exists()


# --- amounts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("150", 15_000),
        ("150.00", 15_000),
        ("1,850.00", 185_000),
        ("$1,850", 185_000),
        (" 12.5 ", 1250),
        ("١٥٠", 15_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(as_, scene, typed, minor):
    as_(scene.maria).post(URL, sent(scene, gesture="meal", amount=typed))
    assert Spend.objects.get().amount == minor


@pytest.mark.parametrize("typed", ["1,85", "1.850", "1,2,3", "abc", "-5", "12.345", "1e3", "0"])
def test_an_amount_that_can_be_misread_is_refused_and_kept(as_, scene, typed):
    response = as_(scene.maria).post(URL, sent(scene, gesture="meal", amount=typed))
    assert response.status_code == 400
    assert response.context["form"].errors["amount"]
    assert f'value="{typed}"' in response.content.decode()
    assert not Incident.objects.exists()


def test_yen_have_no_decimals(as_, scene):
    client = as_(scene.haruka)
    form = once(guest=str(scene.sato.pk), gesture="meal", do="give")
    assert client.post(URL, form | {"amount": "5000.50"}).status_code == 400
    client.post(URL, form | {"amount": "¥5,000"})
    assert Spend.objects.get().amount == 5000


def test_a_free_gesture_needs_no_amount(as_, scene):
    as_(scene.maria).post(URL, sent(scene, gesture="handwritten_note"))
    assert [(spend.status, spend.amount) for spend in Spend.objects.all()] == [("posted", 0)]


def test_a_costing_gesture_asks_how_much(as_, scene):
    response = as_(scene.maria).post(URL, sent(scene, gesture="meal", amount=""))
    assert response.context["form"].errors["amount"]
    assert response.context["open"] == "amount"


# --- who -----------------------------------------------------------------------------------------------------------


def test_an_auditor_gives_nothing(as_, scene):
    assert as_(scene.ada).get(URL).status_code == 403


def test_a_leader_says_first_at_which_property(as_, scene):
    client = as_(scene.chen)
    assert "At which property?" in text_of(client.get(URL))
    assert client.get(URL, {"property": "KYO"}).context["place"] == scene.kyo


def test_a_stranger_signs_in_first(client):
    response = client.get(URL)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_guests_are_found_by_name_and_by_room_at_ones_own_property_alone(as_, scene):
    client = as_(scene.maria)
    assert scene.jones.name in text_of(client.get("/incidents/log/guests/", {"find": scene.jones.name[:3]}))
    assert scene.jones.name in text_of(client.get("/incidents/log/guests/", {"find": scene.jones.room}))
    assert scene.smith.name not in text_of(client.get("/incidents/log/guests/", {"find": scene.smith.name}))


def test_a_time_is_on_the_clock_of_the_property(as_, scene):
    form = sent(scene, occurred_at="2026-11-20T15:00", reported_at="2026-11-20T15:10")
    as_(scene.maria).post(URL, form)
    assert Incident.objects.get().occurred_at.isoformat() == "2026-11-20T23:00:00+00:00"


def test_the_narrative_is_kept_as_sent(as_, scene):
    as_(scene.maria).post(URL, sent(scene, narrative="  two\r\nlines  "))
    assert Incident.objects.get().narrative == "  two\r\nlines  "
