"""A guest is forgotten: no word about them stays, and no sum and no limit moves."""

import pytest

from empower.audit.services import first_fault, sequence_events
from empower.incidents.services import erase_guest
from empower.journal.models import Posting
from empower.spending.models import Approval, Authority, Spend
from empower.spending.services import ask_about_spend, decline_spend, reply_about_spend

pytestmark = pytest.mark.django_db


def test_erasing_a_guest_empties_every_word_and_moves_no_sum(desk):
    desk.give(15_000, note="Dr Haddad's dinner", reason="Dr Haddad waited")
    approval = desk.give(300_000, note="suite for Dr Haddad", reason="Dr Haddad").approval
    ask_about_spend(actor=desk.scene.omar, approval=approval, question="Was Dr Haddad told?")
    reply_about_spend(actor=desk.scene.maria, approval=approval, reply="Dr Haddad was")
    decline_spend(actor=desk.scene.omar, approval=approval, reason="Dr Haddad leaves today")
    before = (Posting.objects.count(), Authority.objects.get().own)

    erase_guest(actor=desk.scene.grace, guest=desk.guest)

    words = [*Spend.objects.values_list("note", "reason"), *Approval.objects.values_list("question", "reply", "reason")]
    assert {word for row in words for word in row} == {""}
    assert (Posting.objects.count(), Authority.objects.get().own) == before
    sequence_events()
    assert first_fault() is None
