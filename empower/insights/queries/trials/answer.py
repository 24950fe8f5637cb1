"""What a trial is answered with: for each rule what would have posted at once, what would have waited, and how it ended.

All of it is JSON-able: counts, minor units, seconds, shares with their Wilson interval. A dozen queries, whatever there is.
"""

from collections import Counter
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from empower.policies.models import Policy
from empower.spending.models import ApprovalStatus
from empower.staff.models import Role
from empower.statistics import wilson

from ..hiding import hidden_groups
from ..timing import seconds
from .replay import Replay
from .rules import InForce
from .waits import local_waits

#: What is taken for granted, by code; the words are the door's.
ASSUMPTIONS = (
    "same_wishes", "whole_acts", "given_in_full", "measured_waits", "today_merged", "today_people", "no_budgets",
    "no_second_failures", "verbal_yes_waits", "not_a_saving",
)  # fmt: skip

#: A request that somebody answered, and in how long: not on the telephone, nor in a file of the past.
_ANSWERED = (ApprovalStatus.APPROVED, ApprovalStatus.DECLINED)

ASKED = (Role.MANAGER.value, Role.GENERAL_MANAGER.value, Role.LEADER.value)
_OUTCOMES = ("recovered", "delighted", "lost")


def is_hidden(past):
    """Whether fewer than five people asked for something, or the totals would give them away. One query, or none.

    A property as a whole is not hidden from who answers for it, and nobody else runs trials: only a team or a role is.
    """
    if past.department is None and not past.role:
        return False
    people = Counter()
    for (department, role), number in past.people().items():
        people[(*((department,) if past.department else ()), *((role,) if past.role else ()))] += number
    asked = (*((past.department.pk,) if past.department else ()), *((past.role,) if past.role else ()))
    return asked in hidden_groups(people)


def answer_trial(past, variants):
    """``{"baseline": ..., "happened": ..., "variants": [...]}`` of a `Past` and the `Variant`s that are tried.

    The baseline is replayed like the others, each act under the rule that it was judged by; ``happened`` is what was
    written down, by nobody's reckoning. The two differ where the replay can't know what the product knew: a budget that
    asked, records of a guest merged later, history that was imported out of its order. In memory: two counters for each
    employee, guest and incident, for each rule.
    """
    rules = [InForce(past.policies.values()), *variants]
    replays, tallies = [Replay(rule) for rule in rules], [_Tally() for _rule in rules]
    happened, incidents, in_force = _Happened(), {}, Counter()
    zones = {pk: ZoneInfo(name) for pk, name in past.zones.items()}
    for act, row in past.acts():
        is_told = act.in_question and not act.before
        if is_told:
            happened.add(act)
            in_force[row.policy_id] += 1
            incidents[act.incident] = (row.incident__status, row.incident__outcome)
        for replay, tally in zip(replays, tallies, strict=True):
            judgement = replay.judge(act)
            if is_told:
                tally.add(act, judgement)
                if judgement.at_once and not act.really_at_once:
                    tally.spare(row)
                elif act.really_at_once and not judgement.at_once:
                    tally.newly_waiting[row.property_id, act.moment.astimezone(zones[row.property_id]).hour] += 1
    waits = local_waits(past)
    results = [tally.told(rule, happened, incidents, waits) for rule, tally in zip(rules, tallies, strict=True)]
    return {
        "rules_in_force": _rules(in_force),
        "happened": {
            "at_once": _share(happened.at_once, happened.acts),
            "waiting": _share(happened.acts - happened.at_once, happened.acts),
        },
        "baseline": results[0],
        "variants": results[1:],
    }


class _Happened:
    def __init__(self):
        self.acts = self.at_once = 0

    def add(self, act):
        self.acts += 1
        self.at_once += act.really_at_once


