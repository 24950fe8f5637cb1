"""Log and give: who, what, gave, and how much, in one sending."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from empower import clock
from empower.incidents.models import Category, Guest, Incident
from empower.incidents.services import log_incident
from empower.money import decimals
from empower.staff.models import Employee, Property, Role
from empower.staff.permissions import acts_at

from ..forms import GiveForm, LogAndGiveForm
from ..models import Gesture, Spend
from ..permissions import can_give
from ..queries import gestures_that_worked, standing
from ..queries.before import standing_before
from ..services import give_spend
from .words import sum_of, tell_what_was_given

#: As many as a phone shows without becoming a list to read.
GUESTS_SHOWN = 6
GUESTS_FOUND = 12
#: Seconds for which what usually works is remembered.
KNOWN_FOR = 600


@login_required
def log_and_give(request):
    """Write down an incident and give, or only write it down. GET shows the steps; POST does all of it or none."""
    place = _place_of(request)
    if place is None:
        return _choose_a_place(request)
    if not acts_at(request.user, place.pk):
        raise PermissionDenied
    find = _asked_for(request, "find")
    guests = _guests(request.user, place, find, chosen=request.POST.get("guest") or request.GET.get("guest"))
    standings = standing_before(employee=request.user, property=place, guests=guests)

    def standing_of(property, guest, kind):
        return standing_before(
            employee=request.user, property=property, guests=[guest] if guest else [], kind=kind or "recovery"
        )[guest and guest.pk]

    asked = {"user": request.user, "deciders": _deciders(request.user, place), "standing_of": standing_of}
    if request.method == "POST":
        form = LogAndGiveForm(request.POST, **asked)
        if form.is_valid() and not form.is_above:
            made = form.carry_out(request, lambda _data: _log_and_give(request.user, form), object_type="incident")
            if made is not None:
                return _logged(request, made)
        status = 200 if form.is_above and not form.errors else form.status
    else:
        initial = {
            "guest": request.GET.get("guest", ""),
            "property": place,
            "kind": request.GET.get("kind") or "recovery",
        }
        form, status = LogAndGiveForm(initial=initial, **asked), 200
    return render(
        request,
        "spending/log_and_give.html",
        {
            "form": form,
            "place": place,
            "find": find,
            "guests": [Choice(guest, standings[guest.pk], _about(guest, place)) for guest in guests],
            "standing": form.standing or standings[None],
            "categories": _categories(),
            "open": _open_step(form, "what" if form.initial.get("guest") else "who"),
            **_amounts(form, place, form.standing or standings[None]),
            **_gestures(request.user, place),
        },
        status=status,
    )


@login_required
def give(request, pk):
    """Give on an incident that is written down already."""
    incidents = Incident.objects.visible_to(request.user).with_details()
    incident = get_object_or_404(incidents, pk=pk)
    if not can_give(request.user, incident):
        raise PermissionDenied
    if incident.status != "open":
        messages.warning(request, _("This incident is not open: reopen it to give more."))
        return redirect("spending:incident_page", pk=pk)
    guests = [row.guest for row in incident.incident_guests.all()]
    standings = {one.pk: standing(employee=request.user, incident=incident, guest=one) for one in guests}
    asked = {
        "incident": incident,
        "guests": guests,
        "deciders": _deciders(request.user, incident.property),
        "standing_of": lambda guest: standings[guest.pk],
    }
    chosen = next((one for one in guests if str(one.pk) == request.GET.get("guest")), guests[0] if guests else None)
    if request.method == "POST":
        form = GiveForm(request.POST, **asked)
        if form.is_valid() and not form.is_above:
            made = form.carry_out(
                request, lambda data: _give(request.user, incident, data["guest"], form), object_type="spend"
            )
            if made is not None:
                tell_what_was_given(request, _with_its_rest(made))
                return redirect("spending:incident_page", pk=pk)
        status = 200 if form.is_above and not form.errors else form.status
    else:
        form, status = GiveForm(initial={"guest": chosen and str(chosen.pk)}, **asked), 200
    return render(
        request,
        "spending/log_and_give.html",
        {
            "form": form,
            "incident": incident,
            "place": incident.property,
            "guests": [Choice(one, standings[one.pk], "") for one in guests],
            "standing": form.standing or (chosen and standings[chosen.pk]),
            "open": _open_step(form, "give"),
            **_amounts(form, incident.property, form.standing or (chosen and standings[chosen.pk])),
            **_gestures(request.user, incident.property, incident.category),
        },
        status=status,
    )


@login_required
def find_guests(request):
    """The guest tiles for what was typed, as a piece of the page: for its script."""
    place = _place_of(request)
    if place is None or not acts_at(request.user, place.pk):
        raise PermissionDenied
    find = _asked_for(request, "find")
    guests = _guests(request.user, place, find)
    standings = standing_before(employee=request.user, property=place, guests=guests)
    choices = [Choice(guest, standings[guest.pk], _about(guest, place)) for guest in guests]
    return render(request, "spending/_guest_tiles.html", {"guests": choices, "find": find})


@dataclass(frozen=True)
class Choice:
    """A guest to choose, what may still be given to them, and a word that helps to know them."""

    guest: Guest
    standing: object
    about: str


def _log_and_give(actor, form):
    incident = log_incident(actor=actor, **form.facts())
    if form.wish() is not None:
        _give(actor, incident, incident.guests.get(), form)
    return incident


def _give(actor, incident, guest, form):
    return give_spend(actor=actor, incident=incident, guest=guest, currency=incident.property.currency, **form.wish())


def _logged(request, pk):
    spends = Spend.objects.filter(incident=pk, employee=request.user).select_related(
        "gesture", "guest__merged_into", "incident__property", "approval__named"
    )
    spends = list(spends.order_by("pk"))
    if spends:
        tell_what_was_given(request, spends)
    else:
        messages.success(request, _("It is written down. Thank you."))
    return redirect("spending:incident_page", pk=pk)


def _with_its_rest(pk):
    return list(
        Spend.objects.filter(Q(pk=pk) | Q(split_from=pk))
        .select_related("gesture", "guest__merged_into", "incident__property", "approval__named")
        .order_by("pk")
    )


def _place_of(request):
    """The property it happens at: one's own; for who sees them all the one in the address, or the guest's."""
    if request.user.property_id:
        return request.user.property
    places = Property.objects.visible_to(request.user)
    if code := _asked_for(request, "property"):
        return places.filter(code=code).first()
    if (named := request.POST.get("property", "")).isdecimal():
        return places.filter(pk=named).first()
    guest = request.GET.get("guest", "")
    return places.filter(guests=guest).first() if guest.isdecimal() else None


def _asked_for(request, name):
    """A word of the address. PostgreSQL takes no NUL, and nobody is called so."""
    return request.GET.get(name, "").replace("\0", "").strip()


def _choose_a_place(request):
    places = [place for place in Property.objects.visible_to(request.user) if acts_at(request.user, place.pk)]
    if not places:
        raise PermissionDenied
    return render(request, "spending/choose_place.html", {"places": places})


def _guests(user, place, find, chosen=None):
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


def _about(guest, place):
    today = clock.local_day(clock.now(), place.timezone)
    if guest.arrival == today:
        return _("Arrived today")
    if guest.departure == today:
        return _("Leaves today")
    if guest.departure == today + timedelta(days=1):
        return _("Leaves tomorrow")
    return ""


def _categories():
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


def _gestures(user, place, category=None):
    """What one can give, what worked first; and what is known of each."""
    # A year of gifts is read for it: what usually works need not be news of this minute. It names nobody.
    worked = cache.get_or_set(
        f"gestures-that-worked:{place.pk}:{category and category.pk}",
        lambda: gestures_that_worked(
            property=place, user=user, category=category, since=clock.now() - timedelta(days=365)
        ),
        KNOWN_FOR,
    )
    gestures = list(Gesture.objects.filter(is_active=True))
    gestures.sort(key=lambda one: (-worked.get(one.pk, {"n": 0})["n"], one.pk))
    return {"gestures": [(one, worked.get(one.pk)) for one in gestures]}


#: Which fold an error lies in: that one is open when the page comes back.
_STEPS = {
    "who": {"guest", "new_name", "new_room", "property"},
    "what": {"kind", "category", "exactly", "severity", "narrative", "department", "touchpoint", "occurred_at"}
    | {"reported_at", "feeling_before"},
    "give": {"gesture"},
    "amount": {"amount"},
    "words": {"note", "reason", "promised_for", "verbal_approval_by", "ask"},
}


def _open_step(form, otherwise):
    if form.is_bound:
        wrong = next((step for step, fields in _STEPS.items() if fields & set(form.errors)), None)
        return wrong or "amount"
    return otherwise


def _amounts(form, place, standing):
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


def _deciders(user, place):
    """Whose yes by phone can be named: those who decide something here, oneself left out."""
    return Employee.objects.deciding_for(place.pk).exclude(pk=user.pk)
