"""Log and give: who, what, gave, and how much, in one sending."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from empower import outbox
from empower.incidents.models import Incident
from empower.incidents.services import add_photo, log_incident
from empower.staff.models import Property
from empower.staff.permissions import acts_at

from ..forms import GiveForm, LogAndGiveForm, PlainForm
from ..models import Spend
from ..permissions import can_give
from ..queries import standing
from ..queries.before import standing_before
from ..services import give_spend
from . import choices
from .keeping import keepable
from .words import sum_of, tell_what_was_given, what_became_of


@outbox.door_for_drafts
@keepable
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
        form = LogAndGiveForm(request.POST, request.FILES, **asked)
        made = _sent(request, form, lambda _data: _log_and_give(request.user, form), object_type="incident")
        if made is not None:
            return _logged(request, made)
        if outbox.asks(request):
            return _told_to_the_phone(request, form, form.place() or place)
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
            **choices.gestures(request.user, place, form["exactly"].value() or form["category"].value()),
        },
        status=status,
    )


@outbox.door_for_drafts
@keepable
@login_required
def give(request, pk):
    """Give on an incident that is written down already."""
    incidents = Incident.objects.visible_to(request.user).with_details()
    incident = get_object_or_404(incidents, pk=pk)
    if not can_give(request.user, incident):
        raise PermissionDenied
    guests = [row.guest for row in incident.incident_guests.all()]
    if incident.status != "open":
        return _not_open(request, incident)
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
        made = _sent(
            request, form, lambda data: _give(request.user, incident, data["guest"], form), object_type="spend"
        )
        if made is not None:
            return _given(request, pk, _with_its_rest(made))
        if outbox.asks(request):
            return _told_to_the_phone(request, form, incident.property, incident=incident)
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
            **choices.gestures(request.user, incident.property, incident.category and incident.category.code),
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
    if picture := form.cleaned_data.get("photo"):
        add_photo(actor=actor, incident=incident, picture=picture)
    return incident


def _sent(request, form, act, *, object_type):
    """The id of what this sending made, now or when it came the first time; None where the person has to look."""
    if form.is_valid() and not form.is_above:
        return form.carry_out(request, act, object_type=object_type)
    return form.done_before(request)


def _give(actor, incident, guest, form):
    return give_spend(actor=actor, incident=incident, guest=guest, currency=incident.property.currency, **form.wish())


def _logged(request, pk):
    spends = Spend.objects.filter(incident=pk, employee=request.user).select_related(
        "gesture", "guest__merged_into", "incident__property", "approval__named"
    )
    return _given(request, pk, list(spends.order_by("pk")))


def _given(request, incident_pk, spends):
    """Done: on to the incident, where a toast says what came of it; a draft that nobody watched is told so itself."""
    url = reverse("spending:incident_page", args=[incident_pk])
    written_down = _("It is written down. Thank you.")
    if not outbox.is_watched(request):
        says = what_became_of(request.user, spends) or written_down
        return outbox.done(request, url=url, says=says, photos_url=_photos_of(incident_pk))
    if spends:
        tell_what_was_given(request, spends)
    else:
        messages.success(request, written_down)
    if outbox.asks(request):
        return outbox.done(request, url=url, photos_url=_photos_of(incident_pk))
    return redirect(url)


def _photos_of(incident_pk):
    return reverse("incidents:add_photo", args=[incident_pk])


def _not_open(request, incident):
    url, says = (
        reverse("spending:incident_page", args=[incident.pk]),
        _("This incident is not open: reopen it to give more."),
    )
    if request.method == "POST":
        # Whoever asks again after a lost answer may meet an incident that was closed since.
        made = PlainForm(request.POST).done_before(request)
        if made is not None:
            return _given(request, incident.pk, _with_its_rest(made))
    if outbox.asks(request):
        return outbox.refused(request, "not_open", says, url=url)
    messages.warning(request, says)
    return redirect(url)


def _told_to_the_phone(request, form, place, incident=None):
    """Why a draft was not carried out, and above what is left the right answers to choose from."""
    if not form.is_above or form.errors:
        url = reverse("spending:incident_page", args=[incident.pk]) if incident else ""
        return outbox.to_mend(request, form, url=url)
    asked, now = form.cleaned_data["amount"], form.standing.remaining
    words = {name: sum_of(sum, place.currency) for name, sum in (("sum", asked), ("now", now), ("rest", asked - now))}
    if not now:
        says = _("Nothing is left here to give without asking. You can ask for it.")
        answers = [("all", _("Ask for %(sum)s") % words)]
    else:
        says = _("You may still give %(now)s here, not %(sum)s.") % words
        answers = [
            ("split", _("Give %(now)s, ask for %(rest)s") % words),
            ("less", _("Give %(now)s only") % words),
            ("all", _("Ask for all %(sum)s") % words),
        ]
    return outbox.to_choose(
        request, says, [{"label": label, "fields": {"do": do, "shown": str(now)}} for do, label in answers]
    )


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
