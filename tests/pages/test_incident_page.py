"""An incident's page: what happened in order, what may still be given, and the verbs of whoever looks."""

from datetime import UTC, datetime, timedelta

import pytest

from empower import clock
from empower.incidents.models import Incident
from empower.spending.models import Spend
from empower.spending.services import ask_about_spend, decline_spend, give_spend, resolve_incident

from .conftest import gesture, once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database


def url(incident, verb=""):
    return f"/incidents/{incident.pk}/{verb}"


def give(actor, incident, amount, *, code="meal", **words):
    return give_spend(
        actor=actor,
        incident=incident,
        guest=incident.guests.get(),
        gesture=gesture(code),
        amount=amount,
        currency=incident.property.currency,
        **words,
    )


def test_it_opens_with_what_may_still_be_given(as_, scene, incident):
    give(scene.maria, incident, 18_000)
    assert "You may still give Jones $1,820" in text_of(as_(scene.maria).get(url(incident)))


def test_a_colleagues_gift_uses_nothing_of_mine(as_, scene, incident):
    give(scene.maria, incident, 18_000)
    assert "You may still give Jones $2,000" in text_of(as_(scene.tomas).get(url(incident)))


def test_what_happened_stands_in_order_with_what_the_guests_saw(as_, scene, incident):
    give(scene.maria, incident, 18_000, note="Dinner for two")
    page = text_of(as_(scene.maria).get(url(incident)))
    places = [
        page.index(words) for words in ("It happened", "We were told", "Maria wrote it down", "of their own accord")
    ]
    assert places == sorted(places)
    assert "What the guests saw Cost to the house $63.00 $180.00" in page


def test_another_property_does_not_know_it(as_, scene, incident):
    assert as_(scene.paul).get(url(incident)).status_code == 404
    assert as_(scene.paul).post(url(incident, "resolve/"), once()).status_code == 404
    assert as_(scene.paul).get(url(incident, "give/")).status_code == 404


def test_the_superuser_sees_no_guest(as_, scene, incident):
    assert as_(scene.admin).get(url(incident)).status_code == 404


def test_an_unknown_incident_is_not_found(as_, scene):
    assert as_(scene.maria).get("/incidents/999999/").status_code == 404


def test_an_auditor_reads_and_is_offered_no_verb(as_, scene, incident):
    give(scene.maria, incident, 18_000)
    page = as_(scene.ada).get(url(incident)).content.decode()
    for verb in ("/give/", "/resolve/", "/void/", "/reverse/"):
        assert verb not in page


# --- giving --------------------------------------------------------------------------------------------------------


def test_giving_on_an_incident_posts_and_comes_back(as_, scene, incident):
    form = once(guest=str(scene.jones.pk), gesture="meal", amount="150.00", do="give")
    response = as_(scene.maria).post(url(incident, "give/"), form, follow=True)
    assert "Meal, $150, is given. You may still give $1,850." in text_of(response)


def test_a_second_gift_above_what_is_left_is_offered(as_, scene, incident):
    give(scene.maria, incident, 180_000)
    form = once(guest=str(scene.jones.pk), gesture="refund", amount="500", do="give")
    assert "Give $200, ask for $300" in text_of(as_(scene.maria).post(url(incident, "give/"), form))
    assert Spend.objects.count() == 1


def test_nothing_can_be_given_on_a_resolved_one(as_, scene, incident):
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    response = as_(scene.maria).get(url(incident, "give/"), follow=True)
    assert "reopen it to give more" in text_of(response)


# --- how it ended --------------------------------------------------------------------------------------------------


def ending(scene, outcome="recovered", feeling="8"):
    return {f"outcome_{scene.jones.pk}": outcome, f"feeling_{scene.jones.pk}": feeling}


def test_resolving_keeps_outcome_and_feeling(as_, scene, incident):
    assert as_(scene.maria).post(url(incident, "resolve/"), once(**ending(scene))).status_code == 302
    row = incident.incident_guests.get()
    assert (row.outcome, row.feeling_after) == ("recovered", 8)
    incident.refresh_from_db()
    assert incident.status == "resolved"


