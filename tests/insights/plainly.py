"""Every figure once more, the slow and plain way: all rows in memory, one formula after the other, nothing shared."""

from collections import defaultdict
from statistics import mean
from zoneinfo import ZoneInfo

from empower.incidents.models import Incident, IncidentGuest, Resolution
from empower.journal.models import Posting
from empower.spending.models import Approval, Spend
from empower.staff.models import Employee, Property


class Plainly:
    def __init__(self, selection):
        self.asked = selection
        user = selection.user
        self.houses = {one.pk: one for one in Property.objects.all()}
        self.people = {one.pk: one for one in Employee.objects.all()}
        self.mine = {pk for pk in self.houses if user.sees_every_property or pk == user.property_id}
        if selection.property:
            self.mine = {pk for pk in self.mine if self.houses[pk].code == selection.property}
        self.all_incidents = {
            one.pk: one for one in Incident.objects.select_related("department", "category", "category__parent")
        }
        self.all_spends = {one.pk: one for one in Spend.objects.select_related("gesture", "department", "authority")}
        self.requests_of = {one.spend_id: one for one in Approval.objects.all()}
        self.posting_rows = list(
            Posting.objects.select_related("account", "entry", "entry__reverses", "department").filter(
                entry__seal__isnull=False
            )
        )

    # --- which rows ---

    def day(self, moment, property_id):
        return moment.astimezone(ZoneInfo(self.houses[property_id].timezone)).date()

    def in_period(self, moment, property_id):
        day, period = self.day(moment, property_id), self.asked.period
        return (not period.begins or day >= period.begins) and (not period.ends or day <= period.ends)

    def about(self, incident):
        asked = self.asked
        if asked.kind and incident.kind != asked.kind:
            return False
        if asked.category:
            node = incident.category
            while node is not None and node.code != asked.category:
                node = node.parent
            return node is not None
        return True

    def of_department(self, row):
        return not self.asked.department or (
            row.department is not None and row.department.code == self.asked.department
        )

    def with_gesture(self, spend):
        return not self.asked.gesture or spend.gesture.code == self.asked.gesture

    @property
    def incidents(self):
        return [
            one
            for one in self.all_incidents.values()
            if one.status != "void"
            and one.property_id in self.mine
            and self.of_department(one)
            and self.about(one)
            and self.in_period(one.occurred_at, one.property_id)
            and (not self.asked.gesture or any(self.with_gesture(s) for s in self.spends_on(one)))
        ]

    @property
    def recoveries(self):
        return [one for one in self.incidents if one.kind == "recovery"]

    def spends_on(self, incident):
        return [one for one in self.all_spends.values() if one.incident_id == incident.pk]

    def acts_on(self, incident):
        return [one for one in self.spends_on(incident) if one.status == "posted" and self.with_gesture(one)]

    def act_at(self, spend):
        request = self.requests_of.get(spend.pk)
        return spend.posted_at if request and request.status == "approved" else spend.occurred_at

    @property
    def spends(self):
        return [
            one
            for one in self.all_spends.values()
            if one.property_id in self.mine
            and self.of_department(one)
            and self.about(self.all_incidents[one.incident_id])
            and self.with_gesture(one)
            and self.in_period(self.act_at(one), one.property_id)
        ]

    @property
    def requests(self):
        found = []
        for one in self.requests_of.values():
            spend = self.all_spends[one.spend_id]
            if one.property_id in self.mine and self.of_department(spend) and self.with_gesture(spend):
                if self.about(self.all_incidents[spend.incident_id]) and self.in_period(
                    one.requested_at, one.property_id
                ):
                    found.append(one)
        return found

    def expenses(self):
        for posting in self.posting_rows:
            if posting.account.kind != "expense" or posting.property_id not in self.mine:
                continue
            entry = posting.entry
            moment = entry.reverses.occurred_at if entry.reverses else entry.occurred_at
            if not self.of_department(posting) or not self.about(self.all_incidents[posting.incident_id]):
                continue
            if self.asked.gesture and (not entry.spend_id or not self.with_gesture(self.all_spends[entry.spend_id])):
                continue
            if self.in_period(moment, posting.property_id):
                yield posting

    # --- the figures, as {name: (numerator, denominator)} and the like ---

    def shares(self):
        recoveries, requests = self.recoveries, self.requests
        resolved = [one for one in recoveries if one.status == "resolved"]
        right = [one for one in resolved if one.outcome in ("recovered", "delighted")]
        lost = [one for one in resolved if one.outcome == "lost"]
        own = [one for one in recoveries if any(a.judged_as == "own" for a in self.acts_on(one))]
        costing = [
            one
            for one in recoveries
            if any(a.judged_as == "own" and a.cost - a.reversed_cost > 0 for a in self.acts_on(one))
        ]
        alone = [one for one in resolved if self.acts_on(one) and all(a.judged_as == "own" for a in self.acts_on(one))]
        again = [one for one in recoveries if self.had_before(one)]
        verbal = [one for one in requests if one.status in ("to_confirm", "confirmed", "denied")]
        use = self.limit_use()
        return {
            "use": (len(own), len(recoveries)),
            "use_at_a_cost": (len(costing), len(recoveries)),
            "autonomy": (len(alone), len(resolved)),
            "needless_asks": (sum(one.status == "answered" for one in requests), len(requests)),
            "recovery_rate": (len(right), len(right) + len(lost)),
            "unknown": (sum(one.outcome in ("", "unknown") for one in resolved), len(resolved)),
            "recurrence": (len(again), len(recoveries)),
            "verbal_denied": (sum(one.status == "denied" for one in verbal), len(verbal)),
            "limit_reached": (sum(share >= 0.95 for share in use), len(use)),
        }

    def had_before(self, incident):
        if incident.category is None or incident.department is None:
            return False
        return any(
            0 < (incident.occurred_at - other.occurred_at).total_seconds() <= 30 * 86_400
            for other in self.all_incidents.values()
            if other.kind == "recovery"
            and other.status != "void"
            and other.category_id == incident.category_id
            and other.department_id == incident.department_id
        )

    def counts(self):
        acts = [one for one in self.spends if one.status == "posted"]
        resolved = [one for one in self.recoveries if one.status == "resolved"]
        return {
            "recovery_incidents": len(self.recoveries),
            "delight_incidents": len(self.incidents) - len(self.recoveries),
            "acts": len(acts),
            "acts_own": sum(one.judged_as == "own" for one in acts),
            "acts_approved": sum(one.judged_as == "approved" for one in acts),
            "requests": len(self.requests),
            "recovered": sum(one.outcome == "recovered" for one in resolved),
            "delighted": sum(one.outcome == "delighted" for one in resolved),
            "lost": sum(one.outcome == "lost" for one in resolved),
        }

    def sums(self):
        """{(name, currency): minor units}."""
        found = defaultdict(int)
        for one in self.spends:
            if one.status in ("posted", "reversed"):
                found["amount", one.currency] += one.amount - one.reversed_amount
        for posting in self.expenses():
            found["cost", posting.account.currency] += posting.amount
            if posting.entry.kind == "credit":
                found["amount", posting.account.currency] += posting.amount
                found["unmatched_credits", posting.account.currency] += posting.amount
        return {key: value for key, value in found.items() if value}

    def feeling_change(self):
        ids = {one.pk for one in self.recoveries}
        changes = [
            one.feeling_after - one.feeling_before
            for one in IncidentGuest.objects.all()
            if one.incident_id in ids and None not in (one.feeling_before, one.feeling_after)
        ]
        return (sum(changes), len(changes), mean(changes) if changes else None)

    def limit_use(self):
        """Of each scope whose first own act is one of the spends: all its own acts / the highest limit."""
        scopes = defaultdict(list)
        for one in self.all_spends.values():
            if one.status == "posted" and one.judged_as == "own" and one.authority_id:
                scopes[one.authority_id].append(one)
        asked, found = {one.pk for one in self.spends}, []
        for acts in scopes.values():
            first = min(acts, key=lambda one: (one.occurred_at, one.pk))
            limit = max(one.limit_in_force for one in acts)
            if first.pk in asked and limit:
                found.append(sum(one.amount - one.reversed_amount for one in acts) / limit)
        return found

    def own_waits(self, now):
        """(those that ended, those that did not), in seconds."""
        waits, open_ones = [], []
        for one in self.recoveries:
            first = min(
                (a.posted_at for a in self.spends_on(one) if a.judged_as == "own" and self.with_gesture(a)),
                default=None,
            )
            if first is not None:
                waits.append(max(0, round((first - one.reported_at).total_seconds())))
            elif one.status == "open" and all(a.posted_at is None for a in self.spends_on(one)):
                open_ones.append(max(0, round((now - one.reported_at).total_seconds())))
        return sorted(waits), sorted(open_ones)

    def asked_waits(self, now):
        """(those that ended, those that did not), in seconds."""
        ended, open_ones = [], []
        for one in self.requests:
            if one.status in ("approved", "declined"):
                ended.append(round((one.decided_at - one.requested_at).total_seconds()))
            elif one.status in ("open", "expired"):
                open_ones.append(round((min(now, one.expires_at) - one.requested_at).total_seconds()))
        return sorted(ended), sorted(open_ones)

    def resolve_waits(self):
        ids = {one.pk: one for one in self.recoveries}
        return sorted(
            round((one.resolved_at - ids[one.incident_id].reported_at).total_seconds())
            for one in Resolution.objects.all()
            if one.incident_id in ids
        )

    def recovery_costs(self):
        """{currency: (cost of the recovery incidents, how many were made right)}."""
        cost, right = defaultdict(int), defaultdict(int)
        ids = {one.pk for one in self.recoveries}
        for one in self.recoveries:
            if one.status == "resolved" and one.outcome in ("recovered", "delighted"):
                right[self.houses[one.property_id].currency] += 1
        for posting in self.posting_rows:
            if posting.account.kind == "expense" and posting.incident_id in ids:
                spend = self.all_spends.get(posting.entry.spend_id)
                if not self.asked.gesture or (spend and self.with_gesture(spend)):
                    cost[posting.account.currency] += posting.amount
        return {key: (cost[key], right[key]) for key in {*cost, *right} if cost[key] or right[key]}

    def cost_sizes(self):
        found = defaultdict(list)
        for one in self.spends:
            if one.status == "posted" and one.cost > one.reversed_cost:
                found[one.currency].append(one.cost - one.reversed_cost)
        return {currency: sorted(costs) for currency, costs in found.items()}
