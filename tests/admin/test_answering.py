"""Requests answered on the desk: asked first, one command each, and each told what happened."""

import pytest

from empower.audit.models import AuditEvent
from empower.incidents.services import log_incident
from empower.journal.models import JournalEntry
from empower.spending.models import Spend

from .cases import give, open_case

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


def now(row):
    row.refresh_from_db()
    return row


def test_the_page_says_what_is_about_to_be_decided_and_what_was_left(desk, scene, laid_out):
    answer = desk(scene.omar).ask("approve", laid_out.asked)
    assert answer.status_code == 200
    for said in (b"$3,000.00", b"$500.00", b"$4,500.00", b"Maria", b"Jones", b"two nights lost to the noise"):
        assert said in answer.content
    assert now(laid_out.asked).status == "open"


def test_without_a_reason_nothing_is_decided_and_the_form_says_so(desk, scene, laid_out):
    answer = desk(scene.omar).answer("approve", laid_out.asked, reason="  ")
    assert answer.status_code == 400
    assert b"Say why, in a few words." in answer.content
    assert now(laid_out.asked).status == "open"


def test_several_are_approved_each_by_its_own_command(desk, scene, laid_out):
    case = open_case(scene.tomas, scene.rivera)
    other = give(scene.tomas, case, scene.rivera, 200_001).approval
    browser = desk(scene.omar)
    answer = browser.answer("approve", laid_out.asked, other, reason="of course")
    assert browser.said(answer) == [f"Approval {laid_out.asked.pk}: approved.", f"Approval {other.pk}: approved."]
    assert [now(one).status for one in (laid_out.asked, other)] == ["approved", "approved"]
    assert laid_out.asked.reason == "of course"
    assert laid_out.asked.decided_by == scene.omar
    assert AuditEvent.objects.filter(verb="spend.approved", outcome="accepted").count() == 2


def test_one_that_is_refused_keeps_no_other_from_being_done(desk, scene, laid_out):
    case = open_case(scene.omar, scene.rivera)
    own = give(scene.omar, case, scene.rivera, 200_001).approval
    browser = desk(scene.omar)
    answer = browser.answer("approve", laid_out.asked, own, reason="of course")
    said = browser.said(answer)
    assert f"Approval {laid_out.asked.pk}: approved." in said
    assert f"Approval {own.pk}: Nobody decides on their own request: it goes to a colleague." in said
    assert (now(laid_out.asked).status, now(own).status) == ("approved", "open")
    refused = AuditEvent.objects.get(verb="spend.approved", outcome="refused")
    assert '"own_spend"' in refused.body


def test_one_s_own_request_is_shown_as_not_one_s_own_to_answer(desk, scene, laid_out):
    case = open_case(scene.omar, scene.rivera)
    own = give(scene.omar, case, scene.rivera, 200_001).approval
    browser = desk(scene.omar)
    assert b"not yours" in browser.ask("approve", own).content
    assert b'value="approve"' not in browser.see(own).content
    assert b'value="approve"' in browser.see(laid_out.asked).content


def test_less_is_approved_and_more_is_refused_beside_the_amount(desk, scene, laid_out):
    browser = desk(scene.omar)
    answer = browser.answer("approve", laid_out.asked, reason="half", amount="3000.01")
    assert answer.status_code == 400
    assert b"at most what was asked for, $3,000.00" in answer.content
    assert browser.answer("approve", laid_out.asked, reason="half", amount="1500").status_code == 302
    assert now(laid_out.asked).decided_amount == 150_000
    assert Spend.objects.get(pk=laid_out.asked.spend_id).amount == 150_000


@pytest.mark.parametrize("written", ["a lot", "1500.005", "-5", "1e3"])
def test_an_amount_that_can_t_be_read_is_said_beside_it(desk, scene, laid_out, written):
    answer = desk(scene.omar).answer("approve", laid_out.asked, reason="half", amount=written)
    assert answer.status_code == 400
    assert now(laid_out.asked).status == "open"


def test_what_changed_since_it_was_shown_is_not_decided(desk, scene, laid_out):
    browser = desk(scene.omar)
    answer = browser.answer("approve", laid_out.asked, reason="yes", **{f"version_{laid_out.asked.pk}": "99"})
    assert "look again" in browser.said(answer)[0]
    assert now(laid_out.asked).status == "open"


