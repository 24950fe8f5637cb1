"""What a shared phone lets in, what it does not, and when it ends."""

from datetime import timedelta

import pytest
from django.test import Client

from empower import clock
from empower.audit.models import AuditEvent
from empower.devices.middleware import COOKIE
from empower.devices.models import SharedDevice
from empower.devices.services import enrol_device, find_device, issue_pin_code, revoke_device, set_pin
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.journal.models import JournalEntry
from empower.recognition.services import give_thanks
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Gesture
from empower.spending.services import approve_spend, give_spend
from empower.staff.models import Employee
from tests.pages.conftest import once, text_of

from .conftest import CODE_PIN, PIN, phone_of, sign_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


def as_(employee):
    client = Client()
    client.force_login(employee)
    return client


def test_a_manager_enrols_the_phone_in_the_hand_and_is_signed_out_on_it(scene):
    client = as_(scene.omar)
    answer = client.post("/devices/", once(name="Front desk 2"))
    assert answer.url == "/accounts/login/"
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] > 300 * 24 * 3600
    device = SharedDevice.objects.get()
    secret = cookie.value.rsplit(":", 2)[0]
    assert find_device(secret=secret) == device
    assert secret not in str(SharedDevice.objects.values_list().get())
    assert secret not in AuditEvent.objects.get(verb="device.enrolled").body
    page = text_of(client.get("/accounts/login/"))
    assert "Front desk 2" in page
    assert "Staff number" in page
    assert "PIN" in page


def test_the_cookie_travels_over_tls_alone_in_production(scene, settings):
    settings.SECURE_COOKIES = True
    assert as_(scene.omar).post("/devices/", once(name="x")).cookies[COOKIE]["secure"]


@pytest.mark.parametrize("name", ["maria", "chen", "ada", "admin"])
def test_who_manages_no_property_enrols_nothing(scene, name):
    person = getattr(scene, name)
    with pytest.raises(NotPermitted):
        enrol_device(actor=person, name="x")
    assert as_(person).get("/devices/").status_code == 403
    assert not SharedDevice.objects.exists()


def test_on_an_enrolled_phone_a_pin_opens_and_elsewhere_it_says_what_a_wrong_one_says(maria, on_phone):
    wrong = sign_in(on_phone(), pin="918273")
    elsewhere = sign_in(Client())
    unknown = sign_in(on_phone(), number="nobody")
    assert wrong.status_code == elsewhere.status_code == unknown.status_code == 400
    said = [
        text_of(answer).split("That did not work", 1)[1].split("Staff number")[0]
        for answer in (wrong, elsewhere, unknown)
    ]
    assert len(set(said)) == 1
    client = on_phone()
    assert sign_in(client).url == "/"
    page = text_of(client.get("/", follow=True))
    assert "Maria" in page
    assert "Front desk 2" in page
    assert "Hand over" in page


def test_elsewhere_the_sign_in_page_knows_no_pin(client, scene):
    assert "PIN" not in text_of(client.get("/accounts/login/"))
    assert client.get("/devices/sign-in/").url == "/accounts/login/"
    assert client.get("/devices/first-time/").url == "/accounts/login/"


def test_a_cookie_of_ones_own_making_enrols_nothing(maria, device):
    for value in ("x" * 43, device.digest, f"{'x' * 43}:abc:def"):
        client = Client()
        client.cookies[COOKIE] = value
        assert sign_in(client).status_code == 400


def test_a_revoked_phone_ends_its_sessions_at_once(scene, maria, device, on_phone):
    client = on_phone()
    sign_in(client)
    assert client.get("/me/").status_code == 200
    revoke_device(actor=scene.omar, device=device)
    assert client.get("/me/").url.startswith("/accounts/login/")
    assert sign_in(client).status_code == 400
    with pytest.raises(NotPossible):
        revoke_device(actor=scene.omar, device=device)


def test_a_stolen_session_without_the_phones_cookie_is_over(maria, on_phone):
    client = on_phone()
    sign_in(client)
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 302  # and for everybody


def test_a_session_belongs_to_the_phone_it_began_on(scene, maria, on_phone):
    client = on_phone()
    sign_in(client)
    other = phone_of(enrol_device(actor=scene.omar, name="Bar")[1])
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    assert other.get("/me/").status_code == 302


