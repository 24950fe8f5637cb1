"""The line-up as each role meets it: whose house, which day, on one sheet, as PDF; and the choice of its story."""

from datetime import timedelta

import pytest

from empower import clock
from empower.incidents.services import change_guest, erase_guest
from empower.recognition.models import Story
from empower.recognition.services import choose_story, give_thanks, nominate_story
from empower.recognition.views import paper
from empower.recognition.views.sheet import fit
from empower.spending.services import resolve_incident
from tests.pages.conftest import as_, once, text_of  # noqa: F401 - a fixture

from .line_ups import MORNING, TODAY, at, gave, happened, stays

# The page and the paper; the questions behind them are asked on both engines in test_line_up.py and test_stories.py.
pytestmark = pytest.mark.long("postgresql")

STORY = "A boy had fallen asleep on the luggage. She carried him up, and sent dinner before the key was ready."


@pytest.fixture(autouse=True)
def morning(scene):
    with clock.standing_at(MORNING):
        yield


@pytest.fixture
def told(scene):
    """An incident that tomas saw and maria resolved, nominated by him."""
    with at(hours=20):
        incident = happened(scene, stays("Mr Lindqvist", "0907"))
        gave(scene, incident, 4_000, promised_for=MORNING - timedelta(hours=1))
        resolve_incident(actor=scene.maria, incident=incident, outcome="delighted")
        return nominate_story(actor=scene.tomas, incident=incident, text=STORY)


# --- whose ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status"),
    [("grace", 200), ("omar", 200), ("chen", 200), ("ada", 200), ("maria", 403), ("gina", 404), ("admin", 403)],
)
@pytest.mark.parametrize("page", ["/line-up/", "/line-up.pdf", "/line-up/stories/"])
def test_who_answers_for_the_house_reads_it(as_, scene, name, status, page):  # noqa: F811
    assert as_(getattr(scene, name)).get(f"{page}?property=LAX").status_code == status


def test_a_stranger_is_asked_to_sign_in(client):
    for page in ("/line-up/", "/line-up.pdf", "/line-up/stories/"):
        assert client.get(page).url.startswith("/accounts/login/")


def test_the_general_managers_day_begins_with_it(as_, scene):  # noqa: F811
    assert as_(scene.grace).get("/").url == "/line-up/"
    page = as_(scene.grace).get("/line-up/")
    assert "LAX, Saturday 21 November" in text_of(page)
    assert 'href="/line-up/" aria-current="page"' in page.content.decode()


def test_who_oversees_all_chooses_a_house_first(as_, scene):  # noqa: F811
    page = as_(scene.chen).get("/line-up/")
    assert all(f"?property={code}" in page.content.decode() for code in ("LAX", "NYC", "PAR", "KYO"))
    assert "KYO, Sunday 22 November" in text_of(as_(scene.ada).get("/line-up/?property=KYO"))


def test_another_day_is_a_tap_away_and_what_is_no_day_is_said(as_, scene):  # noqa: F811
    client = as_(scene.grace)
    page = client.get("/line-up/?day=2026-11-23")
    assert "Monday 23 November" in text_of(page)
    assert "day=2026-11-22" in page.content.decode()
    for day in ("tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"):
        wrong = client.get("/line-up/", {"day": day})
        assert (wrong.status_code, "That is no day, so today is shown." in text_of(wrong)) == (400, True)
        assert client.get("/line-up.pdf", {"day": day}).status_code == 404
    assert client.get("/line-up/?property=XXX").status_code == 404


def test_the_last_days_there_are_have_no_day_beyond(as_, scene):  # noqa: F811
    for day in ("1900-01-01", "2200-12-31"):
        assert as_(scene.grace).get("/line-up/", {"day": day}).status_code == 200


def test_it_is_kept_nowhere(as_, scene):  # noqa: F811
    for page in ("/line-up/", "/line-up.pdf"):
        kept = as_(scene.grace).get(page).headers["Cache-Control"]
        assert set(kept.split(", ")) == {"private", "no-store"}


# --- the sheet -----------------------------------------------------------------------------------------------------


def test_it_says_what_is_promised_what_happened_and_how_it_ended(as_, scene, told):  # noqa: F811
    page = text_of(as_(scene.grace).get("/line-up/"))
    assert "06:30 overdue Room 0907 Mr Lindqvist Meal Noise Maria" in page
    assert "Room 0907 Mr Lindqvist Noise Meal $40 Delighted Mon" in page
    assert "What the guests saw; cost to the house" in page
    assert "in 1 of 1 incident" in page
    assert "shred after the line-up" in page


def test_an_empty_house_says_so(as_, scene):  # noqa: F811
    page = text_of(as_(scene.grace).get("/line-up/"))
    assert "Nothing: every promise is kept." in page
    assert "Nobody who is in house today had an incident" in page
    assert "None is chosen for this day. Choose the story" in page
    assert "and 0 more" not in page


