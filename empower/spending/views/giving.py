"""Log and give: who, what, gave, and how much, in one sending."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from empower.incidents.models import Incident
from empower.incidents.services import log_incident
from empower.staff.models import Property
from empower.staff.permissions import acts_at

from ..forms import GiveForm, LogAndGiveForm
from ..models import Spend
from ..permissions import can_give
from ..queries import standing
from ..queries.before import standing_before
from ..services import give_spend
from . import choices
from .words import tell_what_was_given


@login_required
def log_and_give(request):
    """Write down an incident and give, or only write it down. GET shows the steps; POST does all of it or none."""
    place = _place_of(request)
    if place is None:
        return _choose_a_place(request)
    if not acts_at(request.user, place.pk):
        raise PermissionDenied
    find = _asked_for(request, "find")
    guests = choices.guests_to_choose(
        request.user, place, find, chosen=request.POST.get("guest") or request.GET.get("guest")
    )
    standings = standing_before(employee=request.user, property=place, guests=guests)

    def standing_of(property, guest, kind):
        return standing_before(
            employee=request.user, property=property, guests=[guest] if guest else [], kind=kind or "recovery"
        )[guest and guest.pk]

    asked = {"user": request.user, "deciders": choices.deciders(request.user, place), "standing_of": standing_of}
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
            "guests": [
                choices.Choice(guest, standings[guest.pk], choices.word_about(guest, place)) for guest in guests
            ],
            "standing": form.standing or standings[None],
            "categories": choices.categories(),
            "open": choices.step_to_open(form, "what" if form.initial.get("guest") else "who"),
            **choices.amounts(form, place, form.standing or standings[None]),
            **choices.gestures(request.user, place),
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
    if not guests:
        messages.warning(request, _("Write down first whom it touched: a gift goes to a guest."))
        return redirect("incidents:add_guest", pk=pk)
    standings = {one.pk: standing(employee=request.user, incident=incident, guest=one) for one in guests}
    asked = {
        "incident": incident,
        "guests": guests,
        "deciders": choices.deciders(request.user, incident.property),
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
            "guests": [choices.Choice(one, standings[one.pk], "") for one in guests],
            "standing": form.standing or (chosen and standings[chosen.pk]),
            "open": choices.step_to_open(form, "give"),
            **choices.amounts(form, incident.property, form.standing or (chosen and standings[chosen.pk])),
            **choices.gestures(request.user, incident.property, incident.category),
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
    guests = choices.guests_to_choose(request.user, place, find)
    standings = standing_before(employee=request.user, property=place, guests=guests)
    found = [choices.Choice(guest, standings[guest.pk], choices.word_about(guest, place)) for guest in guests]
    return render(request, "spending/_guest_tiles.html", {"guests": found, "find": find})


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