def test_an_outcome_that_is_missing_is_asked_for_beside_the_guest(as_, scene, incident):
    response = as_(scene.maria).post(url(incident, "resolve/"), once(**ending(scene, outcome="")))
    assert response.status_code == 400
    assert "Choose how it ended for Jones. “Not known” is an answer too." in text_of(response)
    assert 'aria-invalid="true"' in response.content.decode()
    assert f'name="feeling_{scene.jones.pk}" value="8" checked' in response.content.decode()


def test_it_is_not_resolved_while_something_waits(as_, scene, incident):
    give(scene.maria, incident, 300_000)
    response = as_(scene.maria).post(url(incident, "resolve/"), once(**ending(scene)))
    assert response.status_code == 409
    assert "still waiting for a yes" in text_of(response)


def test_reopening_says_why_and_keeps_the_resolution(as_, scene, incident):
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    as_(scene.tomas).post(url(incident, "reopen/"), once(reason="It came back."))
    page = text_of(as_(scene.maria).get(url(incident)))
    assert "Maria resolved it" in page
    assert "Tomas opened it again" in page


def test_voiding_wants_a_reason(as_, scene, incident):
    client = as_(scene.maria)
    assert client.post(url(incident, "void/"), once(reason="  ")).status_code == 400
    client.post(url(incident, "void/"), once(reason="Written twice."))
    assert Incident.objects.get().void_reason == "Written twice."


def test_a_colleague_does_not_void_what_is_not_theirs(as_, scene, incident):
    response = as_(scene.tomas).post(url(incident, "void/"), once(reason="Because."))
    assert response.status_code == 403
    assert Incident.objects.get().status == "open"


def test_a_follow_up_is_written_into_the_story(as_, scene, incident):
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    as_(scene.maria).post(url(incident, "follow-up/"), once(channel="phone", note="All is well."))
    page = text_of(as_(scene.maria).get(url(incident)))
    assert "Maria followed up with Jones (phone)" in page
    assert "“All is well.”" in page


# --- taking back, handing over -------------------------------------------------------------------------------------


def test_a_gift_is_taken_back_with_a_reason(as_, scene, incident):
    spend = give(scene.maria, incident, 18_000)
    assert as_(scene.maria).post(f"/spends/{spend.pk}/reverse/", once(reason="Charged twice.")).status_code == 302
    page = text_of(as_(scene.maria).get(url(incident)))
    assert "Maria took it back “Charged twice.”" in page
    assert "You may still give Jones $2,000" in page


def test_after_a_day_only_a_manager_takes_it_back(as_, scene, incident):
    with clock.standing_at(clock.now() - timedelta(hours=25)):
        old = Incident.objects.get()
        Incident.objects.filter(pk=old.pk).update(occurred_at=clock.now(), reported_at=clock.now())
        spend = give(scene.maria, Incident.objects.get(), 18_000)
    assert f"/spends/{spend.pk}/reverse/" not in as_(scene.maria).get(url(incident)).content.decode()
    response = as_(scene.maria).post(f"/spends/{spend.pk}/reverse/", once(reason="Too late."))
    assert response.status_code == 403
    assert as_(scene.omar).post(f"/spends/{spend.pk}/reverse/", once(reason="For Maria.")).status_code == 302


def test_a_request_is_taken_back_by_who_made_it(as_, scene, incident):
    spend = give(scene.maria, incident, 300_000)
    refused = as_(scene.tomas).post(f"/spends/{spend.pk}/withdraw/", once())
    assert refused.status_code == 403
    assert "taken back by the one who made it" in text_of(refused)
    as_(scene.maria).post(f"/spends/{spend.pk}/withdraw/", once())
    assert Spend.objects.get().status == "withdrawn"


def test_taking_back_what_was_answered_meanwhile_shows_how_it_stands(as_, scene, incident):
    spend = give(scene.maria, incident, 300_000)
    decline_spend(actor=scene.omar, approval=spend.approval, reason="Less would do.")
    response = as_(scene.maria).post(f"/spends/{spend.pk}/withdraw/", once())
    assert response.status_code == 409
    assert "Below is how things stand now." in text_of(response)
    assert "Omar said no" in text_of(response)