def test_an_erased_guests_promise_is_told_without_a_name(as_, scene, told):  # noqa: F811
    erase_guest(actor=scene.grace, guest=told.incident.guests.get())
    page = text_of(as_(scene.grace).get("/line-up/"))
    assert "Lindqvist" not in page
    assert "0907" not in page
    assert "an erased guest" in page


def test_words_are_shown_and_not_obeyed(as_, scene):  # noqa: F811
    with at(hours=2):
        happened(scene, stays("<img src=http://elsewhere.example/x>", "<b>9"))
    page = as_(scene.grace).get("/line-up/").content.decode()
    assert "&lt;img src=" in page
    assert "<img" not in page


def test_a_busy_day_says_how_many_more_there_are_and_where(as_, scene):  # noqa: F811
    with at(hours=9):
        for number in range(40):
            happened(scene, stays(f"Guest of Room {number}", f"{100 + number}"))
    client = as_(scene.grace)
    page = client.get("/line-up/")
    shown = page.context["sheet"].parties
    assert len(shown.lines) + shown.more == 40
    assert 15 <= len(shown.lines) < 40
    assert f"and {shown.more} more" in text_of(page)
    assert "What the guests saw, all 40 together" in text_of(page)
    whole = client.get("/line-up/?whole=1")
    assert len(whole.context["sheet"].parties.lines) == 40
    assert "more</a>" not in whole.content.decode()


def test_what_is_promised_is_not_crowded_out_by_a_full_house(scene):
    from empower.recognition.queries.line_up import line_up

    with at(hours=9):
        for number in range(30):
            incident = happened(scene, stays(f"Guest {number}", f"{100 + number}"))
            gave(scene, incident, promised_for=MORNING + timedelta(minutes=number))
            gave(scene, incident, 300_000, reason="Two nights.")
    sheet = fit(line_up(property=scene.lax, day=TODAY, user=scene.grace))
    lines = {name: len(getattr(sheet, name).lines) for name in ("promises", "requests", "parties")}
    assert min(lines.values()) >= 2
    assert lines["parties"] > lines["promises"] > lines["requests"]


def test_a_full_page_asks_no_more_queries(as_, scene, told, django_assert_max_num_queries):  # noqa: F811
    for number in range(6):
        with at(hours=9):
            incident = happened(scene, stays(f"Guest {number}", f"{100 + number}"))
            gave(scene, incident, promised_for=MORNING)
            gave(scene, incident, 300_000, reason="Two nights.")
            give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran.")
    client = as_(scene.grace)
    client.get("/line-up/")
    with django_assert_max_num_queries(19):
        client.get("/line-up/")


# --- PDF -----------------------------------------------------------------------------------------------------------


def test_the_pdf_is_one_page_of_the_same_sheet(as_, scene, told):  # noqa: F811
    with at(hours=9):
        for number in range(40):
            happened(
                scene, stays(f"Guest with a Long Name of Room {number}", f"{100 + number}"), category="billing_wrong"
            )
    answer = as_(scene.grace).get("/line-up.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="line-up-LAX-2026-11-21.pdf"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")


def test_without_the_extra_there_is_no_link_and_the_page_still_prints(as_, scene, monkeypatch):  # noqa: F811
    monkeypatch.setattr(paper, "find_spec", lambda _name: None)
    client = as_(scene.grace)
    page = client.get("/line-up/").content.decode()
    assert ("line-up.pdf" in page, "data-print" in page) == (False, True)
    assert client.get("/line-up.pdf").status_code == 404


