"""What a trial says once more, the slow and plain way: each act asks all those before it, and no sum is kept."""

from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from empower.spending.models import Approval, Reversal, Spend
from empower.staff.models import Property


class PlainTrial:
    """Of the acts asked for from ``begins`` to ``ends`` (local days) at the ``houses`` under one rule, a plain dict."""

    def __init__(self, *, houses, begins, ends, rule, now):
        self.rule, self.now, self.days = rule, now, (begins, ends)
        self.houses = {one.pk: one for one in Property.objects.filter(code__in=houses)}
        self.requests = {one.spend_id: one for one in Approval.objects.all()}
        self.returned = {}
        for one in Reversal.objects.all():
            self.returned.setdefault(one.spend_id, []).append(one)
        every = list(Spend.objects.select_related("guest", "incident").filter(property__in=self.houses))
        self.told = {one.pk for one in every if begins <= self.day(one) <= ends}
        touched = {one.incident_id for one in every if one.pk in self.told}
        kept = [one for one in every if one.incident_id in touched and self.day(one) <= ends]
        self.acts = sorted(kept, key=lambda one: (one.occurred_at, one.pk))
        self.verdicts = {}
        for place, act in enumerate(self.acts):
            self.verdicts[act.pk] = self.verdict(act, self.acts[:place])

    # --- one act ---

    def local(self, moment, house):
        return moment.astimezone(ZoneInfo(self.houses[house].timezone))

    def day(self, act):
        return self.local(act.occurred_at, act.property_id).date()

    def guest(self, act):
        return act.guest.merged_into_id or act.guest_id

    def asked(self, act):
        return act.amount if act.asked_amount is None else act.asked_amount

    def same_scope(self, one, act):
        if (one.employee_id, self.guest(one)) != (act.employee_id, self.guest(act)):
            return False
        if self.rule["scope"] == "incident":
            return one.incident_id == act.incident_id
        return self.day(one) == self.day(act)

    def verdict(self, act, before):
        """(whether it posts at once, what was left, whose yes is needed)."""
        mine = [one for one in before if self.same_scope(one, act)]
        own = sum(self.still_given(one, act.occurred_at) for one in mine if self.verdicts[one.pk][0])
        left = max(0, self.rule["limit"] - own)
        if self.rule["cap"] is not None:
            by_all = [
                one for one in before if self.guest(one) == self.guest(act) and one.incident_id == act.incident_id
            ]
            given = sum(self.still_given(one, act.occurred_at) for one in by_all if self.verdicts[one.pk][0])
            left = min(left, max(0, self.rule["cap"] - given))
        amount = self.asked(act)
        if amount <= left or not amount:
            return True, left, ""
        beside = sum(self.still_asked(one, act.occurred_at) for one in mine if not self.verdicts[one.pk][0])
        total = own + beside + amount
        if total <= self.rule["manager_up_to"]:
            return False, left, "manager"
        return False, left, "general_manager" if total <= self.rule["general_manager_up_to"] else "leader"

    def still_given(self, one, at):
        """Of an act that posted at once: what was asked for, less the part of it that had been taken back."""
        back = sum(row.amount for row in self.returned.get(one.pk, ()) if row.reversed_at <= at)
        if not back:
            return self.asked(one)
        taken = Fraction(self.asked(one) * back, one.amount)
        return self.asked(one) - int(taken + Fraction(1, 2))

    def still_asked(self, one, at):
        """Of an act that waited: what still counts beside, as it was answered in fact."""
        request, asked = self.requests.get(one.pk), self.asked(one)
        if one.status in ("posted", "reversed"):
            is_cut = request is not None and request.status == "approved" and request.decided_at <= at
            kept = one.amount if is_cut else asked
            return kept - sum(row.amount for row in self.returned.get(one.pk, ()) if row.reversed_at <= at)
        ended = [request.decided_at] if one.status == "declined" else []
        if one.status == "withdrawn":
            ended = [moment for moment in (one.updated_at, request.expires_at) if moment]
        elif (
            one.status != "declined"
            and request.expires_at
            and not (one.status == "pending" and request.question_asked_at)
        ):
            ended = [request.expires_at]
        return 0 if ended and min(ended) <= at else asked

    # --- what is told ---

    def figures(self):
        told = [act for act in self.acts if act.pk in self.told]
        posts = [act for act in told if self.verdicts[act.pk][0]]
        waits = [act for act in told if not self.verdicts[act.pk][0]]
        in_fact = {act.pk: act.judged_as in ("own", "unlimited") for act in told}
        spared = [act for act in posts if not in_fact[act.pk]]
        newly = [act for act in waits if in_fact[act.pk]]
        asked_for = [self.requests.get(act.pk) for act in spared]
        lasted = [self.lasted(one) for one in asked_for if one and one.status in ("approved", "declined")]
        extra = [self.wait_at(act) for act in newly]
        touched = {act.incident for act in waits}
        return {
            "acts": len(told),
            "at_once": len(posts),
            "waiting": len(waits),
            "asked_of": {
                role: sum(self.verdicts[act.pk][2] == role for act in waits)
                for role in ("manager", "general_manager", "leader")
            },
            "amount_at_once": sum(map(self.asked, posts)),
            "amount_waiting": sum(map(self.asked, waits)),
            "amount_above": sum(self.asked(act) - self.verdicts[act.pk][1] for act in waits),
            "spared": len(spared),
            "spared_time": sum(lasted) if lasted or not spared else None,
            "newly_waiting": len(newly),
            "extra_waiting": round(sum(one for one in extra if one is not None))
            if any(one is not None for one in extra) or not newly
            else None,
            "ends_waiting": self.ends(touched),
            "ends_at_once": self.ends({act.incident for act in told} - touched),
        }

    def ends(self, incidents):
        counted = dict.fromkeys(("recovered", "delighted", "lost", "unknown", "open"), 0)
        for one in incidents:
            if one.status == "open":
                counted["open"] += 1
            elif one.status == "resolved":
                counted[one.outcome or "unknown"] += 1
        return counted

    def timed_requests(self):
        begins, ends = self.days
        spends = {one.pk: one for one in Spend.objects.filter(property__in=self.houses)}
        return [
            one
            for one in self.requests.values()
            if one.spend_id in spends
            and one.status in ("open", "approved", "declined", "expired")
            and not spends[one.spend_id].external_id
            and begins <= self.local(one.requested_at, one.property_id).date() <= ends
        ]

    def lasted(self, request):
        until = request.decided_at or min(self.now, request.expires_at or self.now)
        return max(0, round((until - request.requested_at).total_seconds()))

    def wait_at(self, act):
        """Half of the requests of this house and hour; else of this house, else of all."""
        every = self.timed_requests()
        here = [one for one in every if one.property_id == act.property_id]
        hour = self.local(act.occurred_at, act.property_id).hour
        now = [one for one in here if self.local(one.requested_at, one.property_id).hour == hour]
        for those in (now, here, every):
            found = self.half(those)
            if found is not None:
                return found
        return None

    def half(self, requests):
        """The median of the waits; where some have no answer, the first at which Kaplan and Meier have half of them over."""
        waits = [(self.lasted(one), one.decided_at is not None) for one in requests]
        if not waits:
            return None
        if all(is_over for _lasted, is_over in waits):
            return median(lasted for lasted, _is_over in waits)
        left = Fraction(1)
        for moment in sorted({lasted for lasted, is_over in waits if is_over}):
            at_risk = sum(lasted >= moment for lasted, _is_over in waits)
            over = sum(is_over and lasted == moment for lasted, is_over in waits)
            left *= 1 - Fraction(over, at_risk)
            if left <= Fraction(1, 2):
                return moment
        return None
