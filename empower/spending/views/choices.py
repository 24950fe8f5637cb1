"""What a person chooses from while giving: guests, causes, gestures, amounts."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _

from empower import clock
from empower.incidents.models import Category, Guest, Incident
from empower.money import decimals
from empower.staff.models import Employee, Role

from ..models import Gesture
from ..queries import gestures_that_worked
from .words import sum_of

#: As many as a phone shows without becoming a list to read.
GUESTS_SHOWN = 6
GUESTS_FOUND = 12
#: Seconds for which what usually works is remembered.
KNOWN_FOR = 600


@dataclass(frozen=True)
class Choice:
    """A guest to choose, what may still be given to them, and a word that helps to know them."""

    guest: Guest
    standing: object
    about: str


def guests_to_choose(user, place, find, chosen=None):
    """The guests to choose from: those found, or one's own last ones and who came last. Three queries at most."""
    here = (
        Guest.objects.visible_to(user).standing().filter(property=place, kind="guest", erased_at=None).exclude(name="")
    )
    if find:
        found = here.filter(Q(name__icontains=find) | Q(room__iexact=find))
        return list(found.order_by("-pk")[:GUESTS_FOUND])
    today = clock.local_day(clock.now(), place.timezone)
    mine = Incident.objects.visible_to(user).filter(recorded_by=user).order_by("-recorded_at")[:3]
    last = list(here.filter(incidents__in=list(mine.values_list("pk", flat=True))).distinct()[:3])
    in_house = here.filter(Q(departure=None) | Q(departure__gte=today)).order_by("-recorded_at", "-pk")
    guests = last + [guest for guest in in_house[:GUESTS_SHOWN] if guest not in last]
    guests = guests[:GUESTS_SHOWN]
    if chosen and str(chosen).isdecimal() and chosen not in {str(guest.pk) for guest in guests}:
        guests = list(here.filter(pk=chosen)) + guests
    return guests


def word_about(guest, place):
    today = clock.local_day(clock.now(), place.timezone)
    if guest.arrival == today:
        return _("Arrived today")
    if guest.departure == today:
        return _("Leaves today")
    if guest.departure == today + timedelta(days=1):
        return _("Leaves tomorrow")
    return ""


def categories():
    """The tree as two levels: what the tiles show, and what lies below each."""
    tree = {}
    everything = list(Category.objects.filter(is_active=True).order_by("pk"))
    for category in everything:
        tree.setdefault(category.parent_id, []).append(category)
    return [(root, _below(root, tree)) for root in tree.get(None, [])]


def _below(category, tree):
    found = []
    for child in tree.get(category.pk, []):
        found += [child, *_below(child, tree)]
    return found


def gestures(user, place, cause=None):
    """For the context: what one can give, what is given most first, and what is known of each.

    How it ended is said of a cause alone: ``cause`` is its code, and ``worked`` tells the page's script of all of them,
    {code: {gesture's code: [good, known, usual]}}. What is usual is said of the cause, else of the house.
    """
    # A year of gifts is read for it: what usually works need not be news of this minute. It names nobody.
    worked = cache.get_or_set(
        f"gestures-that-worked-by-cause:{place.pk}",
        lambda: gestures_that_worked(property=place, user=user, since=clock.now() - timedelta(days=365)),
        KNOWN_FOR,
    )
    codes = dict(Category.objects.values_list("pk", "code"))
    everywhere = worked.get(None, {})
    here = next((worked[pk] for pk, code in codes.items() if code == cause and pk in worked), {})
    found = list(Gesture.objects.filter(is_active=True))
    found.sort(key=lambda one: (-everywhere.get(one.pk, {"n": 0})["n"], one.pk))
    named = {one.pk: one.code for one in found}
    return {
        "gestures": [(one, here.get(one.pk), everywhere.get(one.pk)) for one in found],
        "worked": {
            codes[pk]: {
                named[gesture]: [known["good"], known["known"], known["usual"]]
                for gesture, known in of.items()
                if gesture in named
            }
            for pk, of in worked.items()
            if pk in codes
        },
    }


#: Which fold an error lies in: that one is open when the page comes back.
_STEPS = {
    "who": {"guest", "new_name", "new_room", "property"},
    "what": {"kind", "category", "exactly", "severity", "narrative", "department", "touchpoint", "occurred_at"}
    | {"reported_at", "feeling_before", "photo"},
    "give": {"gesture"},
    "amount": {"amount"},
    "words": {"note", "reason", "promised_for", "verbal_approval_by", "ask"},
}


def step_to_open(form, otherwise):
    if form.is_bound:
        wrong = next((step for step, fields in _STEPS.items() if fields & set(form.errors)), None)
        return wrong or "amount"
    return otherwise


def amounts(form, place, standing):
    """The number pad, who decides above the limit, and the offer where what was typed goes above it."""
    if standing is None:
        return {}
    tiers = [{"role": str(Role(role).label), "up_to": up_to} for role, up_to in standing.tiers]
    found = {"tiers": tiers, "pad": _pad(standing.limit, place.currency)}
    if form.is_above:
        asked = form.cleaned_data["amount"]
        rest = asked - standing.remaining
        found["offer"] = {
            "sum": asked,
            "now": standing.remaining,
            "rest": rest,
            "role": Role(standing.tier_for(asked)).label,
            "minutes": standing.policy.answer_within_minutes if standing.policy else 15,
        }
    return found


def _pad(limit, currency):
    """The keys in reading order: digits, and at the end of each row a round amount that suits the limit."""
    unit = 10 ** decimals(currency)
    quick = [_round_sum(limit * share // 40, unit) for share in (1, 2, 4)]
    keys = []
    for digits, amount in zip(("123", "456", "789"), quick, strict=True):
        keys += [{"label": digit} for digit in digits]
        keys.append({"quick": True, "put": amount, "label": sum_of(amount, currency)})
    return [*keys, {"label": "00"}, {"label": "0"}, {"label": "back"}, {"label": "all"}]


def _round_sum(minor, unit):
    """The nearest 1, 2 or 5 with noughts below it, in whole units: 5,000 of USD for 5,300."""
    step = unit
    while step * 10 <= minor:
        step *= 10
    return max(step * digit for digit in (1, 2, 5) if digit == 1 or step * digit <= minor)


def deciders(user, place):
    """Whose yes by phone can be named: those who decide something here, oneself left out."""
    return Employee.objects.deciding_for(place.pk).exclude(pk=user.pk)
