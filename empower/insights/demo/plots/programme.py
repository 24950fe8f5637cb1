"""Which plot is played where, and how many days ago."""

from ..seasons import local_moment
from . import asking, giving
from .power_cut import power_cut
from .stage import Stage

#: (house, days ago, local hour, plot, what it is told besides). In New York they ask for more than the raise of a New
#: Year gives, on whatever day the demo is made.
_PROGRAMME = (
    ("LAX", 97, 19, power_cut, {}),
    ("NYC", 41, 16, asking.split, {}),
    ("LAX", 33, 17, asking.approved_with_less, {}),
    ("NYC", 76, 8, asking.declined_and_lost, {}),
    ("LAX", 52, 18, asking.verbal_yes_confirmed, {}),
    ("NYC", 24, 20, asking.verbal_yes_denied, {}),
    ("PAR", 63, 15, asking.question_and_reply, {}),
    ("PAR", 118, 12, asking.withdrawn, {}),
    ("NYC", 291, 21, asking.expired, {}),
    ("NYC", 58, 9, asking.deputy_answers, {}),
    ("LAX", 205, 8, asking.for_a_leader, {}),
    ("LAX", 19, 9, giving.taken_back_whole, {}),
    ("PAR", 36, 8, giving.taken_back_in_part, {}),
    ("LAX", 12, 16, giving.promise, {"kept": True}),
    ("LAX", 9, 17, giving.promise, {"kept": False}),
    ("KYO", 71, 7, giving.second_failure, {}),
    ("KYO", 149, 20, giving.capped, {}),
    ("KYO", 88, 13, giving.colleague_as_guest, {"giver": "yuna", "receiver": "minh", "number": 3}),
    ("LAX", 15, 15, giving.colleague_as_guest, {"giver": "maria", "receiver": "aiko", "number": 0}),
    ("NYC", 130, 23, giving.colleague_as_guest, {"giver": "sofia", "receiver": "darnell", "number": 4}),
    ("PAR", 47, 10, giving.colleague_as_guest, {"giver": "idris", "receiver": "thuy", "number": 1}),
    ("KYO", 54, 15, giving.two_records_of_one_guest, {}),
)


def enter_plots(world):
    """Enters every plot; a scale changes none of them."""
    for number, (code, days, hour, plot, told) in enumerate(_PROGRAMME):
        stage = Stage(world, code, f"{plot.__name__}:{number}")
        day = world.days_ago(days).date()
        world.enter(local_moment(stage.hotel.house.timezone, day, hour, 5), plot(stage, **told))