def test_whoever_carries_the_tray_marks_it(as_, scene, incident):
    spend = give(scene.maria, incident, 0, code="late_checkout", promised_for=clock.now() + timedelta(hours=3))
    assert "promised for" in text_of(as_(scene.tomas).get(url(incident)))
    as_(scene.tomas).post(f"/spends/{spend.pk}/given/", once())
    assert "by Tomas" in text_of(as_(scene.maria).get(url(incident)))


def test_a_spend_of_another_property_is_not_there(as_, scene, incident):
    spend = give(scene.maria, incident, 18_000)
    for verb in ("withdraw", "reverse", "given"):
        assert as_(scene.paul).post(f"/spends/{spend.pk}/{verb}/", once(reason="x")).status_code == 404


# --- a question ----------------------------------------------------------------------------------------------------


def test_the_employee_answers_a_question_on_the_page(as_, scene, incident):
    spend = give(scene.maria, incident, 300_000)
    ask_about_spend(actor=scene.omar, approval=spend.approval, question="Is he still in house?")
    client = as_(scene.maria)
    assert "Omar asks “Is he still in house?” Your answer" in text_of(client.get(url(incident)))
    spend.approval.refresh_from_db()
    form = once(reply="Until Monday.", version=spend.approval.version)
    assert client.post(f"/approvals/{spend.approval.pk}/reply/", form).status_code == 302
    assert "Maria answers “Until Monday.”" in text_of(client.get(url(incident)))


def test_nobody_else_is_asked_to_answer(as_, scene, incident):
    spend = give(scene.maria, incident, 300_000)
    ask_about_spend(actor=scene.omar, approval=spend.approval, question="Is he still in house?")
    assert "Your answer" not in text_of(as_(scene.tomas).get(url(incident)))
    assert as_(scene.tomas).post(f"/approvals/{spend.approval.pk}/reply/", once(reply="Yes.")).status_code == 404


# --- time ----------------------------------------------------------------------------------------------------------


def test_times_are_the_propertys_own(as_, scene):
    from empower.incidents.services import log_incident

    with clock.standing_at(datetime(2026, 3, 1, 7, 30, tzinfo=UTC)):
        incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
        page = text_of(as_(scene.chen).get(url(incident)))
    assert "23:30 Maria wrote it down" in page


@pytest.mark.parametrize("how_many", [1, 12])
def test_a_long_story_asks_no_more_queries(as_, scene, incident, how_many, django_assert_max_num_queries):
    for _ in range(how_many):
        give(scene.maria, incident, 1000)
    client = as_(scene.maria)
    client.get(url(incident))
    with django_assert_max_num_queries(34):
        client.get(url(incident))


# --- telling it better ---------------------------------------------------------------------------------------------


def test_what_was_not_asked_first_is_said_later(as_, scene, incident):
    version = incident.version
    form = once(
        narrative=" A drill. ", category="room_noise", severity="4", version=version, department=scene.lax_desk.pk
    )
    assert as_(scene.tomas).post(url(incident, "change/"), form).status_code == 302
    incident.refresh_from_db()
    assert (incident.narrative, incident.category.code, incident.severity) == (" A drill. ", "room_noise", 4)
    stale = as_(scene.maria).post(url(incident, "change/"), form | once(narrative="Another word."))
    assert stale.status_code == 409
    assert "Another word." in stale.content.decode()


def test_another_guest_joins_the_incident(as_, scene, incident):
    assert as_(scene.maria).post(url(incident, "guests/"), once(name="")).status_code == 400
    as_(scene.maria).post(url(incident, "guests/"), once(name="Sami", feeling_before="3"))
    assert [str(row.guest) for row in incident.incident_guests.all()] == ["Jones", "Sami"]
    assert "And for Sami?" in text_of(as_(scene.maria).get(url(incident)))


def test_an_incident_without_a_guest_asks_for_one_before_a_gift(as_, scene, incident):
    incident.incident_guests.all().delete()
    assert as_(scene.maria).get(url(incident)).status_code == 200
    assert as_(scene.maria).get(url(incident, "give/")).url == url(incident, "guests/")
    assert as_(scene.maria).post(url(incident, "resolve/"), once()).status_code == 302
