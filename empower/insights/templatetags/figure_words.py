"""What each figure is called, and what it is out of: in the singular where that is one."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

# The whole numbers by which a word takes its form; what is shown is the same number as the language writes it.
_OUT_OF, _COUNTED = "out_of", "counted"

_OF_INCIDENTS = ngettext_lazy(
    "%(numerator)s of %(denominator)s incident", "%(numerator)s of %(denominator)s incidents", _OUT_OF
)
_OF_REQUESTS = ngettext_lazy(
    "%(numerator)s of %(denominator)s request", "%(numerator)s of %(denominator)s requests", _OUT_OF
)
_OF_NEW_STAFF = _("%(numerator)s of %(denominator)s who were new")
_OF_SUMS = ngettext_lazy("%(numerator)s of %(denominator)s sum", "%(numerator)s of %(denominator)s sums", _OUT_OF)
_OF_ANSWERS = _("%(numerator)s of %(denominator)s")
_HAVE_ENDED = _("%(numerator)s of %(denominator)s are over")
_AN_ACT = ngettext_lazy("of %(n)s act", "of %(n)s acts", _COUNTED)
_IN_THE_BUDGETS = _("in the budgets now in force")

#: Name: (label, what it is out of).
WORDS = {
    "use": (_("Use"), _OF_INCIDENTS),
    "use_at_a_cost": (_("Use that cost money"), _OF_INCIDENTS),
    "acts": (_("Acts"), _("of every kind, free ones too")),
    "acts_own": (_("Acts of their own accord"), _("within their own authority")),
    "acts_approved": (_("Acts somebody said yes to"), _("decided by an approver")),
    "acts_excused": (_("Acts from imported history, above the limit"), _("with no approver named")),
    "acts_unlimited": (_("Acts under no limit"), _("no rule was in force")),
    "reach": (
        _("Reach, 90 days"),
        ngettext_lazy("%(numerator)s of %(denominator)s person", "%(numerator)s of %(denominator)s people", _OUT_OF),
    ),
    "delights_per_1000_room_nights": (
        _("Delights per 1,000 room nights"),
        _("%(numerator)s in %(denominator)s occupied rooms, of who reports them"),
    ),
    "delights_per_employee_and_month": (
        _("Delights per employee and month"),
        ngettext_lazy("%(numerator)s in %(denominator)s month", "%(numerator)s in %(denominator)s months", _OUT_OF),
    ),
    "first_decision_p50": (
        _("First own decision, median"),
        _("%(numerator)s of %(denominator)s new staff have made one"),
    ),
    "first_decision_within_30_days": (_("First own decision within 30 days"), _OF_NEW_STAFF),
    "first_decision_within_60_days": (_("First own decision within 60 days"), _OF_NEW_STAFF),
    "first_decision_within_90_days": (_("First own decision within 90 days"), _OF_NEW_STAFF),
    "use_before_decline": (
        _("Gave of their own accord before a no"),
        ngettext_lazy("%(numerator)s of %(denominator)s no", "%(numerator)s of %(denominator)s noes", _OUT_OF),
    ),
    "use_after_decline": (
        _("Gave of their own accord after a no"),
        ngettext_lazy("%(numerator)s of %(denominator)s no", "%(numerator)s of %(denominator)s noes", _OUT_OF),
    ),
    "chill": (
        _("Use of a team after a no, less that of others"),
        _("%(numerator)s noes, %(denominator)s teams beside them"),
    ),
    "recovery_incidents": (_("Recovery incidents"), _("in the period, void ones out")),
    "delight_incidents": (_("Delights"), _("to make memorable")),
    "recurrence": (_("Recurrence"), _OF_INCIDENTS),
    "second_failure": (
        _("Second failure"),
        ngettext_lazy(
            "%(numerator)s of %(denominator)s guest, within 30 days",
            "%(numerator)s of %(denominator)s guests, within 30 days",
            _OUT_OF,
        ),
    ),
    "autonomy": (_("By own acts alone"), _("%(numerator)s of %(denominator)s resolved")),
    "needless_asks": (_("Asks not needed"), _OF_REQUESTS),
    "requests": (_("Requests"), _("made in the period")),
    "answered": (_("Answered “you already may”"), _("requests")),
    "approved": (_("Said yes to"), _("requests")),
    "declined": (_("Said no to"), _("requests")),
    "open": (_("Not decided yet"), _("requests")),
    "verbal": (_("Yes by phone"), _("requests")),
    "denied": (_("Yes by phone that was denied"), _("requests")),
    "decline_regret": (_("Lost after a no"), _("%(numerator)s of %(denominator)s declined or cut, end known")),
    "time_to_yes_own_p50": (_("Time to yes, own act"), _("median of %(n)s")),
    "time_to_yes_asked_p50": (_("Time to yes, asked"), _("median of %(n)s")),
    "time_to_yes_own_p90": (_("Time to yes, own act: nine of ten"), _HAVE_ENDED),
    "time_to_yes_asked_p90": (_("Time to yes, asked: nine of ten"), _HAVE_ENDED),
    "yes_within_5_min_own": (_("Yes within 5 minutes, own act"), _OF_ANSWERS),
    "yes_within_5_min_asked": (_("Yes within 5 minutes, asked"), _OF_ANSWERS),
    "still_waiting_own": (_("Told of, and nothing given yet"), _("incidents")),
    "still_waiting_asked": (_("Asked, and no answer yet"), _("requests")),
    "time_to_resolve_p50": (_("Time to the end, median"), _HAVE_ENDED),
    "time_to_resolve_p90": (_("Time to the end: nine of ten"), _HAVE_ENDED),
    "recovery_rate": (_("Recovery rate"), _("%(numerator)s of %(denominator)s known")),
    "unknown": (_("End not known"), _("%(numerator)s of %(denominator)s resolved")),
    "resolved": (_("Resolved"), _("recovery incidents")),
    "recovered": (_("Recovered"), _("recovery incidents")),
    "delighted": (_("Delighted"), _("recovery incidents")),
    "lost": (_("Lost"), _("recovery incidents")),
    "promises_kept": (_("Promises kept"), _("%(numerator)s of %(denominator)s that were due")),
    "followed_up": (_("Followed up in time"), _("%(numerator)s of %(denominator)s resolved")),
    "feeling_change": (
        _("Feeling"),
        ngettext_lazy("%(n)s pair, after − before", "%(n)s pairs, after − before", _COUNTED),
    ),
    "cost_per_recovery": (_("Cost per recovery"), _("%(numerator)s over %(denominator)s")),
    "cost_p50": (_("Cost of an act, median"), _AN_ACT),
    "cost_p90": (_("Cost of an act: nine of ten below"), _AN_ACT),
    "amount": (_("What guests saw"), ngettext_lazy("%(n)s act", "%(n)s acts", _COUNTED)),
    "cost": (_("Cost to the house"), ngettext_lazy("%(n)s act", "%(n)s acts", _COUNTED)),
    "unmatched_credits": (_("Credits that match no act"), ngettext_lazy("%(n)s entry", "%(n)s entries", _COUNTED)),
    "escalation_ratio": (
        _("Cost where somebody was asked, by own acts"),
        _("%(numerator)s asked, %(denominator)s own, like with like"),
    ),
    "consistency": (_("Spread of like gifts"), _("%(numerator)s of %(denominator)s kinds of case, %(n)s acts")),
    "allotted": (_("Budget"), _IN_THE_BUDGETS),
    "held": (_("Held for requests"), _IN_THE_BUDGETS),
    "spent": (_("Spent"), _IN_THE_BUDGETS),
    "available": (_("Available"), _IN_THE_BUDGETS),
    "budget_used": (_("Budget spent and held"), _("%(numerator)s of %(denominator)s")),
    "days_passed": (_("Days passed"), _("%(numerator)s of %(denominator)s")),
    "forecast": (
        _("Spent by the end, if it goes on like this"),
        ngettext_lazy("from %(n)s day that is over", "from %(n)s days that are over", _COUNTED),
    ),
    "limit_use_p50": (_("Limit use, median"), ngettext_lazy("of %(n)s sum", "of %(n)s sums", _COUNTED)),
    "limit_use_p90": (_("Limit use: nine of ten below"), ngettext_lazy("of %(n)s sum", "of %(n)s sums", _COUNTED)),
    # xgettext:no-python-format
    "limit_reached": (_("Used 95 % of the limit or more"), _OF_SUMS),
    "quiet_teams": (
        _("Teams that never acted of their own accord"),
        ngettext_lazy(
            "%(numerator)s of %(denominator)s team of five people or more with five recovery incidents or more",
            "%(numerator)s of %(denominator)s teams of five people or more with five recovery incidents or more",
            _OUT_OF,
        ),
    ),
    "limit_reached_in_parts": (_("Reached the limit in several gifts"), _OF_SUMS),
    "in_parts_above_the_limit_incident": (_("Several gifts on one incident above one limit"), _OF_SUMS),
    "in_parts_above_the_limit_guest_day": (_("Several gifts on one day above one limit"), _OF_SUMS),
    "verbal_denied": (_("Yeses by phone that were denied"), _("%(numerator)s of %(denominator)s")),
}
