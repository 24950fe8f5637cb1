"""Who is written to when something is asked, once each, with no guest in it; and the link that opens once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.services import log_incident
from empower.notices.models import Mail, Reading
from empower.notices.services import choose_mail, send_mails
from empower.notices.services.mailing import BACK_OFF
from empower.policies.services import name_deputy, put_on_call
from empower.spending.models import Gesture, RequestLink
from empower.spending.services import (
    approve_spend,
    ask_about_spend,
    escalate_overdue_approvals,
    give_spend,
    queue_request_mails,
)
from empower.staff.services import change_employee
from tests.pages.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # what leaves the house, not the database

NAME, ROOM, WORDS = "Zebulon Quixworth", "1412", "the parrot bit him"


@pytest.fixture
def mailed(scene, settings, mailoutbox):
    """Mail leaves; omar, grace, chen and maria have addresses; the reader has read what was."""
    settings.MAIL_LEAVES, settings.SITE_URL = True, "https://empower.example"
    for name in ("omar", "grace", "chen", "maria"):
        person = getattr(scene, name)
        change_employee(actor=scene.admin, employee=person, email=f"{name}@hotel.example")
    queue_request_mails()
    return mailoutbox


def ask(scene, amount=300_000, **told):
    incident = log_incident(
        actor=scene.maria, property=scene.lax, guests=[{"name": NAME, "room": ROOM}], narrative=WORDS,
        department=scene.lax_desk,
    )  # fmt: skip
    return give_spend(
        actor=scene.maria,
        incident=incident,
        guest=incident.guests.get(),
        gesture=Gesture.objects.get(code="meal"),
        amount=amount,
        currency="USD",
        note=WORDS,
        reason=WORDS,
        **told,
    )


def work():
    queue_request_mails()
    send_mails()


def to(mailed):
    return sorted(message.to[0].split("@")[0] for message in mailed)


def link_of(message):
    return re.search(r"https://empower\.example(/approvals/link/\S+/)", message.body)[1]


def test_who_decides_is_written_to_once_with_no_guest_in_it(scene, mailed):
    spend = ask(scene)
    for _ in range(3):
        work()
    assert to(mailed) == ["omar"]
    message = mailed[0]
    html = message.alternatives[0].content
    assert message.subject == "Somebody waits for your answer: $3,000, Hotel LAX"
    for said in (message.subject, message.body, html):
        assert "$3,000" in said
        assert not re.search(f"{NAME}|Zebulon|{ROOM}|parrot|Maria|maria", said)
    assert "Meal" in message.body
    assert "There are 14 min left" in message.body
    assert link_of(message) in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not Mail.objects.filter(about_id=spend.approval.pk).exclude(status="sent").exists()


def test_it_is_written_in_the_language_of_its_reader(scene, mailed):
    change_employee(actor=scene.admin, employee=scene.omar, language="ar")
    ask(scene)
    work()
    assert '<html lang="ar" dir="rtl">' in mailed[0].alternatives[0].content


def test_nobody_without_an_address_and_nobody_who_said_no(scene, mailed):
    choose_mail(actor=scene.omar, employee=scene.omar, kind="request", wanted=False)
    ask(scene)
    work()
    assert mailed == []
    assert Mail.objects.get().status == "not_needed"
    choose_mail(actor=scene.omar, employee=scene.omar, kind="request", wanted=True)
    ask(scene)
    work()
    assert to(mailed) == ["omar"]


def test_what_was_answered_meanwhile_is_not_written(scene, mailed):
    spend = ask(scene)
    queue_request_mails()
    approve_spend(actor=scene.omar, approval=spend.approval, reason="Yes.")
    send_mails()
    assert mailed == []


def test_when_nobody_answers_the_next_one_is_written_to_and_nobody_twice(scene, mailed):
    change_employee(actor=scene.admin, employee=scene.tomas, email="tomas@hotel.example")
    at = clock.now()
    with clock.standing_at(at):
        name_deputy(
            actor=scene.omar,
            absent=scene.omar,
            stands_in=scene.tomas,
            begins_at=at,
            ends_at=at + timedelta(hours=8),
        )
        ask(scene)
        work()
    assert to(mailed) == ["omar"]
    for minutes, who in (
        (15, ["omar", "tomas"]),
        (30, ["grace", "omar", "tomas"]),
        (45, ["chen", "grace", "omar", "tomas"]),
    ):
        with clock.standing_at(at + timedelta(minutes=minutes)):
            escalate_overdue_approvals()
            work()
            assert to(mailed) == who


def test_who_is_on_call_is_written_to_first_and_the_others_when_half_the_time_is_over(scene, mailed):
    from tests import factories as make

    pilar = make.ManagerFactory(username="pilar", property=scene.lax, email="pilar@hotel.example")
    at = clock.now()
    with clock.standing_at(at):
        put_on_call(actor=scene.omar, property=scene.lax, employee=pilar, begins_at=at, ends_at=at + timedelta(hours=8))
        ask(scene)
        work()
        assert to(mailed) == ["pilar"]
    with clock.standing_at(at + timedelta(minutes=7, seconds=29)):
        work()
        assert to(mailed) == ["pilar"]
    with clock.standing_at(at + timedelta(minutes=7, seconds=30)):
        work()
        assert to(mailed) == ["omar", "pilar"]
    # Whoever is on call and has no address keeps nobody waiting.
    change_employee(actor=scene.admin, employee=pilar, email="")
    with clock.standing_at(at + timedelta(minutes=1)):
        ask(scene)
        work()
    assert to(mailed) == ["omar", "omar", "pilar"]


def test_a_yes_by_phone_is_asked_of_whoever_is_named(scene, mailed):
    ask(scene, verbal_approval_by=scene.grace)
    work()
    assert to(mailed) == ["grace"]
    assert mailed[0].subject == "Was this your yes? $3,000, Hotel LAX"


def test_a_second_request_that_lifts_the_first_tells_the_general_manager_of_both(scene, mailed):
    spend = ask(scene)
    work()
    give_spend(
        actor=scene.maria,
        incident=spend.incident,
        guest=spend.guest,
        gesture=spend.gesture,
        amount=400_000,
        currency="USD",
    )
    work()
    assert to(mailed) == ["grace", "grace", "omar"]


def test_a_question_stops_what_was_still_in_line(scene, mailed):
    spend = ask(scene)
    queue_request_mails()
    ask_about_spend(actor=scene.omar, approval=spend.approval, question="For how many?")
    send_mails()
    assert mailed == []


def test_where_no_mail_leaves_nothing_is_kept_for_later(scene, mailed, settings, caplog):
    from empower.notices.services import mailing

    settings.MAIL_LEAVES = False
    mailing._said_once = False
    ask(scene)
    queue_request_mails()
    mailing.keep_mailing()
    mailing.keep_mailing()
    assert [record.message for record in caplog.records].count("No mail leaves: EMAIL_URL is not set.") == 1
    settings.MAIL_LEAVES = True
    work()
    assert mailed == []
    assert not Mail.objects.exists()
    assert Reading.objects.get(name="request mails").next_position > 0


def test_a_post_office_that_fails_is_tried_again_and_given_up_with_no_address_in_the_log(
    scene, mailed, settings, caplog, monkeypatch
):
    from django.core.mail import EmailMultiAlternatives

    def fail(self):
        raise OSError(f"550 no such user {self.to[0]}")

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)
    at = clock.now()
    with clock.standing_at(at):
        ask(scene)
        work()
    for wait in BACK_OFF:
        at += wait
        with clock.standing_at(at):
            send_mails()
    mail = Mail.objects.get()
    assert (mail.status, mail.tries, mail.reason) == ("given_up", len(BACK_OFF) + 1, "OSError")
    assert "@" not in caplog.text
    assert "given up" in caplog.text


def test_one_that_cannot_be_written_holds_up_no_other(scene, mailed, monkeypatch):
    from empower.notices.services.mail_kinds import MAIL_KINDS, MailKind

    monkeypatch.setitem(MAIL_KINDS, "broken", MailKind("broken", "", lambda employee: True, lambda mail: 1 / 0))
    Mail.objects.create(kind="broken", recipient=scene.omar, about_id=1)
    ask(scene)
    work()
    assert to(mailed) == ["omar"]
    assert Mail.objects.get(kind="broken").reason == "ZeroDivisionError"


# --- the link -------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(scene, mailed):
    ask(scene)
    work()
    return link_of(mailed[0])


def test_a_link_opens_once_in_one_browser_and_shows_no_guest(scene, link):
    browser = Client()
    for _scanner in range(3):
        page = Client().get(link)
        assert page.status_code == 200
        assert "$3,000" not in text_of(page)
    opened = browser.post(link, follow=True)
    said = text_of(opened)
    assert "$3,000" in said
    assert "Meal" in said
    assert not re.search(rf"{NAME}|\b{ROOM}\b|parrot|Maria", opened.content.decode())
    assert 'name="answer"' not in opened.content.decode()
    assert browser.get(link).status_code == 200  # the same browser looks again
    forwarded = Client()
    assert forwarded.get(link).status_code == 410
    assert forwarded.post(link).status_code == 410
    assert "$3,000" not in text_of(forwarded.get(link))
    assert AuditEvent.objects.filter(verb="request.link_opened").count() == 1
    secret = link.split("/")[-2]
    assert secret not in str(list(RequestLink.objects.values_list()))
    assert "no-store" in opened["Cache-Control"]


def test_what_was_opened_is_seen_for_a_quarter_of_an_hour_and_answers_nothing(scene, link, mailed):
    browser = Client()
    browser.post(link)
    cookie = next(value for name, value in browser.cookies.items() if name.startswith("link-"))
    assert (cookie["max-age"], cookie["path"], cookie["httponly"]) == (900, link, True)
    approval = RequestLink.objects.get().approval
    answered = browser.post(f"/approvals/{approval.pk}/answer/", {"answer": "yes", "reason": "Yes."})
    assert answered.url.startswith("/accounts/login/")
    assert browser.get(f"/approvals/{approval.pk}/").url.startswith("/accounts/login/")
    approval.refresh_from_db()
    assert approval.status == "open"


def test_a_link_ends_with_its_request(scene, link):
    with clock.standing_at(clock.now() + timedelta(hours=24, seconds=1)):
        assert Client().get(link).status_code == 410
        assert Client().post(link).status_code == 410


def test_a_cookie_of_one_link_opens_no_other(scene, link, mailed):
    ask(scene)
    work()
    other = link_of(mailed[-1])
    browser = Client()
    browser.post(link)
    value = next(value.value for name, value in browser.cookies.items() if name.startswith("link-"))
    thief = Client()
    for row in RequestLink.objects.all():
        thief.cookies[f"link-{row.pk}"] = value
    assert "$3,000" not in text_of(thief.get(other))


def test_whoever_is_signed_in_goes_straight_to_it_and_nothing_is_used_up(scene, link):
    browser = Client()
    browser.force_login(scene.omar)
    assert browser.get(link).url == f"/approvals/{RequestLink.objects.get().approval_id}/"
    assert RequestLink.objects.get().opened_at is None
    stranger = Client()
    stranger.force_login(scene.gina)
    assert stranger.get(link).status_code == 200


@pytest.mark.parametrize("secret", ["x", "x" * 43, "é" * 43, "x" * 500])
def test_a_link_that_is_none_is_nowhere(scene, client, secret):
    assert client.get(f"/approvals/link/{secret}/").status_code == 404
    assert client.post(f"/approvals/link/{secret}/").status_code == 404


def test_a_form_from_elsewhere_opens_nothing(scene, link):
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert RequestLink.objects.get().opened_at is None


def test_the_log_keeps_no_link(link):
    import logging

    from ledger.logs import NothingPersonal

    record = logging.LogRecord("x", 20, "x", 1, f'"GET {link} HTTP/1.1" 200', None, None)
    assert link.split("/")[-2] not in NothingPersonal().format(record)


def test_the_own_page_says_which_mail_comes_and_stops_it(scene, mailed):
    client = Client()
    client.force_login(scene.omar)
    assert "to omar@hotel.example" in text_of(client.get("/me/"))
    client.post("/me/mail/", {"kind": "request", "wanted": "no"})
    assert "you chose to get none" in text_of(client.get("/me/"))
    assert client.post("/me/mail/", {"kind": "nothing", "wanted": "no"}, follow=True).status_code == 200
    maria = Client()
    maria.force_login(scene.maria)
    assert "maria@hotel.example" not in text_of(maria.get("/me/"))
