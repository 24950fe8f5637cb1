"""A card from a colleague: read by the one it is for, and compared with nobody's."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.services import annul_incident, erase_guest
from empower.recognition.models import Thanks
from empower.recognition.permissions import can_thank, can_withdraw_thanks
from empower.recognition.services import give_thanks, withdraw_thanks
from empower.refusals import NotPermitted, NotPossible
from empower.staff.services import change_employee, hire_employee

from .happenings import resolved

pytestmark = pytest.mark.django_db


def thanked(scene, *, by="tomas", receiver="maria", incident=None, text="You ran for Mrs Jones's shoes."):
    return give_thanks(
        actor=getattr(scene, by), incident=incident or resolved(scene), receiver=getattr(scene, receiver), text=text
    )


def test_a_card_reaches_the_colleague_and_the_log_has_no_word_of_it(scene):
    card = thanked(scene)
    assert list(scene.maria.thanks_received.all()) == [card]
    event = AuditEvent.objects.get(verb="thanks.given")
    assert (event.actor_id, event.about_id) == (scene.tomas.pk, scene.maria.pk)
    assert "shoes" not in event.body
    assert event in AuditEvent.objects.visible_to(scene.maria)


def test_nobody_thanks_themself(scene):
    with pytest.raises(NotPermitted) as refused:
        thanked(scene, by="maria")
    assert (refused.value.code, refused.value.field) == ("yourself", "receiver")
    with pytest.raises(IntegrityError), transaction.atomic():
        Thanks.objects.create(
            incident=resolved(scene),
            property=scene.lax,
            given_by=scene.maria,
            receiver=scene.maria,
            text="Well done, me",
        )
    assert not Thanks.objects.exists()


@pytest.mark.parametrize(
    ("name", "may"),
    [("tomas", True), ("omar", True), ("grace", True), ("chen", True), ("paul", False), ("gina", False),
     ("ada", False), ("admin", False)],
)  # fmt: skip
def test_who_works_there_thanks(scene, name, may):
    incident, actor = resolved(scene), getattr(scene, name)
    assert can_thank(actor, incident) is may
    if may:
        assert thanked(scene, by=name, incident=incident)
        return
    with pytest.raises(NotPermitted):
        thanked(scene, by=name, incident=incident)


@pytest.mark.parametrize("name", ["paul", "ada", "admin"])
def test_only_a_colleague_of_the_house_is_thanked(scene, name):
    with pytest.raises(ValidationError) as refused:
        thanked(scene, receiver=name)
    assert list(refused.value.error_dict) == ["receiver"]


def test_who_left_and_another_system_are_not_thanked_and_a_system_thanks_nobody(scene):
    incident = resolved(scene)
    change_employee(actor=None, employee=scene.omar, is_active=False)
    scene.pms = hire_employee(
        actor=None, username="pms", code="pms", name="PMS", role="frontline", property=scene.lax, is_service=True
    )
    for receiver in ("omar", "pms"):
        with pytest.raises(ValidationError):
            thanked(scene, receiver=receiver, incident=incident)
    with pytest.raises(NotPermitted):
        thanked(scene, by="pms", incident=incident)
    assert not Thanks.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "x" * 2_001, 7])
def test_a_card_has_words(scene, text):
    with pytest.raises(ValidationError) as refused:
        thanked(scene, text=text)
    assert list(refused.value.error_dict) == ["text"]


def test_one_card_for_each_colleague_and_incident(scene):
    incident = resolved(scene)
    card = thanked(scene, incident=incident)
    with pytest.raises(NotPossible) as refused:
        thanked(scene, incident=incident)
    assert refused.value.code == "thanked_before"
    thanked(scene, incident=incident, receiver="omar")
    thanked(scene, incident=incident, by="omar")
    withdraw_thanks(actor=scene.tomas, thanks=card)
    assert thanked(scene, incident=incident)


def test_what_did_not_happen_is_nothing_to_thank_for(scene):
    incident = resolved(scene)
    annul_incident(actor=scene.omar, incident=incident, reason="Written down twice")
    with pytest.raises(NotPossible) as refused:
        thanked(scene, incident=incident)
    assert refused.value.code == "void"


@pytest.mark.parametrize(
    ("name", "may"),
    [("tomas", True), ("omar", True), ("grace", True), ("chen", True), ("maria", False), ("gina", False),
     ("ada", False), ("admin", False)],
)  # fmt: skip
def test_who_wrote_it_and_managers_take_it_back(scene, name, may):
    card, actor = thanked(scene), getattr(scene, name)
    assert can_withdraw_thanks(actor, card) is may
    if not may:
        with pytest.raises(NotPermitted):
            withdraw_thanks(actor=actor, thanks=card)
        return
    card = withdraw_thanks(actor=actor, thanks=card)
    assert (card.text, card.withdrawn_by) == ("", actor)
    with pytest.raises(NotPossible) as refused:
        withdraw_thanks(actor=actor, thanks=card)
    assert refused.value.code == "withdrawn"


@pytest.mark.parametrize(
    ("name", "sees"),
    [("tomas", True), ("maria", True), ("omar", True), ("grace", True), ("chen", True), ("ada", True),
     ("paul", False), ("gina", False), ("admin", False)],
)  # fmt: skip
def test_who_reads_a_card(scene, name, sees):
    card = thanked(scene)
    assert (card in Thanks.objects.visible_to(getattr(scene, name))) is sees


def test_a_colleague_reads_no_card_between_others(scene):
    card = thanked(scene, by="omar")
    assert card not in Thanks.objects.visible_to(scene.tomas)


def test_a_card_that_was_taken_back_is_not_read_by_whom_it_was_for(scene):
    card = withdraw_thanks(actor=scene.tomas, thanks=thanked(scene))
    assert card not in Thanks.objects.visible_to(scene.maria)
    assert card in Thanks.objects.visible_to(scene.tomas)
    assert card in Thanks.objects.visible_to(scene.omar)


def test_an_erased_guest_takes_the_words_along(scene):
    card = thanked(scene)
    before = clock.now()
    erase_guest(actor=scene.grace, guest=scene.jones)
    card.refresh_from_db()
    assert card.text == ""
    assert card.updated_at >= before  # whoever keeps a copy learns of it
