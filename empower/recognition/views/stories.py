"""Stories on pages: nominated from the incident, chosen for a line-up, put into other words, taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from empower import clock
from empower.incidents.models import Incident
from empower.staff.forms import OnceForm
from empower.staff.templatetags.local_time import day_said

from ..forms import StoryForm, TellForm
from ..models import Story
from ..permissions import can_change_story, can_choose_at
from ..queries import candidates, nomination_of
from ..services import change_story, choose_story, nominate_story, withdraw_story
from .line_up import address, asked_day, asked_property

A_PAGE = 10


@login_required
def story_list(request):
    """What the line-up of a day may tell: the one that is chosen, and those that colleagues nominated."""
    property = asked_property(request)
    if property is None:
        return redirect("recognition:line_up")
    day, fits = asked_day(request, property)
    if not fits:
        raise Http404
    return _show(request, property, day)


def _show(request, property, day, *, refused=None, about=None, status=200):
    """``refused`` is the form that was turned down, of the story ``about``."""
    user = request.user
    day = max(day, clock.local_day(clock.now(), property.timezone))
    page = Paginator(candidates(property, user=user, day=day), A_PAGE).get_page(request.GET.get("page"))
    may_choose = can_choose_at(user, property.pk)
    told = [
        {
            "story": story,
            "form": refused
            if about == story
            else TellForm(
                initial={"told_on": story.told_on or day, "version": story.version}, auto_id=f"id_{story.pk}_%s"
            ),
            "may_choose": may_choose,
            "may_change": can_change_story(user, story),
        }
        for story in page
    ]
    context = {
        "property": property,
        "day": day,
        "page": page,
        "kept": urlencode({"property": property.code, "day": day.isoformat()}),
        "told": told,
        "back_url": address("recognition:line_up", property, day),
    }
    return render(request, "recognition/story_list.html", context, status=status)


@login_required
@require_POST
def choose(request, pk):
    """For the line-up of a day."""
    story = _story(request, pk)
    if not can_choose_at(request.user, story.property_id):
        raise PermissionDenied
    form = TellForm(request.POST, auto_id=f"id_{story.pk}_%s")
    done = form.carry_out(
        request,
        lambda data: choose_story(actor=request.user, story=story, told_on=data["told_on"], version=data["version"]),
        object_type="story",
    )
    day = form.cleaned_data.get("told_on") or clock.local_day(clock.now(), story.property.timezone)
    if done is None:
        return _show(request, story.property, day, refused=form, about=_story(request, pk), status=form.status)
    messages.success(request, _("The line-up of %(day)s tells it.") % {"day": day_said(day)})
    return redirect(address("recognition:line_up", story.property, day))


@login_required
@require_http_methods(["GET", "POST"])
def change(request, pk):
    """Its words: by whoever nominated it, and by the property's managers."""
    story = _story(request, pk)
    if not can_change_story(request.user, story):
        raise PermissionDenied
    initial = {"text": story.text, "guest_agreed": story.guest_agreed, "version": story.version}
    form = StoryForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = form.carry_out(
            request,
            lambda data: change_story(
                actor=request.user,
                story=story,
                version=data["version"],
                text=data["text"],
                guest_agreed=data["guest_agreed"],
            ),
            object_type="story",
        )
        if done is not None:
            messages.success(request, _("The story is told in these words now."))
            return redirect(_back(request, story))
    context = {"form": form, "story": story, "incident": story.incident, "back_url": _back(request, story)}
    return render(request, "recognition/story.html", context, status=form.status if form.errors else 200)


@login_required
@require_POST
def withdraw(request, pk):
    """It is told no more."""
    story = _story(request, pk)
    if not can_change_story(request.user, story):
        raise PermissionDenied
    form = OnceForm(request.POST)
    done = form.carry_out(request, lambda _data: withdraw_story(actor=request.user, story=story), object_type="story")
    if done is None:
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
    else:
        messages.success(request, _("It is told no more."))
    return redirect(_back(request, story))


@login_required
@require_http_methods(["GET", "POST"])
def nominate(request, pk):
    """A resolved incident is worth telling: by a colleague who neither looks after it nor gave on it."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user).with_details(), pk=pk)
    form = StoryForm(request.POST or None)
    if request.method == "POST":
        done = form.carry_out(
            request,
            lambda data: nominate_story(
                actor=request.user, incident=incident, text=data["text"], guest_agreed=data["guest_agreed"]
            ),
            object_type="story",
        )
        if done is not None:
            messages.success(request, _("Thank you. Those who lead the line-up read it, and choose."))
            return redirect("spending:incident_page", pk=pk)
    elif not nomination_of(incident, user=request.user).may:
        raise PermissionDenied
    back = reverse("spending:incident_page", args=[pk])
    context = {"form": form, "incident": incident, "back_url": back}
    return render(request, "recognition/story.html", context, status=form.status if form.errors else 200)


def _story(request, pk):
    return get_object_or_404(Story.objects.visible_to(request.user).with_details(), pk=pk)


def _back(request, story):
    """Managers chose among stories; whoever nominated it came from the incident."""
    if can_choose_at(request.user, story.property_id):
        day = story.told_on or clock.local_day(clock.now(), story.property.timezone)
        return address("recognition:story_list", story.property, day)
    return reverse("spending:incident_page", args=[story.incident_id])
