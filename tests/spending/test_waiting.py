"""Whose answer a request waits for: the badge counts what the queue shows."""

from datetime import timedelta

from empower import clock
from empower.policies.services import name_deputy
from empower.spending.queries.waiting import count_for, queue_of


def test_the_badge_says_as_many_as_the_queue_has_for_this_person(desk):
    scene, now = desk.scene, clock.now()
    desk.give(300_000)
    desk.give(600_000, incident=desk.log("A second guest"))
    desk.give(300_000, incident=desk.log("A third guest"), verbal_approval_by=scene.omar)
    desk.give(300_000, incident=desk.log("A colleague", guests=[{"kind": "colleague", "colleague": scene.grace}]))
    desk.give(300_000, actor=scene.omar, incident=desk.log("A fourth guest"))
    people = [
        scene.maria,
        scene.tomas,
        scene.omar,
        scene.grace,
        scene.paul,
        scene.gina,
        scene.chen,
        scene.ada,
        scene.admin,
    ]

    def told():
        return [(count_for(person), len(queue_of(person).yours)) for person in people]

    assert all(badge == shown for badge, shown in told())
    before = [badge for badge, _shown in told()]
    assert min(before[2:4]) > 0
    assert {before[0], before[1], *before[-2:]} == {0}
    name_deputy(
        actor=scene.omar, absent=scene.omar, stands_in=scene.tomas, begins_at=now, ends_at=now + timedelta(days=1)
    )
    assert all(badge == shown for badge, shown in told())
    assert told()[1][0] == before[2], "who stands in sees what waits for the absent, the yes by phone too"
