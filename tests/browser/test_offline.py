"""The network is cut at every step of giving, in a real browser: one effect in the books, nothing lost, nothing looks given."""

import re
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from empower.incidents.models import Category, Incident, Photo
from empower.incidents.services import close_incident, log_incident
from empower.spending.models import Gesture, Spend
from empower.spending.services import give_spend
from tests.browser.axe import faults
from tests.browser.looking import keep
from tests.browser.test_main_flow import press, promise, tap
from tests.incidents.test_photos import a_photo
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser

LOG = "/incidents/log/"
#: What a browser says of a network that is not there, and of the answers these tests provoke.
EXPECTED = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch|status of (401|403|409)"


@pytest.fixture
def scene(own_database):
    return set_the_scene()


@pytest.fixture
def incident(scene):
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[scene.jones],
        category=Category.objects.get(code="room_noise"),
        department=scene.lax_desk,
    )


@pytest.fixture
def open_phone(open_page):
    """A phone on which somebody is signed in, with all that it keeps for a corridor."""

    def open_one(employee, address=LOG):
        phone = open_page("phone", employee=employee, service_workers="allow")
        phone.watch.expect(EXPECTED)
        phone.goto(address)
        phone.wait_for_selector("html[data-worker=ready]")
        wait_until_kept(phone, LOG, "/phone/")
        return phone

    return open_one


def wait_until_kept(phone, *paths):
    phone.wait_for_function  # noqa: B018 - refused by the policy: asked again and again instead
    for _ in range(1200):
        kept = phone.evaluate(
            "caches.open('pages').then(async (c) => (await c.keys()).map((r) => new URL(r.url).pathname))"
        )
        if set(paths) <= set(kept):
            return
        phone.wait_for_timeout(50)
    raise AssertionError(f"kept only {kept}")


def is_cut(phone, away=True):
    phone.context.set_offline(away)


def waits(phone, number):
    phone.wait_for_selector(f"html[data-waiting='{number}']")


def say_who(phone):
    tap(phone, "Jones")


def say_what(phone):
    tap(phone, "Room")
    phone.get_by_role("button", name="Room not ready").click()


def say_gift(phone):
    tap(phone, "Refund")


def say_how_much(phone, digits="150"):
    press(phone, digits)


STEPS = [say_who, say_what, say_gift, say_how_much]


def send(phone):
    phone.locator("[data-main]").click()


def is_kept_in_pencil(phone):
    """What is shown after it was only saved: in pencil, in no word and no colour given."""
    phone.wait_for_selector("html[data-sending=kept]")
    draft = phone.locator("article.pencil")
    expect(draft).to_have_count(1)
    expect(draft).to_contain_text("On this phone only")
    words = phone.locator("main").inner_text()
    assert not re.search(r"is given|Posted|approved", words)
    assert phone.locator("main .mark-own, main .mark-yes, main .say-own, main .line-own").count() == 0
    green = phone.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--green')")
    assert draft.evaluate("(e) => getComputedStyle(e).borderStyle") == "dashed"
    assert green


def gave_once(scene, amount=15_000):
    spend = Spend.objects.get()
    assert (spend.status, spend.amount, spend.employee, Incident.objects.count()) == ("posted", amount, scene.maria, 1)


def test_the_network_may_go_at_every_step(scene, open_phone):
    phone = open_phone(scene.maria)
    for step in range(len(STEPS) + 1):
        phone.goto(LOG)
        phone.wait_for_selector("html[data-phone=ready]")
        for number, say in enumerate(STEPS):
            if number == step:
                is_cut(phone)
            say(phone)
        is_cut(phone)
        expect(phone.locator("[data-main] [data-label]")).to_have_text("In pencil: Give $150")
        expect(phone.locator(".may-say").first).to_contain_text("Last known, at")
        send(phone)
        is_kept_in_pencil(phone)
        keep(phone, f"offline-kept-{step}")
        assert Spend.objects.count() == Incident.objects.count() == step
        is_cut(phone, False)
        waits(phone, 0)
        assert Spend.objects.count() == Incident.objects.count() == step + 1
    assert set(Spend.objects.values_list("status", "amount", "employee")) == {("posted", 15_000, scene.maria.pk)}


def save_without_a_network(phone):
    phone.goto(LOG)
    phone.wait_for_selector("html[data-phone=ready]")
    is_cut(phone)
    for say in STEPS:
        say(phone)
    send(phone)
    is_kept_in_pencil(phone)


