from types import SimpleNamespace

import pytest

from empower import clock
from tests.insights.history import BEGINS, Past, prepare
from tests.remembered import remembered
from tests.scene import set_the_scene


@pytest.fixture
def cast(db):
    """The scene, set before the past begins, with five more people at LAX and some categories."""
    scene = set_the_scene()
    return remembered("the cast of a past", lambda: _prepared(scene))


def _prepared(scene):
    with clock.standing_at(BEGINS):
        prepare(scene)
    return scene


@pytest.fixture
def live(cast):
    """Lives a past: ``live(seed=1)``; answers ``now``, the clock's moment at its end. The first thing that a test does.

    A past is lived once in a run, whoever asks for it: who needs any past asks for one that others ask for too.
    """

    def lived(*, past=Past, **how):
        name = f"{past.__qualname__} {sorted(how.items())}"
        return SimpleNamespace(now=remembered(name, lambda: past(cast, **how).now))

    return lived
