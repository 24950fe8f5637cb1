"""The list of incidents, and telling one better. Its own page stands above, in `spending`: it tells what was given."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from empower import outbox
from empower.staff.api_openness import note_people_asked_for
from empower.staff.forms import OnceForm
from empower.staff.permissions import acts_at, sees_guests

from .filters import IncidentFilterSet
from .forms import AddGuestForm, ChangeForm, FilterForm, PhotoForm
from .models import Incident, Photo
from .permissions import can_add_photo, can_remove_photo
from .services import add_guest, add_photo, change_incident, remove_photo

A_PAGE = 25


@login_required
def incident_list(request):
    """The latest first, narrowed by what the address says. A filter that is wrong is shown, and narrows nothing."""
    user = request.user
    if not sees_guests(user):
        raise PermissionDenied
    incidents = Incident.objects.visible_to(user)
    asked = {name: value for name, value in request.GET.items() if value and name != "page"}
    filterset = IncidentFilterSet(asked, queryset=incidents, request=request)
    form = FilterForm(asked, user=user)
    if faults := filterset.faults():
        form.show_faults(faults)
    narrowed = incidents.none() if faults else filterset.qs
    if not faults:
        note_people_asked_for(actor=user, filterset=filterset, how="filtered:incidents")
    page = Paginator(narrowed.with_details().order_by("-occurred_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "incidents/incident_list.html",
        {
            "form": form,
            "page": page,
            "kept": kept.urlencode(),
            "is_narrowed": bool(asked),
            "may_log": user.property_id is not None and acts_at(user, user.property_id),
        },
        status=400 if faults else 200,
    )


@login_required
@require_http_methods(["GET", "POST"])
def change(request, pk):
    """Say more, or say it better: nothing but the guest was asked for at first."""
    incident = _incident(request, pk)
    form = ChangeForm(request.POST or None, incident=incident)
    return _tell_better(
        request,
        incident,
        form,
        act=lambda data: change_incident(
            actor=request.user, incident=incident, version=data["version"], **form.changes()
        ),
        object_type="incident",
        template="incidents/change.html",
    )


@login_required
@require_http_methods(["GET", "POST"])
def add_a_guest(request, pk):
    """Somebody else whom it touched."""
    incident = _incident(request, pk)
    form = AddGuestForm(request.POST or None)
    return _tell_better(
        request,
        incident,
        form,
        act=lambda data: add_guest(
            actor=request.user, incident=incident, guest=form.guest(), feeling_before=data["feeling_before"]
        ),
        object_type="incidentguest",
        template="incidents/add_guest.html",
    )


@outbox.door_for_drafts
@login_required
@require_http_methods(["GET", "POST"])
def add_a_photo(request, pk):
    """A photo of what happened, from a camera or a file."""
    incident = _incident(request, pk)
    if not can_add_photo(request.user, incident):
        raise PermissionDenied
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        page = reverse("spending:incident_page", args=[pk])
        made = form.carry_out(
            request,
            lambda data: add_photo(actor=request.user, incident=incident, picture=data["photo"]),
            object_type="photo",
        )
        if made is None:
            made = form.done_before(request)
        if made is not None:
            says = _("The photo is with the incident.")
            if outbox.is_watched(request):
                messages.success(request, says)
            return outbox.done(request, url=page, says=says) if outbox.asks(request) else redirect(page)
        if outbox.asks(request):
            return outbox.to_mend(request, form, url=page)
    context = {"form": form, "incident": incident}
    return render(request, "incidents/add_photo.html", context, status=form.status if form.errors else 200)


@login_required
@require_safe
def photo(request, pk):
    """The picture, to whoever sees its incident; kept by no cache, since it may be taken down or erased."""
    return _picture(request, pk, "picture")


@login_required
@require_safe
def thumbnail(request, pk):
    """The same, small."""
    return _picture(request, pk, "thumbnail")


def _picture(request, pk, which):
    content = Photo.objects.visible_to(request.user).filter(pk=pk).values_list(which, flat=True).first()
    if content is None:
        raise Http404
    headers = {
        "Content-Disposition": f'inline; filename="photo-{pk}.jpg"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(content), content_type="image/jpeg", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def take_photo_down(request, pk):
    """The picture goes, for good."""
    photos = Photo.objects.visible_to(request.user).without_pictures().select_related("incident__property")
    taken = get_object_or_404(photos, pk=pk)
    if not can_remove_photo(request.user, taken):
        raise PermissionDenied
    form = OnceForm(request.POST or None)
    if request.method == "POST":
        made = form.carry_out(request, lambda _data: remove_photo(actor=request.user, photo=taken), object_type="photo")
        if made is not None:
            messages.success(request, _("The photo is gone."))
            return redirect("spending:incident_page", pk=taken.incident_id)
    context = {"form": form, "photo": taken, "incident": taken.incident}
    return render(request, "incidents/remove_photo.html", context, status=form.status if form.errors else 200)


def _incident(request, pk):
    return get_object_or_404(Incident.objects.visible_to(request.user).with_details(), pk=pk)


def _tell_better(request, incident, form, *, act, object_type, template):
    if request.method == "POST" and form.carry_out(request, act, object_type=object_type) is not None:
        messages.success(request, _("It is written down."))
        return redirect("spending:incident_page", pk=incident.pk)
    context = {"form": form, "incident": incident}
    return render(request, template, context, status=form.status if form.errors else 200)