def test_it_opens_without_a_network_and_each_opening_is_a_form_of_its_own(scene, open_phone):
    phone = open_phone(scene.maria)
    is_cut(phone)
    phone.goto("about:blank")
    for digits in ("150", "20"):
        phone.goto("/")
        phone.wait_for_selector("html[data-phone=ready]")
        assert phone.url.endswith(LOG)
        for say in STEPS[:3]:
            say(phone)
        say_how_much(phone, digits)
        keep(phone, f"offline-amount-{digits}")
        send(phone)
        phone.wait_for_selector("html[data-sending=kept]")
    phone.goto("/phone/")
    waits(phone, 2)
    keep(phone, "offline-waiting")
    assert faults(phone) == []
    # One of them is changed: the same draft with another answer.
    phone.get_by_role("link", name="Change it").first.click()
    phone.wait_for_selector("html[data-phone=ready]")
    phone.locator("[data-step=amount] > summary").click()
    expect(phone.locator("#id_amount")).to_have_value("150.00")
    phone.fill("#id_amount", "90")
    send(phone)
    phone.wait_for_selector("html[data-sending=kept]")
    phone.goto("/phone/")
    waits(phone, 2)
    is_cut(phone, False)
    waits(phone, 0)
    expect(phone.locator("[data-section=sent]")).to_contain_text("Refund, $90, is given.")
    keep(phone, "offline-arrived")
    assert sorted(spend.amount for spend in Spend.objects.all()) == [2_000, 9_000]


def test_an_answer_that_was_cut_off_has_one_effect_and_without_its_key_it_would_have_two(scene, open_phone):
    """The red control is the second half: what holds all of this is the key, and these tests would see it missing."""
    phone = open_phone(scene.maria)
    for new_keys, times in ((False, 1), (True, 2)):
        before = Spend.objects.count()
        cut_answers(phone, new_keys=new_keys)
        phone.goto(LOG)
        phone.wait_for_selector("html[data-phone=ready]")
        for say in STEPS:
            say(phone)
        send(phone)
        phone.wait_for_selector("html[data-sending=kept]")
        assert new_keys or Spend.objects.count() == before + 1  # the books have it, and the phone may not know
        phone.goto("/phone/")
        waits(phone, 0)
        phone.context.unroute_all(behavior="wait")
        assert Spend.objects.count() == before + times
    expect(phone.locator("[data-section=sent]")).to_contain_text("Refund, $150, is given.")


def cut_answers(phone, *, new_keys):
    """The first sending reaches the server, and its answer not the phone."""
    left = [1]

    def sent(route):
        if route.request.method != "POST":
            return route.fallback()
        body = route.request.post_data
        if new_keys and left[0]:
            body = urlencode(parse_qs(body, keep_blank_values=True) | {"once": [str(uuid4())]}, doseq=True)
        answer = route.fetch(post_data=body)
        assert answer.status == 200
        left[0] -= 1
        return route.abort() if left[0] >= 0 else route.fulfill(response=answer)

    phone.context.route(f"**{LOG}", sent)


def test_two_tabs_send_one_draft_once(scene, open_phone):
    phone = open_phone(scene.maria)
    save_without_a_network(phone)
    tabs = [phone, *(phone.context.new_page() for _ in range(2))]
    for tab in tabs[1:]:
        tab.goto("/phone/")
        waits(tab, 1)
    is_cut(phone, False)
    for tab in tabs:
        tab.evaluate("void outbox.flush()")
    for tab in tabs:
        waits(tab, 0)
    gave_once(scene)


def test_it_waits_for_its_writer_and_another_can_neither_read_nor_send_it(scene, open_phone, open_page):
    phone = open_phone(scene.maria)
    marias = phone.context.cookies()
    phone.goto(LOG)
    phone.wait_for_selector("html[data-phone=ready]")
    for say in STEPS:
        say(phone)
    # Her session ends while she types.
    phone.context.clear_cookies(name="sessionid")
    send(phone)
    phone.wait_for_selector("html[data-sending=kept]")
    expect(phone.locator("main")).to_contain_text("Sign in again, and it goes out by itself.")
    keep(phone, "offline-sign-in-again")
    phone.get_by_role("link", name="Sign in again").click()
    phone.wait_for_selector("html[data-phone=nobody]")
    # Tomas takes the phone.
    other = open_page("phone", employee=scene.tomas)
    phone.context.add_cookies([one for one in other.context.cookies() if one["name"] == "sessionid"])
    phone.goto("/phone/")
    phone.wait_for_selector("html[data-worker=ready]")
    waits(phone, 0)
    assert "Jones" not in kept_on(phone)
    assert phone.evaluate("outbox.flush()") == {}
    assert not Spend.objects.exists()
    # She comes back.
    phone.context.clear_cookies()
    phone.context.add_cookies(marias)
    phone.goto("/phone/")
    expect(phone.locator("[data-section=sent]")).to_contain_text("is given")
    gave_once(scene)


READ_ALL = """async () => {
  const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const database = await answer(indexedDB.open("empower"));
  const words = (value) => value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value)
    : value && typeof value === "object" ? Object.values(value).map(words).join(" ") : String(value);
  const found = [];
  for (const name of database.objectStoreNames) {
    found.push(...(await answer(database.transaction(name).objectStore(name).getAll())).map(words));
  }
  database.close();
  return found.join(" ");
}"""


def kept_on(phone):
    """All that lies in the phone's database, as somebody could read it who takes it apart."""
    return phone.evaluate(READ_ALL)