def test_declined_moves_no_money_and_says_why(desk, scene, laid_out):
    entries = JournalEntry.objects.filter(kind="spend").count()
    browser = desk(scene.omar)
    answer = browser.answer("decline", laid_out.asked, reason="the suite is free")
    assert browser.said(answer) == [f"Approval {laid_out.asked.pk}: declined."]
    assert (now(laid_out.asked).status, laid_out.asked.reason) == ("declined", "the suite is free")
    assert JournalEntry.objects.filter(kind="spend").count() == entries


def test_a_second_answer_is_told_who_was_first(desk, scene, laid_out):
    browser = desk(scene.omar)
    browser.answer("approve", laid_out.asked, reason="yes")
    answer = browser.answer("decline", laid_out.asked, reason="no")
    assert browser.said(answer)[-1].endswith("Omar was first: this request is approved.")


def test_a_question_stops_the_clock(desk, scene, laid_out):
    desk(scene.omar).answer("ask", laid_out.asked, question="which night?")
    assert now(laid_out.asked).question == "which night?"
    assert laid_out.asked.question_asked_at


@pytest.mark.parametrize(("verb", "status"), [("confirm", "confirmed"), ("deny", "denied")])
def test_a_verbal_yes_is_answered_by_the_one_it_names(desk, scene, verb, status):
    case = open_case(scene.maria, scene.jones)
    spend = give(scene.maria, case, scene.jones, 300_000, verbal_approval_by=scene.omar)
    browser = desk(scene.grace)
    assert b"not yours" in browser.ask(verb, spend.approval).content
    browser = desk(scene.omar)
    browser.answer(verb, spend.approval, reason="I remember")
    assert now(spend.approval).status == status


@pytest.mark.parametrize("name", ["ada", "admin"])
def test_who_decides_nothing_is_offered_nothing(desk, scene, laid_out, name):
    browser = desk(getattr(scene, name))
    answer = browser.answer("approve", laid_out.asked, reason="yes")
    assert answer.status_code in (200, 302, 403)
    assert now(laid_out.asked).status == "open"
    assert AuditEvent.objects.filter(verb="spend.approved").count() == 0


def test_a_gift_is_taken_back_with_a_reason(desk, scene, laid_out):
    browser = desk(scene.omar)
    assert b"$1,500.00" in browser.ask("reverse", laid_out.gift).content
    answer = browser.answer("reverse", laid_out.gift, reason="the dinner was never served")
    assert browser.said(answer) == [f"Spend {laid_out.gift.pk}: taken back, $1,500.00."]
    assert now(laid_out.gift).status == "reversed"
    again = browser.answer("reverse", laid_out.gift, reason="once more")
    assert "only what was given can be reversed" in browser.said(again)[-1]
    assert JournalEntry.objects.filter(spend_id=laid_out.gift.pk, kind="reversal").count() == 1


def test_an_incident_is_void_only_when_nothing_stands_on_it(desk, scene, laid_out):
    empty = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.rivera])
    browser = desk(scene.omar)
    said = browser.said(browser.answer("void", laid_out.case, empty, reason="written down twice"))
    assert f"Incident {empty.pk}: void." in said
    assert [line for line in said if line.startswith(f"Incident {laid_out.case.pk}: Something was given")]
    assert (now(laid_out.case).status, now(empty).status) == ("open", "void")


def test_an_incident_is_resolved_with_its_ending(desk, scene):
    case = open_case(scene.maria, scene.jones)
    desk(scene.omar).answer("resolve", case, outcome="recovered", feeling_after="9")
    assert (now(case).status, case.outcome) == ("resolved", "recovered")


def test_an_incident_s_page_tells_all_of_it(desk, scene, laid_out):
    page = desk(scene.omar).see(laid_out.case).content
    for said in (b"The shower ran cold at six", b"Jones", b"$1,500.00", b"$3,000.00", b"waiting"):
        assert said in page


def test_two_records_of_one_guest_become_one(desk, scene):
    browser = desk(scene.omar)
    answer = browser.answer("merge", scene.jones, scene.rivera, kept=scene.jones.pk)
    assert f"Guest {scene.jones.pk}: stands for them all." in browser.said(answer)
    assert now(scene.rivera).merged_into == scene.jones


def test_a_guest_is_erased_by_the_general_manager_alone(desk, scene):
    assert desk(scene.omar).answer("erase", scene.jones).status_code in (200, 302)
    assert now(scene.jones).name == "Jones"
    desk(scene.grace).answer("erase", scene.jones)
    assert now(scene.jones).name == ""
    assert scene.jones.erased_at
