"""Two managers choose a story for one day at the same moment; a colleague sends the same card twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from empower.recognition.models import Story, Thanks
from empower.recognition.services import choose_story, give_thanks, nominate_story
from empower.refusals import NotPossible
from tests.scene import set_the_scene

from .happenings import resolved

pytestmark = pytest.mark.races


def at_once(*acts):
    """What each of these answered, or the code of its refusal, all let go together."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(300)
            return act()
        except NotPossible as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def test_a_day_gets_one_story_and_the_other_is_told(scene):
    stories = [nominate_story(actor=scene.tomas, incident=resolved(scene), text="A bath next door.") for _ in range(4)]
    answers = at_once(*[lambda story=story: choose_story(actor=scene.omar, story=story) for story in stories])
    assert sorted(isinstance(one, Story) for one in answers) == [False, False, False, True]
    assert answers.count("day_taken") == 3
    assert Story.objects.chosen().count() == 1


def test_the_same_card_and_the_same_story_are_one(scene):
    incident = resolved(scene)
    cards = at_once(
        *[lambda: give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran.")] * 4
    )
    stories = at_once(*[lambda: nominate_story(actor=scene.omar, incident=incident, text="A bath next door.")] * 4)
    assert (cards.count("thanked_before"), Thanks.objects.count()) == (3, 1)
    assert (stories.count("told_already"), Story.objects.count()) == (3, 1)