def test_signing_out_asks_first_leaves_nothing_readable_and_holds_without_a_network(scene, open_phone):
    phone = open_phone(scene.maria, "/me/")
    other = phone.context.new_page()
    other.goto(LOG)
    save_without_a_network(other)
    waits(phone, 1)
    phone.get_by_role("button", name="Sign out").first.click()
    dialog = phone.locator("#before-signing-out")
    expect(dialog).to_contain_text("nobody else can read or send it")
    keep(phone, "offline-sign-out")
    dialog.get_by_role("button", name="Sign out all the same").click()
    expect(phone.locator("main")).to_contain_text("Nobody is signed in on this phone")
    keep(phone, "offline-nobody")
    other.close()
    assert phone.evaluate("caches.keys()").count("pages") == 0
    assert "Jones" not in kept_on(phone)
    is_cut(phone, False)
    phone.goto("/today/")
    phone.wait_for_url("**/accounts/login/**")
    phone.goto("/today/")
    assert "/accounts/login/" in phone.url
    assert not Spend.objects.exists()
    assert len(phone.evaluate("outbox.drafts()")) == 0


def test_what_can_not_be_as_it_was_written_is_shown_and_the_right_answer_is_a_button(scene, incident, open_phone):
    phone = open_phone(scene.maria, f"/incidents/{incident.pk}/give/")
    give_without_a_network(phone, incident, "500")
    give_spend(
        actor=scene.maria,
        incident=incident,
        guest=scene.jones,
        gesture=Gesture.objects.get(code="meal"),
        amount=180_000,
        currency="USD",
    )
    phone.goto("/phone/")
    is_cut(phone, False)
    look = phone.locator("[data-section=look] article")
    expect(look).to_contain_text("You may still give $200 here, not $500.")
    keep(phone, "offline-conflict")
    assert faults(phone) == []
    assert Spend.objects.count() == 1
    look.get_by_role("button", name="Give $200, ask for $300").click()
    waits(phone, 0)
    given = sorted(Spend.objects.values_list("status", "amount"))
    assert given == [("pending", 30_000), ("posted", 20_000), ("posted", 180_000)]

    # And for an incident that was closed meanwhile there is none: it goes only when it is thrown away.
    other = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.rivera])
    phone.goto(f"/incidents/{other.pk}/give/")
    phone.wait_for_selector("html[data-worker=ready]")
    give_without_a_network(phone, other, "50")
    close_incident(actor=scene.tomas, incident=other)
    phone.goto("/phone/")
    is_cut(phone, False)
    expect(look).to_contain_text("This incident is not open: reopen it to give more.")
    look.get_by_role("button", name="Throw away").click()
    phone.locator("#throw-away").get_by_role("button", name="Keep it").click()
    waits(phone, 1)
    look.get_by_role("button", name="Throw away").click()
    phone.locator("#throw-away").get_by_role("button", name="Throw it away").click()
    waits(phone, 0)
    assert Spend.objects.count() == 3


def give_without_a_network(phone, incident, digits):
    wait_until_kept(phone, f"/incidents/{incident.pk}/give/")
    is_cut(phone)
    say_gift(phone)
    press(phone, digits)
    send(phone)
    is_kept_in_pencil(phone)


def test_a_photo_waits_with_its_draft_and_arrives_without_where_it_was_taken(scene, open_phone, tmp_path):
    (tmp_path / "leak.jpg").write_bytes(a_photo(width=3000, height=2000, gps=True))
    phone = open_phone(scene.maria)
    is_cut(phone)
    say_who(phone)
    phone.set_input_files("#id_photo", tmp_path / "leak.jpg")
    keep(phone, "log-photo")
    for say in STEPS[1:]:
        say(phone)
    send(phone)
    is_kept_in_pencil(phone)
    expect(phone.locator("article.pencil")).to_contain_text("Photo")
    is_cut(phone, False)
    waits(phone, 0)
    gave_once(scene)
    photo = Photo.objects.get()
    assert (photo.width, photo.height, photo.incident) == (1600, 1067, Incident.objects.get())
    phone.goto(f"/incidents/{photo.incident_id}/")
    expect(phone.locator(".photo img")).to_be_visible()
    # One more, from the page of the incident.
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("link", name="Add a photo").click()
    chooser.value.set_files(tmp_path / "leak.jpg")
    expect(phone.locator(".photo img")).to_have_count(2)
    phone.set_viewport_size({"width": 360, "height": 4000})  # what slides below the bar is not out of reach
    assert faults(phone) == []
    keep(phone, "incident-photo", full_page=True)


def test_log_and_give_takes_six_taps_at_most_and_no_text(scene, open_page):
    phone = open_page("phone", employee=scene.maria)
    phone.add_init_script(
        "addEventListener('pointerdown', () => { sessionStorage.taps = Number(sessionStorage.taps) + 1; }, true)"
    )
    phone.goto(LOG)
    phone.wait_for_selector("html[data-phone=ready]")
    phone.evaluate("sessionStorage.taps = 0")
    say_who(phone)
    say_what(phone)
    say_gift(phone)
    phone.locator("[data-put]").first.click()
    assert promise(phone) == "Give $50"
    send(phone)
    phone.wait_for_url(re.compile(r"/incidents/\d+/$"))
    assert int(phone.evaluate("sessionStorage.taps")) == 6
    assert Spend.objects.get().status == "posted"
