"""The figures of `queries.families` once more, the slow and plain way: all rows in memory, nothing shared."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from math import exp, log, pi, sqrt
from statistics import median

from empower.incidents.models import FollowUp, IncidentGuest
from empower.spending.models import Reversal
from empower.statistics import quantile7
from tests.insights.plainly import Plainly

MONTHS = timedelta(days=30)


class Closer(Plainly):
    def __init__(self, selection, now):
        super().__init__(selection)
        self.now = now
        days = [self.last_at(pk) for pk in self.mine]
        self.last = max(days, default=now.date())
        self.on_incidents = list(IncidentGuest.objects.select_related("guest"))

    # --- who ---

    def last_at(self, house):
        """The last day counted there."""
        today = self.day(self.now, house)
        return min(self.asked.period.ends or today, today)

    def staff(self):
        return [
            one
            for one in self.people.values()
            if one.property_id in self.mine
            and one.is_active
            and (not self.asked.department or (one.department and one.department.code == self.asked.department))
            and (one.joined_on is None or one.joined_on <= self.last_at(one.property_id))
        ]

    def own_acts_of(self, person):
        """Wherever in the house, whenever up to the end of the period."""
        return [
            one
            for one in self.all_spends.values()
            if one.employee_id == person.pk
            and (one.status, one.judged_as) == ("posted", "own")
            and one.property_id in self.mine
            and self.with_gesture(one)
            and self.about(self.all_incidents[one.incident_id])
            and (not self.asked.period.ends or self.day(one.occurred_at, one.property_id) <= self.asked.period.ends)
        ]

    def reach(self):
        since = self.last - timedelta(days=89)
        acted = [
            one
            for one in self.staff()
            if any(self.day(act.occurred_at, act.property_id) >= since for act in self.own_acts_of(one))
        ]
        return len(acted), len(self.staff())

    def first_decisions(self):
        acted, waiting = [], []
        begins = self.asked.period.begins and min(self.asked.period.begins, self.last - timedelta(days=364))
        for one in self.staff():
            opened = self.day(self.houses[one.property_id].opened_at, one.property_id)
            if one.joined_on is None or one.joined_on < opened or (begins and one.joined_on < begins):
                continue
            days = [self.day(act.occurred_at, act.property_id) for act in self.own_acts_of(one)]
            if days:
                acted.append(max(0, (min(days) - one.joined_on).days))
            else:
                waiting.append((self.last_at(one.property_id) - one.joined_on).days)
        return sorted(acted), sorted(waiting)

    def delights(self):
        months = 0
        for one in self.staff():
            begins = [one.joined_on, self.day(self.houses[one.property_id].opened_at, one.property_id)]
            begins.append(self.asked.period.begins)
            months += max(0, (self.last_at(one.property_id) - max(filter(None, begins))).days + 1) / (365.25 / 12)
        return len(self.incidents) - len(self.recoveries), months

    def quiet_teams(self):
        """Whatever was given, and of whatever kind: a team is asked about its recoveries as a whole."""
        wide = Plainly(replace(self.asked, kind=None, gesture=None))
        found = []
        for team in {(one.property_id, one.department_id) for one in wide.recoveries if one.department_id}:
            incidents = [one for one in wide.recoveries if (one.property_id, one.department_id) == team]
            people = [one for one in self.people.values() if (one.property_id, one.department_id) == team]
            if len(incidents) >= 5 and sum(one.is_active and not one.is_service for one in people) >= 5:
                acts = [act for one in incidents for act in wide.acts_on(one)]
                found.append(not any(act.judged_as == "own" for act in acts))
        return sum(found), len(found)

    # --- shares of rows ---

    def more_shares(self):
        standing = [one for one in self.all_spends.values() if self.is_asked_about(one) and one.status == "posted"]
        due = [one for one in standing if one.promised_for and one.promised_for <= self.now]
        due = [one for one in due if self.in_period(one.promised_for, one.property_id)]
        resolved = [one for one in self.recoveries if one.status == "resolved"]
        noes = [one for one in self.requests if self.was_cut(one) or one.status in ("declined", "denied")]
        regretted = [one for one in noes if one.status != "denied" and self.known_end(one)]
        settled = [one for one in noes if self.acted_after(one) or one.decided_at <= self.now - MONTHS]
        guests, again = self.guests_again()
        return {
            "reach": self.reach(),
            "quiet_teams": self.quiet_teams(),
            "promises_kept": (sum(bool(o.given_at and o.given_at <= o.promised_for) for o in due), len(due)),
            "followed_up": (sum(map(self.is_followed_up, resolved)), len(resolved)),
            "second_failure": (len(again), len(guests)),
            "decline_regret": (sum(self.known_end(one) == "lost" for one in regretted), len(regretted)),
            "use_after_decline": (sum(map(self.acted_after, settled)), len(settled)),
            "use_before_decline": (sum(map(self.acted_before, settled)), len(settled)),
            "in_parts_above_the_limit_incident": self.in_parts(lambda one: one.incident_id),
            "in_parts_above_the_limit_guest_day": self.in_parts(
                lambda one: self.day(self.act_at(one), one.property_id)
            ),
        }

    def is_asked_about(self, spend):
        about = self.about(self.all_incidents[spend.incident_id])
        return spend.property_id in self.mine and self.of_department(spend) and about and self.with_gesture(spend)

    def was_cut(self, request):
        spend = self.all_spends[request.spend_id]
        return request.status == "approved" and spend.asked_amount is not None and spend.asked_amount > spend.amount

    def known_end(self, request):
        incident = self.all_incidents[self.all_spends[request.spend_id].incident_id]
        known = incident.status == "resolved" and incident.outcome in ("recovered", "delighted", "lost")
        return incident.outcome if known else ""

    def own_moments_of(self, request):
        return [
            one.occurred_at
            for one in self.all_spends.values()
            if one.employee_id == request.employee_id and (one.status, one.judged_as) == ("posted", "own")
        ]

    def acted_after(self, request):
        moments = self.own_moments_of(request)
        return any(request.decided_at < one <= request.decided_at + MONTHS for one in moments)

    def acted_before(self, request):
        moments = self.own_moments_of(request)
        return any(request.requested_at - MONTHS <= one < request.requested_at for one in moments)

    def is_followed_up(self, incident):
        for one in FollowUp.objects.select_related("guest__merged_into").filter(incident=incident):
            if one.contacted_at < incident.resolved_at:
                continue
            leaves = [one.guest.departure, one.guest.merged_into and one.guest.merged_into.departure]
            day = self.day(one.contacted_at, incident.property_id)
            if one.contacted_at <= incident.resolved_at + timedelta(days=1) or any(day <= d for d in leaves if d):
                return True
        return False

    def guests_again(self):
        moments = defaultdict(list)
        for one in self.on_incidents:
            incident = self.all_incidents[one.incident_id]
            if incident.kind == "recovery" and incident.status != "void":
                moments[one.guest.standing_id].append((incident.occurred_at, incident.pk))
        here = {one.pk for one in self.recoveries}
        guests, again = set(), set()
        for guest, of in moments.items():
            for moment, pk in of:
                if pk in here:
                    guests.add(guest)
                    if any((m, p) < (moment, pk) and moment - m <= MONTHS for m, p in of):
                        again.add(guest)
        return guests, again

    def in_parts(self, what):
        parts = defaultdict(list)
        guests = {one.guest_id: one.guest.standing_id for one in self.on_incidents}
        for one in self.spends:
            if one.status == "posted" and one.amount > one.reversed_amount:
                parts[guests[one.guest_id], what(one)].append(one)
        with_own = [of for of in parts.values() if any(one.judged_as == "own" for one in of)]
        above = [
            of
            for of in with_own
            if len(of) > 1
            and sum(one.amount - one.reversed_amount for one in of) > max(one.limit_in_force or 0 for one in of)
        ]
        return len(above), len(with_own)

    # --- like with like ---

    def strata(self):
        found = defaultdict(lambda: defaultdict(list))
        for one in self.spends:
            incident = self.all_incidents[one.incident_id]
            if one.status == "posted" and one.judged_as in ("own", "approved") and incident.category:
                of = found[one.currency, incident.category_id, incident.severity]
                of[one.judged_as] += [one.cost - one.reversed_cost] if one.cost > one.reversed_cost else []
                of["amounts"] += [one.amount - one.reversed_amount] if one.amount > one.reversed_amount else []
        return list(found.values())

    def escalation(self):
        """(value, low, high), or None."""
        both = [of for of in self.strata() if of["own"] and of["approved"]]
        total = sum(len(of["own"]) + len(of["approved"]) for of in both)
        if not both:
            return None
        ratios = [median(of["approved"]) / median(of["own"]) for of in both]
        weights = [(len(of["own"]) + len(of["approved"])) / total for of in both]
        value = sum(w * r for w, r in zip(weights, ratios, strict=True))
        arms = [[log(cost) for cost in of[name]] for of in both for name in ("own", "approved")]
        free = sum(len(arm) - 1 for arm in arms)
        if not free:
            return value, None, None
        scatter = sum(sum((x - sum(arm) / len(arm)) ** 2 for x in arm) for arm in arms) / free
        error = sqrt(
            sum(
                (w * r) ** 2 * pi / 2 * scatter * (1 / len(of["own"]) + 1 / len(of["approved"]))
                for w, r, of in zip(weights, ratios, both, strict=True)
            )
        )
        return value, value * exp(-1.959964 * error / value), value * exp(1.959964 * error / value)

    def consistency(self):
        """(value or None, acts)."""
        large = [sorted(of["amounts"]) for of in self.strata() if len(of["amounts"]) >= 8]
        n = sum(map(len, large))
        spread = [len(x) * (quantile7(x, 0.75) - quantile7(x, 0.25)) / quantile7(x, 0.5) for x in large]
        return (sum(spread) / n if n else None), n

    def effects(self):
        """{(category, gesture): (resolved, right, lost, {currency: costs})}."""
        found = defaultdict(lambda: [0, 0, 0, defaultdict(list)])
        for one in self.recoveries:
            if one.status != "resolved":
                continue
            category = one.category.code if one.category else ""
            for gesture in {act.gesture.code for act in self.acts_on(one)}:
                of = found[category, gesture]
                of[0] += 1
                of[1] += one.outcome in ("recovered", "delighted")
                of[2] += one.outcome == "lost"
                for act in self.acts_on(one):
                    if act.gesture.code == gesture:
                        of[3][act.currency].append(act.cost - act.reversed_cost)
        return {key: (*of[:3], {c: sorted(costs) for c, costs in of[3].items()}) for key, of in found.items()}

    # --- teams ---

    def noes(self):
        """{team: local days of a no}, of every team there is."""
        found = defaultdict(list)
        for one in self.requests_of.values():
            spend = self.all_spends[one.spend_id]
            if self.was_cut(one) or one.status in ("declined", "denied"):
                found[self.team(spend)].append(self.day(one.decided_at, one.property_id))
        for one in Reversal.objects.all():
            spend = self.all_spends[one.spend_id]
            if one.reversed_by_id not in (None, spend.employee_id):
                found[self.team(spend)].append(self.day(one.reversed_at, spend.property_id))
        return {team: days for team, days in found.items() if team}

    def team(self, row):
        return row.department and (self.houses[row.property_id].code, row.department.code)

    def use(self, team, first, last):
        """(incidents, of them used) of a team on these days."""
        of = [
            one
            for one in self.all_incidents.values()
            if one.kind == "recovery" and one.status != "void" and self.team(one) == team
            if first <= self.day(one.occurred_at, one.property_id) <= last
        ]
        return len(of), sum(any(act.judged_as == "own" for act in self.acts_on(one)) for one in of)

    def chill(self):
        """(change, noes): one no after the other, each beside all teams that got none."""
        noes, found = self.noes(), []
        teams = {self.team(one) for one in self.all_incidents.values() if one.department}
        for team, days in noes.items():
            for day in sorted(set(days)):
                others = [o for o in teams if not any(abs((d - day).days) <= 30 for d in noes.get(o, []))]
                if any(0 < (day - d).days <= 30 for d in days) or not self.is_asked_of(team, day):
                    continue
                after = day + timedelta(days=1), day + timedelta(days=30)
                before = day - timedelta(days=30), day - timedelta(days=1)
                sides = [self.use(team, *span) for span in (after, before)]
                sides += [
                    tuple(map(sum, zip((0, 0), *(self.use(o, *span) for o in others), strict=True)))
                    for span in (after, before)
                ]
                if all(n for n, _used in sides):
                    of = [used / n for n, used in sides]
                    weight = sides[0][0] * sides[1][0] / (sides[0][0] + sides[1][0])
                    found.append((weight, of[0] - of[1] - of[2] + of[3]))
        total = sum(weight for weight, _change in found)
        return (sum(weight * change for weight, change in found) / total if found else None), len(found)

    def is_asked_of(self, team, day):
        asked = self.asked
        return (
            team[0] == (asked.property or team[0])
            and team[1] == (asked.department or team[1])
            and (not asked.period.begins or day >= asked.period.begins)
            and (not asked.period.ends or day <= asked.period.ends)
        )


def forecast(spent, begins, last, ends):
    """What is spent by ``ends`` if the days after ``last`` are as those before, from {day: spent}."""
    days = [spent.get(begins + timedelta(days=number), 0) for number in range((last - begins).days + 1)]
    return sum(days) + sum(days) / len(days) * (ends - last).days