def test_no_session_known_before_goes_on(scene, maria, on_phone):
    client = on_phone()
    client.get("/accounts/login/")
    session = client.session
    session["theirs"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.cookies["sessionid"].value != session.session_key
    # Somebody else, on top of a session: nothing of it stays.
    set_pin(actor=scene.tomas, employee=scene.tomas, pin=CODE_PIN)
    before = client.cookies["sessionid"].value
    sign_in(client, number="tomas", pin=CODE_PIN)
    assert client.cookies["sessionid"].value != before
    assert "theirs" not in client.session


def test_a_form_from_elsewhere_signs_nobody_in(maria, on_phone):
    client = on_phone(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    assert client.post("/devices/hand-over/").status_code == 403


def test_ten_minutes_of_nothing_end_it_and_a_page_that_asks_by_itself_is_nothing(maria, on_phone):
    client, at = on_phone(), clock.now()
    with clock.standing_at(at):
        sign_in(client)
    with clock.standing_at(at + timedelta(minutes=9)):
        assert client.get("/me/").status_code == 200
    with clock.standing_at(at + timedelta(minutes=18)):
        assert client.get("/me/", headers={"HX-Request": "true"}).status_code == 200
        assert client.get("/phone/outbox/", headers={"Draft-Sent": "later"}).json()["person"] == str(maria.pk)
        kept = client.get("/incidents/log/", headers={"Keeping": "page"})
        assert int(kept["Keep-Until"]) <= clock.now().timestamp() + 600
    with clock.standing_at(at + timedelta(minutes=19, seconds=2)):
        answer = client.get("/me/", follow=True)
        assert answer.redirect_chain
        assert "You were signed out: nothing was touched here for ten minutes." in text_of(answer)


def test_typing_is_no_rest(maria, on_phone):
    client, at = on_phone(), clock.now()
    with clock.standing_at(at):
        sign_in(client)
    with clock.standing_at(at + timedelta(minutes=9)):
        assert client.post("/devices/stay/").status_code == 204
    with clock.standing_at(at + timedelta(minutes=18)):
        assert client.get("/me/").status_code == 200
    assert client.get("/devices/stay/").status_code == 405


def test_a_password_on_a_shared_phone_is_short_as_well(scene, on_phone):
    client, at = on_phone(), clock.now()
    client.force_login(scene.maria)
    with clock.standing_at(at):
        assert "Hand over" in text_of(client.get("/me/"))
    with clock.standing_at(at + timedelta(minutes=10, seconds=1)):
        assert client.get("/me/").status_code == 302


def test_the_cookie_of_the_session_ends_with_the_browser(maria, on_phone):
    client = on_phone()
    sign_in(client)
    client.get("/me/")
    assert client.cookies["sessionid"]["max-age"] == ""


@pytest.mark.parametrize("way", ["/devices/hand-over/", "/accounts/logout/"])
def test_handing_over_leaves_nothing_to_look_back_at_and_keeps_what_waits_to_be_sent(maria, on_phone, way):
    client = on_phone()
    sign_in(client)
    assert "no-store" in client.get("/me/")["Cache-Control"]
    answer = client.post(way)
    assert answer["Clear-Site-Data"] == '"cache"'
    assert client.get("/me/").status_code == 302
    assert "Front desk 2" in text_of(client.get("/accounts/login/"))


def test_a_new_pin_ends_the_sessions_of_the_old_one(maria, on_phone):
    client = on_phone()
    sign_in(client)
    set_pin(actor=maria, employee=maria, pin="918273")
    assert client.get("/me/").status_code == 302


def test_elsewhere_a_page_asks_nothing_more_for_it(scene, django_assert_num_queries):
    client = as_(scene.maria)
    with django_assert_num_queries(1):  # the session, as always
        client.get("/devices/stay/")


def test_on_a_phone_a_page_asks_twice_more(maria, on_phone, django_assert_num_queries):
    client = on_phone()
    sign_in(client)
    with django_assert_num_queries(4):  # the phone, the session, its person, the PIN
        client.get("/devices/stay/")


# --- what a PIN opens -----------------------------------------------------------------------------------------------


def happened(scene):
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[scene.jones],
        category=Category.objects.get(code="room_not_ready"),
        department=scene.lax_desk,
    )


def asked(scene, amount=300_000):
    incident = happened(scene)
    return give_spend(
        actor=scene.maria,
        incident=incident,
        guest=scene.jones,
        gesture=Gesture.objects.get(code="meal"),
        amount=amount,
        currency="USD",
    )


def test_with_a_pin_one_gives_and_reads_ones_own(scene, maria, on_phone):
    incident = happened(scene)
    client = on_phone()
    sign_in(client)
    for page in ("/today/", "/me/", "/incidents/", f"/incidents/{incident.pk}/", "/incidents/log/"):
        assert client.get(page).status_code == 200
    sent = once(guest=str(scene.jones.pk), gesture="apology", do="give")
    assert client.post(f"/incidents/{incident.pk}/give/", sent).status_code == 302
    assert incident.spends.get().employee == maria


@pytest.mark.parametrize(
    "page",
    [
        "/admin/",
        "/admin/spending/spend/",
        "/me/tokens/",
        "/accounts/password/change/",
        "/devices/",
        "/me/pin/",
        "/me/deputies/",
    ],
)
@pytest.mark.parametrize("name", ["maria", "omar"])
def test_what_a_password_guards_stays_shut(scene, on_phone, name, page):
    person = getattr(scene, name)
    set_pin(actor=person, employee=person, pin=PIN)
    client = on_phone()
    sign_in(client, number=name)
    assert client.get(page).status_code == 403
    assert client.post(page, once()).status_code == 403


def test_a_manager_with_a_pin_answers_no_request_by_any_door(scene, on_phone):
    spend = asked(scene)
    set_pin(actor=scene.omar, employee=scene.omar, pin=PIN)
    client = on_phone()
    sign_in(client, number="omar")
    approval = spend.approval
    sent = once(answer="yes", quick="Yes.", version=str(approval.version))
    assert client.post(f"/approvals/{approval.pk}/answer/", sent).status_code == 403
    api = client.post(
        f"/api/v1/approvals/{approval.pk}/approve/",
        {"reason": "Yes."},
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert api.status_code == 403
    assert api.json()["code"] == "needs_password"
    approval.refresh_from_db()
    assert approval.status == "open"
    page = text_of(client.get("/approvals/"))
    assert "password" in page
    assert "Nobody waits for you" not in page


def test_a_deputy_with_a_pin_answers_nothing_either(scene, on_phone):
    from empower.policies.services import name_deputy

    spend = asked(scene)
    name_deputy(
        actor=scene.omar,
        absent=scene.omar,
        stands_in=scene.tomas,
        begins_at=clock.now(),
        ends_at=clock.now() + timedelta(hours=8),
    )
    scene.tomas.signed_with_pin = True
    with pytest.raises(NotPermitted) as refused:
        approve_spend(actor=scene.tomas, approval=spend.approval, reason="Yes.")
    assert refused.value.code == "needs_password"
    scene.tomas.signed_with_pin = False
    approve_spend(actor=scene.tomas, approval=spend.approval, reason="Yes.")


@pytest.mark.parametrize("name", ["omar", "grace"])
def test_with_a_pin_the_api_gives_no_more_than_the_pages(scene, on_phone, name):
    person = getattr(scene, name)
    set_pin(actor=person, employee=person, pin=PIN)
    client = on_phone()
    sign_in(client, number=name)
    spend = asked(scene, amount=1000)
    for path, body in (
        ("tokens/", {"name": "x", "scopes": ["spends:read"]}),
        (f"spends/{spend.pk}/reverse/", {"reason": "x"}),
        ("webhooks/", {"url": "https://93.184.215.14/", "event_types": ["*"]}),
        (
            "allotments/",
            {
                "property": "LAX",
                "amount": "100.00",
                "currency": "USD",
                "begins_on": "2026-01-01",
                "ends_on": "2026-12-31",
            },
        ),
        (f"guests/{scene.jones.pk}/erase/", {}),
    ):
        answer = client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers={"Idempotency-Key": path}
        )
        assert answer.status_code in (403, 404), (path, answer.content)


def test_a_language_chosen_on_a_shared_phone_takes_nobodys_desk_away(scene, on_phone):
    set_pin(actor=scene.omar, employee=scene.omar, pin=PIN)
    client = on_phone()
    sign_in(client, number="omar")
    client.post("/choose/language/", {"language": "es", "next": "/me/"})
    omar = Employee.objects.get(pk=scene.omar.pk)
    assert (omar.language, omar.is_staff) == ("es", True)


# --- the pages ------------------------------------------------------------------------------------------------------


def test_ones_own_pin_takes_the_password(scene, settings, on_phone):
    settings.DEBUG = True  # the demo's password opens nothing else
    client = as_(scene.maria)
    wrong = client.post("/me/pin/", {"password": "not this", "pin": PIN, "again": PIN})
    assert wrong.status_code == 400
    assert "That is not your password." in text_of(wrong)
    other = client.post("/me/pin/", {"password": "demo", "pin": PIN, "again": "918273"})
    assert "These two are not the same." in text_of(other)
    assert PIN not in other.content.decode()
    assert client.post("/me/pin/", {"password": "demo", "pin": PIN, "again": PIN}).url == "/me/"
    assert client.get("/me/").status_code == 200
    assert sign_in(on_phone()).status_code == 302


def test_a_code_is_shown_once_and_opens_the_phone(scene, rosa, on_phone):
    omar = as_(scene.omar)
    form = once()
    page = omar.post(f"/devices/people/{rosa.pk}/code/", form)
    code = page.context["code"]
    assert code in text_of(page)
    assert "no-store" in page["Cache-Control"]
    assert "was shown that once" in text_of(omar.post(f"/devices/people/{rosa.pk}/code/", form))
    client = on_phone()
    sent = {"staff_number": "40117", "code": code, "pin": CODE_PIN, "again": CODE_PIN}
    assert client.post("/devices/first-time/", sent | {"pin": "111111", "again": "111111"}).status_code == 400
    assert client.post("/devices/first-time/", sent).url == "/"
    assert "Rosa" in text_of(client.get("/today/"))
    client.post("/devices/hand-over/")
    assert client.post("/devices/first-time/", sent).status_code == 400


def test_the_managers_page_lists_phones_and_people_of_the_property_alone(
    scene, rosa, device, django_assert_max_num_queries
):
    enrol_device(actor=scene.gina, name="Lobby of New York")
    client = as_(scene.omar)
    client.get("/devices/")
    with django_assert_max_num_queries(10):
        page = text_of(client.get("/devices/"))
    assert "Front desk 2" in page
    assert "Lobby of New York" not in page
    assert "Rosa Díaz" in page
    assert "Paul" not in page
    assert page.count("Make a code") == 1
    assert (
        client.post(f"/devices/{SharedDevice.objects.get(name__startswith='Lobby').pk}/revoke/", once()).status_code
        == 404
    )
    assert client.post(f"/devices/people/{scene.paul.pk}/code/", once()).status_code == 404
    assert client.post(f"/devices/{device.pk}/revoke/", once()).status_code == 302
    assert not SharedDevice.objects.enrolled().filter(pk=device.pk).exists()


def test_where_a_sign_in_leads_is_this_house(maria, on_phone):
    assert sign_in(on_phone(), next="/incidents/").url == "/incidents/"
    assert sign_in(on_phone(), next="https://elsewhere.example/").url == "/"


def test_codes_and_pins_end_with_their_person(scene, rosa):
    _, code = issue_pin_code(actor=scene.omar, employee=rosa)
    assert code not in str(AuditEvent.objects.values_list("body", flat=True))


@pytest.mark.parametrize("name", ["omar", "grace"])
def test_with_a_pin_a_manager_reads_what_the_frontline_reads(scene, on_phone, name):
    person = getattr(scene, name)
    spend = asked(scene)
    give_thanks(actor=scene.maria, incident=spend.incident, receiver=scene.tomas, text="You carried him up.")
    entry = JournalEntry.objects.first()
    set_pin(actor=person, employee=person, pin=PIN)
    client = on_phone()
    sign_in(client, number=name)
    for path in ("spends/", "thanks/", "journal/entries/", "journal/balances/", "allotments/"):
        assert client.get(f"/api/v1/{path}").json()["results"] == [], path
    for path in (f"spends/{spend.pk}/", f"journal/entries/{entry.pk}/"):
        assert client.get(f"/api/v1/{path}").status_code == 404, path
    assert client.get(f"/api/v1/incidents/{spend.incident_id}/").status_code == 200
