"""The week by mail: on Monday morning where the reader is, once, to who asked for it and may read figures, ended by a link."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.services import log_incident
from empower.insights.services import queue_weekly_mails
from empower.insights.services.weekly import KIND
from empower.notices.models import Mail, MailWish
from empower.notices.services import choose_mail, send_mails
from empower.refusals import NotPermitted
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident
from empower.staff.services import change_employee
from tests import factories as make
from tests.pages.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # what leaves the house, not the database

NAME = "Zebulon Quixworth"
#: A Thursday; the Mondays after it are the 9th, and the 16th.
THURSDAY = datetime(2026, 11, 5, 20, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 15, tzinfo=UTC)  # 07:00 in Los Angeles


@pytest.fixture
def mailed(scene, settings, mailoutbox):
    """Mail leaves; everybody here has an address, and nobody has asked for anything."""
    settings.MAIL_LEAVES, settings.SITE_URL = True, "https://empower.example"
    for name in ("maria", "omar", "grace", "chen", "ada"):
        person = getattr(scene, name)
        change_employee(actor=scene.admin, employee=person, email=f"{name}@hotel.example")
    return mailoutbox


def ask_for(*people, at=THURSDAY, wanted=True):
    with clock.standing_at(at):
        for person in people:
            choose_mail(actor=person, employee=person, kind=KIND, wanted=wanted)


def work(at):
    with clock.standing_at(at):
        queue_weekly_mails()
        send_mails()


def to(mailed):
    return sorted(message.to[0].split("@")[0] for message in mailed)


def happen(who, at, outcome="recovered"):
    with clock.standing_at(at):
        incident = log_incident(actor=who, property=who.property, guests=[{"name": NAME}], narrative="The parrot.")
        give_spend(
            actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
            amount=1_000, currency=who.property.currency,
        )  # fmt: skip
        resolve_incident(actor=who, incident=incident, outcome=outcome)


def test_nobody_gets_it_who_did_not_ask_for_it(scene, mailed):
    work(MONDAY)
    assert mailed == []
    assert not Mail.objects.exists()


def test_it_comes_on_monday_at_seven_and_once_whatever_is_restarted(scene, mailed):
    ask_for(scene.grace)
    work(MONDAY - timedelta(seconds=1))
    assert mailed == []
    for minutes in (0, 0, 1, 60, 24 * 60):
        work(MONDAY + timedelta(minutes=minutes))
    assert to(mailed) == ["grace"]
    work(MONDAY + timedelta(days=7))
    assert to(mailed) == ["grace", "grace"]


def test_a_worker_that_stood_still_is_late_but_not_when_the_week_is_half_over(scene, mailed):
    ask_for(scene.grace)
    work(MONDAY + timedelta(hours=48))
    assert mailed == []
    work(MONDAY + timedelta(hours=47, minutes=59))
    assert to(mailed) == ["grace"]


def test_who_asks_for_it_on_monday_gets_the_next(scene, mailed):
    ask_for(scene.grace, at=MONDAY)
    work(MONDAY + timedelta(hours=1))
    assert mailed == []
    work(MONDAY + timedelta(days=7))
    assert to(mailed) == ["grace"]


def test_it_says_the_week_beside_the_week_before_each_out_of_what_it_is_of(scene, mailed):
    ask_for(scene.grace, at=THURSDAY - timedelta(days=20))
    for outcome in ("recovered", "recovered", "lost"):
        happen(scene.maria, THURSDAY, outcome)
    happen(scene.maria, THURSDAY - timedelta(days=7), "lost")
    happen(scene.maria, THURSDAY - timedelta(days=14))
    happen(scene.paul, THURSDAY)
    # Nobody who has asked for it before is written to late.
    work(MONDAY)
    (message,) = mailed
    assert message.subject == f"The week that was: {scene.lax.name}"
    assert "2 November 2026 to 8 November 2026" in message.body
    words = " ".join(message.body.split())
    assert "Recovery incidents: 3, in the period, void ones out the week before: 1," in words
    assert "Use: 100%, 3 of 3 incidents (95 % interval 44% to 100%) the week before: 100%, 1 of 1 incident" in words
    assert "Recovery rate: 67%, 2 of 3 known" in words
    assert "the week before: 0%, 0 of 1 known" in words
    assert "Asks not needed: n/a, 0 of 0 requests" in words
    assert "Cost to the house: $30, 3 acts the week before: $10, 1 act" in words
    assert "https://empower.example/insights/?period=days&from=2026-11-02&to=2026-11-08" in words
    assert "https://empower.example/insights/?period=days&from=2026-10-26&to=2026-11-01" in words
    html = message.alternatives[0].content
    for text in (message.body, html, message.subject):
        assert NAME not in text
        assert "parrot" not in text
        assert scene.maria.name not in text


def test_the_dashboard_answers_the_link_with_the_same_figures(scene, mailed):
    ask_for(scene.grace)
    happen(scene.maria, THURSDAY)
    work(MONDAY)
    client = Client()
    client.force_login(scene.grace)
    link = next(word for word in mailed[0].body.split() if "from=2026-11-02" in word)
    with clock.standing_at(MONDAY):
        answer = client.get(link.removeprefix("https://empower.example"))
    assert "Recovery incidents 1 in the period" in text_of(answer)
    assert "Use 100% 1 of 1 incident" in text_of(answer)


def test_of_fewer_than_five_people_a_frontline_reader_is_told_nothing(scene, mailed):
    ask_for(scene.maria)
    happen(scene.tomas, THURSDAY)
    work(MONDAY)
    assert "Fewer than five people acted that week" in mailed[0].body
    assert "100%" not in mailed[0].body
    assert "$" not in mailed[0].body


def test_an_empty_week_says_so(scene, mailed):
    ask_for(scene.grace)
    work(MONDAY)
    assert "Nothing was logged and nothing given that week." in mailed[0].body


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        # Fourteen hours before UTC it is still Sunday there; in Los Angeles at seven, three in the afternoon by UTC.
        ("Pacific/Kiritimati", datetime(2026, 11, 8, 17, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 9, 15, tzinfo=UTC)),
        ("Pacific/Niue", datetime(2026, 11, 9, 18, tzinfo=UTC)),
    ],
)
def test_monday_is_the_property_s_own(scene, mailed, zone, due):
    house = make.PropertyFactory(code="AWAY", timezone=zone)
    reader = make.ManagerFactory(property=house, email="reader@hotel.example")
    ask_for(reader, at=due - timedelta(days=3))
    work(due - timedelta(seconds=1))
    assert mailed == []
    work(due)
    assert to(mailed) == ["reader"]
    assert "2 November 2026 to 8 November 2026" in mailed[0].body


@pytest.mark.parametrize(
    ("sunday", "due"),
    [
        ("2026-03-08", datetime(2026, 3, 9, 14, tzinfo=UTC)),  # a day of 23 hours
        ("2026-11-01", datetime(2026, 11, 2, 15, tzinfo=UTC)),  # of 25
    ],
)
def test_the_week_of_a_change_of_the_clock_has_its_seven_days(scene, mailed, sunday, due):
    zone = ZoneInfo("America/Los_Angeles")
    midnight = datetime.fromisoformat(sunday).replace(tzinfo=zone) + timedelta(days=1)
    ask_for(scene.grace, at=due - timedelta(days=9))
    happen(scene.maria, midnight.astimezone(UTC) - timedelta(seconds=1))
    happen(scene.maria, midnight.astimezone(UTC))
    work(due - timedelta(seconds=1))
    assert mailed == []
    work(due)
    (message,) = mailed
    assert "Recovery incidents: 1," in message.body
    assert f"to={sunday}" in message.body


def test_leaders_and_auditors_get_it_of_all_properties_once_the_week_is_over_at_each(scene, mailed):
    """At seven by UTC it is eleven on Sunday night in Los Angeles: what is done there in the last hour is in it too."""
    ask_for(scene.chen, scene.ada)
    happen(scene.maria, THURSDAY)
    happen(scene.amelie, THURSDAY)
    due = datetime(2026, 11, 9, 8, tzinfo=UTC)
    happen(scene.maria, due - timedelta(minutes=1))
    work(due - timedelta(seconds=1))
    assert mailed == []
    work(due)
    assert to(mailed) == ["ada", "chen"]
    words = " ".join(mailed[0].body.split())
    assert "All properties" in words
    # Sums of two currencies are told side by side, never as one.
    assert "$20, 2 acts" in words
    assert "€10, 1 act" in words


def test_where_all_properties_are_ahead_leaders_get_it_at_seven_by_utc(scene, mailed):
    for house in (scene.lax, scene.nyc):
        house.timezone = "Asia/Tokyo"
        house.save()
    ask_for(scene.chen)
    due = datetime(2026, 11, 9, 7, tzinfo=UTC)
    work(due - timedelta(seconds=1))
    assert mailed == []
    work(due)
    assert to(mailed) == ["chen"]


def test_it_comes_in_the_reader_s_language(scene, mailed):
    change_employee(actor=scene.admin, employee=scene.grace, language="ar")
    ask_for(scene.grace)
    work(MONDAY)
    assert 'dir="rtl"' in mailed[0].alternatives[0].content


def test_who_may_read_no_figures_any_more_gets_nothing(scene, mailed):
    ask_for(scene.omar, scene.grace, scene.chen)
    change_employee(actor=scene.admin, employee=scene.omar, is_active=False)
    with clock.standing_at(MONDAY):
        queue_weekly_mails()
    # Put in line, and gone before it was written.
    change_employee(actor=scene.admin, employee=scene.grace, is_active=False)
    work(MONDAY)
    assert to(mailed) == ["chen"]
    assert dict(Mail.objects.values_list("recipient__username", "status")) == {"grace": "not_needed", "chen": "sent"}


def test_where_no_mail_leaves_nothing_is_put_in_line(scene, mailed, settings):
    ask_for(scene.grace)
    settings.MAIL_LEAVES = False
    work(MONDAY)
    assert not Mail.objects.exists()


def test_asking_and_ending_are_events_and_the_administrator_can_t_ask(scene, mailed):
    ask_for(scene.grace)
    ask_for(scene.grace, wanted=False)
    events = AuditEvent.objects.filter(verb="mail.chosen", outcome="accepted").order_by("pk")
    assert [json.loads(event.body)["after"] for event in events] == [
        {"kind": "weekly", "wanted": True}, {"kind": "weekly", "wanted": False},
    ]  # fmt: skip
    assert not MailWish.objects.exists()
    with pytest.raises(NotPermitted):
        choose_mail(actor=scene.admin, employee=scene.admin, kind=KIND, wanted=True)


def test_one_turns_it_on_and_off_on_the_own_page_and_on_the_dashboard(scene, mailed):
    client = Client()
    client.force_login(scene.grace)
    assert "The week in figures, every Monday morning only if you ask for it Send it" in text_of(client.get("/me/"))
    page = "/insights/?period=7"
    assert "The week in figures, every Monday morning Send it" in text_of(client.get(page))
    answer = client.post("/me/mail/", {"kind": "weekly", "wanted": "yes", "next": page})
    assert answer.headers["Location"] == page
    assert MailWish.objects.filter(employee=scene.grace, kind="weekly").exists()
    assert "The week in figures, every Monday morning Stop it" in text_of(client.get(page))
    answer = client.post("/me/mail/", {"kind": "weekly", "wanted": "no", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/me/"
    assert not MailWish.objects.exists()


def test_the_link_in_it_ends_it_without_signing_in(scene, mailed):
    ask_for(scene.grace)
    work(MONDAY)
    header = mailed[0].extra_headers["List-Unsubscribe"]
    assert mailed[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = header.strip("<>")
    assert link in mailed[0].body
    assert link in mailed[0].alternatives[0].content
    here, stranger = link.removeprefix("https://empower.example"), Client(enforce_csrf_checks=True)
    # A scanner follows links: nothing ends by that.
    assert stranger.get(here).status_code == 200
    assert MailWish.objects.exists()
    for _time in range(2):
        answer = stranger.post(here, {"List-Unsubscribe": "One-Click"})
        assert "You get it no more" in text_of(answer)
    assert not MailWish.objects.exists()
    assert AuditEvent.objects.filter(verb="mail.chosen", outcome="accepted").count() == 2
    work(MONDAY + timedelta(days=7))
    assert len(mailed) == 1


def test_a_link_that_somebody_made_up_is_no_page(scene, mailed):
    ask_for(scene.grace)
    for secret in ("x", "WzEsIndlZWtseSJd:forged", "::", "a" * 3_000):
        assert Client().post(f"/mail/stop/{secret}/").status_code == 404
    assert MailWish.objects.exists()


def test_a_line_of_the_log_holds_no_such_link():
    import logging

    from ledger.logs import NothingPersonal

    line = logging.LogRecord("x", 20, "x", 1, "GET /mail/stop/WzEsIndl-ZWtseSJd:for_ged/ 200", None, None)
    assert NothingPersonal().format(line) == "GET /mail/stop/.../ 200"


def test_two_workers_at_once_send_one(scene, mailed, monkeypatch):
    """Both have seen that nobody was written to yet; each then puts it in line, and sends what is due."""
    ask_for(scene.grace)
    from empower.insights.services import weekly

    put_in_line = weekly.queue_mails

    def both(**how):
        put_in_line(**how)
        put_in_line(**how)

    monkeypatch.setattr(weekly, "queue_mails", both)
    work(MONDAY)
    work(MONDAY)
    assert to(mailed) == ["grace"]
    assert Mail.objects.count() == 1
