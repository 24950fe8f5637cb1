import pytest

from empower import clock
from tests.insights.history import BEGINS, Past, prepare
from tests.scene import set_the_scene


@pytest.fixture
def cast(db):
    """The scene, set before the past begins, with five more people at LAX and some categories."""
    with clock.standing_at(BEGINS):
        scene = set_the_scene()
        prepare(scene)
    return scene


@pytest.fixture
def live(cast):
    """Lives a past: ``live(seed=1)``; answers it, with the clock's moment at its end as ``now``."""
    return lambda **how: Past(cast, **how)
