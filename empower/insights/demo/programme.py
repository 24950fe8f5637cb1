"""Which plot is played where, and how many days ago."""

from . import plots
from .plots_large import power_cut
from .seasons import local_moment

#: (house, days ago, local hour, plot, what it is told besides)
_PROGRAMME = (
    ("LAX", 97, 19, power_cut, {}),
    ("NYC", 41, 16, plots.split, {}),
    ("LAX", 33, 17, plots.approved_with_less, {}),
    ("NYC", 76, 8, plots.declined_and_lost, {}),
    ("LAX", 52, 18, plots.verbal_yes_confirmed, {}),
    ("NYC", 24, 20, plots.verbal_yes_denied, {}),
    ("PAR", 63, 15, plots.question_and_reply, {}),
    ("PAR", 118, 12, plots.withdrawn, {}),
    ("NYC", 291, 21, plots.expired, {}),
    ("NYC", 58, 9, plots.deputy_answers, {}),
    ("LAX", 205, 8, plots.for_a_leader, {}),
    ("LAX", 19, 9, plots.taken_back_whole, {}),
    ("PAR", 36, 8, plots.taken_back_in_part, {}),
    ("LAX", 12, 16, plots.promise, {"kept": True}),
    ("LAX", 9, 17, plots.promise, {"kept": False}),
    ("KYO", 71, 7, plots.second_failure, {}),
    ("KYO", 149, 20, plots.capped, {}),
    ("KYO", 88, 13, plots.colleague_as_guest, {"giver": "yuna", "receiver": "minh", "number": 3}),
    ("LAX", 15, 15, plots.colleague_as_guest, {"giver": "maria", "receiver": "aiko", "number": 0}),
    ("NYC", 130, 23, plots.colleague_as_guest, {"giver": "sofia", "receiver": "darnell", "number": 4}),
    ("PAR", 47, 10, plots.colleague_as_guest, {"giver": "idris", "receiver": "thuy", "number": 1}),
    ("KYO", 54, 15, plots.two_records_of_one_guest, {}),
)


def enter_plots(world):
    """Enters every plot; a scale changes none of them."""
    for number, (code, days, hour, plot, told) in enumerate(_PROGRAMME):
        stage = plots.Stage(world, code, f"{plot.__name__}:{number}")
        day = world.days_ago(days).date()
        world.enter(local_moment(stage.hotel.house.timezone, day, hour, 5), plot(stage, **told))
