"""The rule of the product once more, act by act, on numbers alone.

What is within the limit (and the cap over all employees) posts at once and counts; what is above it waits whole, counts
beside, and holds nothing up; what was taken back counts no more from that moment on. A free gesture never waits.

A higher limit may make *more* acts wait. Of 150, 60 and 40, in this order, only the first waits under a limit of 100;
under 150 it posts, has used the authority up, and the two after it wait. What is certain: in a scope where nothing was
taken back, and without a cap, a higher limit lets no smaller sum post at once.
"""

from dataclasses import dataclass, field
from heapq import heappop, heappush

from empower.policies.models import Scope


@dataclass(slots=True)
class Act:
    """What one employee asked for, for one guest, at one moment. Minor units.

    ``returns`` is what it gives back, and when, if it posted at once; ``endings`` what of it no longer counts beside,
    and since when, if it waited: [(moment, minor units)]. ``really_at_once`` is what happened. One that is not
    ``in_question`` (of other people, under the same cap) is never judged anew; one ``before`` the period is counted for
    what it used up, and not told of.
    """

    moment: object
    employee: int
    guest: int
    incident: int
    day: object
    amount: int
    really_at_once: bool
    terms: object
    in_question: bool = True
    before: bool = False
    returns: list = field(default_factory=list)
    endings: list = field(default_factory=list)


@dataclass(slots=True)
class Judgement:
    """``left`` is what the person could still give when they asked, ``tier`` whose yes was needed ("" where nobody's)."""

    at_once: bool
    left: int
    tier: str = ""


class Replay:
    """Judges acts under one rule. They come in the order in which they were asked for."""

    def __init__(self, rule):
        self.rule = rule
        self._scopes, self._caps = {}, {}

    def judge(self, act):
        """The `Judgement` of this act; it counts from here on."""
        terms = self.rule.terms_of(act)
        if terms.limit is None:
            return Judgement(True, 0)
        sums = {kind: self._scope(kind, act) for kind in self.rule.kinds}
        cap = self._cap(act) if self.rule.has_cap else None
        if act.in_question and (not act.before or self.rule.judges_what_was_before):
            judgement = _judged(act, terms, sums[terms.scope], cap)
        else:
            judgement = Judgement(act.really_at_once, 0)
        if judgement.at_once:
            for one in (*sums.values(), *((cap,) if cap else ())):
                one.add_own(act)
        else:
            for one in sums.values():
                one.add_beside(act)
        return judgement

    def _scope(self, kind, act):
        key = (kind, act.employee, act.guest, act.incident if kind == Scope.INCIDENT else act.day)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = _Sums()
        return found

    def _cap(self, act):
        key = (act.guest, act.incident)
        found = self._caps.get(key)
        if found is None:
            found = self._caps[key] = _Sums()
        return found


def _judged(act, terms, scope, cap):
    scope.at(act.moment)
    left = max(0, terms.limit - scope.own)
    if terms.cap is not None:
        left = min(left, max(0, terms.cap - cap.at(act.moment).own))
    if act.amount <= left or act.amount == 0:
        return Judgement(True, left)
    return Judgement(False, left, terms.tier_for(scope.own + scope.beside + act.amount))


class _Sums:
    """What stands in one scope, and what will no longer: nothing is looked through twice."""

    __slots__ = ("_less", "beside", "own")

    def __init__(self):
        self.own = self.beside = 0
        self._less = []

    def at(self, moment):
        """As it stands at ``moment``; what was taken back at that very moment is gone."""
        while self._less and self._less[0][0] <= moment:
            _moment, own, beside = heappop(self._less)
            self.own -= own
            self.beside -= beside
        return self

    def add_own(self, act):
        self.own += act.amount
        for moment, part in act.returns:
            heappush(self._less, (moment, part, 0))

    def add_beside(self, act):
        self.beside += act.amount
        for moment, part in act.endings:
            heappush(self._less, (moment, 0, part))
