"""An incident's page tells its story in order of time: told, written, given, asked, decided, changed, ended."""

import re
from datetime import timedelta

import pytest

from empower import clock
from empower.incidents.services import add_guest, change_incident, record_follow_up, reopen_incident
from empower.spending.services import approve_spend, resolve_incident

from .cases import give, open_case

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


def test_the_page_tells_all_of_it_in_order(desk, scene):
    now = clock.now()
    with clock.standing_at(now - timedelta(hours=5)):
        case = open_case(scene.maria, scene.jones, narrative="The shower ran cold", severity=2)
    with clock.standing_at(now - timedelta(hours=4)):
        give(scene.maria, case, scene.jones, 5_000, note="a quiet table")
        asked = give(scene.maria, case, scene.jones, 300_000, reason="two nights lost").approval
    with clock.standing_at(now - timedelta(hours=3)):
        change_incident(
            actor=scene.omar, incident=case, severity=4, narrative="The shower ran cold twice", owner=scene.omar
        )
        add_guest(actor=scene.omar, incident=case, guest=scene.rivera)
    with clock.standing_at(now - timedelta(hours=2, minutes=30)):
        approve_spend(actor=scene.omar, approval=asked, reason="They waited long")
    with clock.standing_at(now - timedelta(hours=2)):
        resolve_incident(actor=scene.omar, incident=case, outcome="recovered")
    with clock.standing_at(now - timedelta(hours=1, minutes=5)):
        record_follow_up(actor=scene.grace, incident=case, guest=scene.jones, channel="phone", note="glad of the call")
    with clock.standing_at(now - timedelta(hours=1)):
        reopen_incident(actor=scene.grace, incident=case, reason="it ran cold again")
    page = desk(scene.omar).see(case).content.decode()
    story = " ".join(re.sub("<[^>]+>", " ", page[page.index("desk-story-title") : page.index("</section>")]).split())
    told = [
        "It happened", "We were told", "Maria wrote it down", "a quiet table", "two nights lost", "Omar changed",
        "Severity: 4, before: 2", "Omar put another guest on it", "They waited long", "Omar resolved it",
        "glad of the call", "it ran cold again", "What the guests saw", "$3,050.00",
    ]  # fmt: skip
    places = [story.index(words) for words in told]
    assert places == sorted(places)
    assert "Looked after by: Omar, before: Maria" in story
    assert "ran cold twice" in story


def test_nobody_answers_or_changes_from_inside_the_story(desk, scene, laid_out):
    page = desk(scene.omar).see(laid_out.case).content.decode()
    story = page[page.index("desk-story-title") : page.index("</section>")]
    assert "<form" not in story
    assert "<a " not in story


def test_an_auditor_reads_the_story_too(desk, scene, laid_out):
    assert b"dinner for two" in desk(scene.ada).see(laid_out.case).content