def test_without_pango_the_page_says_what_to_do(as_, scene, monkeypatch):  # noqa: F811
    def lacking(*_args, **_options):
        raise paper.CannotPrint("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(paper, "as_pdf", lacking)
    answer = as_(scene.grace).get("/line-up.pdf", follow=True)
    assert "Print the page from your browser" in text_of(answer)


# --- the story -----------------------------------------------------------------------------------------------------


def test_a_story_is_nominated_from_the_incident_by_who_only_saw_it(as_, scene):  # noqa: F811
    with at(hours=9):
        incident = happened(scene, stays("Mr Lindqvist", "0907"))
    where = f"/incidents/{incident.pk}/"
    client = as_(scene.tomas)
    assert "Nominate as a story" not in text_of(client.get(where))
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    assert "Nominate as a story" in text_of(client.get(where))
    assert "Nominate as a story" not in text_of(as_(scene.maria).get(where))
    assert as_(scene.maria).get(f"{where}nominate/").status_code == 403
    assert as_(scene.paul).get(f"{where}nominate/").status_code == 404
    named = client.post(f"{where}nominate/", once(text="Mr Lindqvist slept in the armchair."))
    assert (named.status_code, Story.objects.count()) == (400, 0)
    assert "“lindqvist” tells who the guest is" in text_of(named)
    assert "Mr Lindqvist slept in the armchair." in text_of(named)
    form = once(text=STORY)
    for _tap in range(2):
        done = client.post(f"{where}nominate/", form, follow=True)
        assert "Those who lead the line-up read it, and choose." in text_of(done) or _tap
    assert Story.objects.get().nominated_by == scene.tomas
    assert "Nominated as a story" in text_of(client.get(where))
    assert "/stories/" not in as_(scene.maria).get(where).content.decode()


def test_whoever_gave_is_offered_no_nomination(as_, scene):  # noqa: F811
    with at(hours=9):
        incident = happened(scene, stays("Reyes", "1120"))
        gave(scene, incident, by="omar")
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    assert "Nominate as a story" not in text_of(as_(scene.omar).get(f"/incidents/{incident.pk}/"))


def test_the_general_manager_chooses_and_the_line_up_tells_it(as_, scene, told):  # noqa: F811
    client = as_(scene.grace)
    page = text_of(client.get("/line-up/stories/"))
    assert STORY in page
    assert "Nominated by Tomas" in page
    chosen = client.post(f"/stories/{told.pk}/choose/", once(told_on="2026-11-21", version=1), follow=True)
    assert "The line-up of Saturday 21 November tells it." in text_of(chosen)
    assert STORY in text_of(client.get("/line-up/"))
    assert "Without names: nobody was asked." in text_of(client.get("/line-up/"))
    assert STORY not in text_of(client.get("/line-up/?day=2026-11-22"))


@pytest.mark.parametrize(("name", "status"), [("maria", 403), ("tomas", 403), ("ada", 403), ("gina", 404)])
def test_who_does_not_manage_the_house_chooses_none(as_, scene, told, name, status):  # noqa: F811
    answer = as_(getattr(scene, name)).post(f"/stories/{told.pk}/choose/", once(told_on="2026-11-21"))
    assert answer.status_code == status
    told.refresh_from_db()
    assert told.status == "nominated"


def test_an_auditor_reads_the_stories_and_has_no_button(as_, scene, told):  # noqa: F811
    page = as_(scene.ada).get("/line-up/stories/?property=LAX")
    assert STORY in text_of(page)
    assert "/choose/" not in page.content.decode()


def test_a_refusal_stands_beside_its_story(as_, scene, told):  # noqa: F811
    client = as_(scene.grace)
    for form, status, said in (
        ({"told_on": "2026-11-20"}, 400, "Today, 2026-11-21, or a day to come."),
        ({"told_on": "soon"}, 400, "Write the day as in 2026-11-21."),
        ({"told_on": "2026-11-21", "version": 7}, 409, ""),
    ):
        answer = client.post(f"/stories/{told.pk}/choose/", once(**form))
        assert (answer.status_code, said in text_of(answer)) == (status, True)
        assert STORY in text_of(answer)
    # The guest's name was put right since, and now it stands in the text.
    change_guest(actor=scene.maria, guest=told.incident.guests.get(), name="Mrs Dinner")
    named = client.post(f"/stories/{told.pk}/choose/", once(told_on="2026-11-21"))
    assert "“dinner” tells who the guest is" in text_of(named)
    assert "In other words" in text_of(named)


def test_a_day_that_tells_another_story_is_said(as_, scene, told):  # noqa: F811
    with at(hours=3):
        other = happened(scene, stays("Reyes", "1120"))
        resolve_incident(actor=scene.maria, incident=other, outcome="recovered")
        choose_story(
            actor=scene.grace, story=nominate_story(actor=scene.tomas, incident=other, text="He ran for the shoes.")
        )
    answer = as_(scene.grace).post(f"/stories/{told.pk}/choose/", once(told_on="2026-11-21"))
    assert answer.status_code == 409
    assert "The line-up of that day tells another story" in text_of(answer)


def test_a_story_is_put_into_other_words_and_taken_back(as_, scene, told):  # noqa: F811
    client = as_(scene.tomas)
    assert client.get(f"/stories/{told.pk}/").status_code == 200
    assert as_(scene.maria).get(f"/stories/{told.pk}/").status_code == 403
    named = client.post(f"/stories/{told.pk}/", once(text="Lindqvist slept.", version=1))
    assert (named.status_code, "tells who the guest is" in text_of(named)) == (400, True)
    done = client.post(
        f"/stories/{told.pk}/", once(text="Mr Lindqvist slept.", guest_agreed="on", version=1), follow=True
    )
    assert "The story is told in these words now." in text_of(done)
    assert "Not to be told" in text_of(as_(scene.grace).get("/line-up/stories/"))
    as_(scene.grace).post(f"/stories/{told.pk}/withdraw/", once())
    assert "Nobody has nominated a story yet" in text_of(as_(scene.grace).get("/line-up/stories/"))