@dataclass
class _Tally:
    """What became of the acts under one rule. Sums in minor units.

    ``newly_waiting``: how many at which property and hour of its day; ``answers``: how many seconds each of those that are
    ``spared`` took to be answered, where that is known.
    """

    acts: int = 0
    waiting: int = 0
    spared: int = 0
    newly_waiting: Counter = field(default_factory=Counter)
    answers: list = field(default_factory=list)
    amount_at_once: int = 0
    amount_waiting: int = 0
    amount_above: int = 0
    asked: Counter = field(default_factory=Counter)
    incidents: set = field(default_factory=set)

    def add(self, act, judgement):
        self.acts += 1
        if judgement.at_once:
            self.amount_at_once += act.amount
            return
        self.waiting += 1
        self.amount_waiting += act.amount
        self.amount_above += act.amount - judgement.left
        self.asked[judgement.tier] += 1
        self.incidents.add(act.incident)

    def spare(self, row):
        self.spared += 1
        if row.approval__status in _ANSWERED and not row.external_id:
            self.answers.append(seconds(row.approval__requested_at, row.approval__decided_at))

    def told(self, rule, happened, incidents, waits):
        within = getattr(rule, "answer_within_minutes", None)
        return {
            "acts": self.acts,
            "at_once": _share(self.acts - self.waiting, self.acts),
            "waiting": _share(self.waiting, self.acts),
            "asked_of": {role: _share(self.asked[role], self.waiting) for role in ASKED},
            "amount_at_once": self.amount_at_once,
            "amount_waiting": self.amount_waiting,
            "amount_above": self.amount_above,
            "waiting_time": {
                "median": _seconds(waits.all.quantile(0.5)),
                "p90": _seconds(waits.all.quantile(0.9)),
                "n": waits.all.n,
                "in_time": within and _share(*waits.all.within(within * 60)),
            },
            "spared": _share(self.spared, happened.acts - happened.at_once),
            "spared_time": _sum_of_time(sum(self.answers), len(self.answers), self.spared),
            "newly_waiting": _share(self.newly_waiting.total(), happened.at_once),
            "extra_waiting": self._extra_waiting(waits),
            "outcomes": {
                "waiting": _ends(incidents[one] for one in self.incidents),
                "at_once": _ends(how for one, how in incidents.items() if one not in self.incidents),
            },
        }

    def _extra_waiting(self, waits):
        """Each act that would have waited as long as half of the requests do of its property and hour."""
        total, known, at_their_hour = 0, 0, 0
        for (house, hour), acts in self.newly_waiting.items():
            median, is_of_the_hour = waits.median_at(house, hour)
            if median is not None:
                total += acts * median
                known += acts
                at_their_hour += acts * is_of_the_hour
        return _sum_of_time(round(total), known, self.newly_waiting.total()) | {"at_their_hour": at_their_hour}


def _sum_of_time(total, known, acts):
    """Of so many ``acts`` it is ``known``; of none of some there is no sum."""
    return {"seconds": total if known or not acts else None, "acts": known}


def _ends(incidents):
    """How these ended: [(status, outcome)]; void ones did not happen."""
    counted = Counter()
    for status, outcome in incidents:
        if status == "resolved":
            counted[outcome if outcome in _OUTCOMES else "unknown"] += 1
        elif status == "open":
            counted["open"] += 1
    right = counted["recovered"] + counted["delighted"]
    return {
        "incidents": counted.total(),
        **{name: counted[name] for name in (*_OUTCOMES, "unknown", "open")},
        "made_right": _share(right, right + counted["lost"]),
    }


def _rules(in_force):
    """[{code, version, acts}] of the policies by which the acts were really judged. One query."""
    named = Policy.objects.filter(pk__in=[pk for pk in in_force if pk]).order_by("code", "version")
    return [
        {"code": code, "version": version, "acts": in_force[pk]}
        for pk, code, version in named.values_list("pk", "code", "version")
    ]


def _share(numerator, denominator):
    interval = wilson(numerator, denominator)
    return {
        "value": numerator / denominator if denominator else None,
        "numerator": numerator,
        "denominator": denominator,
        "n": denominator,
        "interval": list(interval) if interval else None,
    }


def _seconds(value):
    return None if value is None else round(value)
