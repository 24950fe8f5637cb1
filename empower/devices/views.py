"""Signing in on a shared phone, and the manager's page of phones and PINs."""

from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from empower.refusals import Refused
from empower.staff.forms import OnceForm
from empower.staff.models import Department, Employee
from empower.texts import apart

from .forms import EnrolForm, FirstPinForm, OwnPinForm, PinForm
from .middleware import COOKIE, SALT, begin_session, device_of, forget_device, remember_device
from .models import Pin, SharedDevice
from .permissions import can_enrol, can_issue_code, can_set_pin, can_unlock
from .services import choose_pin, enrol_device, issue_pin_code, revoke_device, set_pin, unlock_device, unlock_pin

A_PAGE = 25
_BACKEND = "ledger.sign_in.PinBackend"


# --- on the phone ---------------------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("secret_pin")
@rate_limit(action="login")
@require_http_methods(["GET", "POST"])
def sign_in(request):
    """By staff number and PIN. Whatever is wrong, elsewhere than on an enrolled phone too, the answer is the same."""
    if request.user.is_authenticated and not request.user.signed_with_pin:
        return redirect("/")
    if request.method == "GET":
        # Its form stands on the usual page, where a phone is one.
        return redirect("account_login")
    form = PinForm(request.POST)
    if form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            return _let_in(request, person)
        form.add_error(
            None,
            _(
                "That did not work. Look at the number and the PIN again. After five wrong tries in a row a person waits "
                "for 15 minutes or longer; a manager unlocks them at once."
            ),
        )
    return _quiet(request, "devices/sign_in.html", form)


@never_cache
@sensitive_post_parameters("code", "pin", "again")
@rate_limit(action="login")
@require_http_methods(["GET", "POST"])
def first_time(request):
    """A PIN is chosen with a code on paper, and opens at once."""
    if request.user.is_authenticated or (request.method == "GET" and device_of(request) is None):
        return redirect("account_login")
    form = FirstPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("staff_number", "code", "pin")}
        try:
            person = choose_pin(device=device_of(request), **answers)
        except ValidationError as error:
            form.turn_down(error)
        else:
            if person is not None:
                messages.success(request, _("Your PIN is set. Tell it to nobody: what is done with it is yours."))
                return _let_in(request, person)
            form.add_error(
                None, _("That did not work. Look at the number and the code again, or ask your manager for a new code.")
            )
    return _quiet(request, "devices/first_time.html", form)


def _let_in(request, person):
    device = device_of(request)
    # Another person's session is emptied, nobody's gets another key: none that was known before goes on.
    login(request, _read_anew(person), backend=_BACKEND)
    begin_session(request, device)
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(to if safe else "/")
    remember_device(response, request.get_signed_cookie(COOKIE, salt=SALT))
    return response


def _read_anew(person):
    person = Employee.objects.select_related("pin", "property", "department").get(pk=person.pk)
    person.signed_with_pin = True
    return person


def _quiet(request, template, form):
    to = request.POST.get("next") or request.GET.get("next", "")
    return render(
        request,
        template,
        {"form": form, "device": device_of(request), "next": to},
        status=form.status if form.errors else 200,
    )


@require_POST
def hand_over(request):
    """The phone goes to the next one: whoever was signed in is out."""
    logout(request)
    return redirect("account_login")


@require_POST
def stay(request):
    """Somebody is at the phone: the middleware has noted it."""
    return HttpResponse(status=204 if request.user.is_authenticated else 403)


# --- one's own PIN --------------------------------------------------------------------------------------------------


@login_required
@never_cache
@sensitive_post_parameters("password", "pin", "again")
@require_http_methods(["GET", "POST"])
def own_pin(request):
    """The PIN with which one signs in on the shared phones of one's property."""
    if not can_set_pin(request.user):
        raise PermissionDenied
    form = OwnPinForm(request.POST or None, request=request)
    if request.method == "POST":
        if not ratelimit.consume(request, action="reauthenticate", user=request.user):
            return ratelimit.respond_429(request)
        if form.is_valid():
            try:
                set_pin(actor=request.user, employee=request.user, pin=form.cleaned_data["pin"])
            except (Refused, ValidationError) as error:
                form.turn_down(error)
            else:
                messages.success(request, _("Your PIN is set. It works on the shared phones of your property."))
                return redirect("spending:own_page")
    pin = Pin.objects.filter(employee=request.user).first()
    status = form.status if form.errors else 200
    return render(request, "devices/own_pin.html", {"form": form, "pin": pin}, status=status)


# --- the manager's page ---------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def device_list(request):
    """The shared phones of the property, and who signs in on them; a POST enrols the phone that one holds.

    Enrolled, it is signed out: it lies on a desk from now on, and nobody works there in the manager's name.
    """
    _managers_only(request)
    form = EnrolForm(request.POST or None)
    if request.method == "POST":
        secrets = []

        def enrol(answers):
            device, secret = enrol_device(actor=request.user, name=answers["name"])
            secrets.append(secret)
            return device

        made = form.carry_out(request, enrol, object_type="shareddevice")
        if made is not None and secrets:
            logout(request)
            messages.success(request, _("This phone is enrolled. Your people sign in here with staff number and PIN."))
            response = redirect("account_login")
            remember_device(response, secrets[0])
            return response
        if made is not None:
            messages.info(
                request, _("This was sent before. Is the phone in the list? If it asks for no PIN, enrol it anew.")
            )
            return redirect("devices:device_list")
    return _show(request, form=form, status=form.status if form.errors else 200)


@login_required
@require_POST
def revoke(request, pk):
    """Take a phone out of use; where it is the one in the hand, its cookie too."""
    device = _device(request, pk)
    done = _plainly(
        request,
        lambda: revoke_device(actor=request.user, device=device),
        "shareddevice",
        _("Revoked. It is a phone like any other now."),
    )
    if device_of(request) is not None and device_of(request).pk == device.pk:
        forget_device(done)
    return done


@login_required
@require_POST
def unlock(request, pk):
    device = _device(request, pk)
    return _plainly(request, lambda: unlock_device(actor=request.user, device=device), "shareddevice", _("Unlocked."))


@login_required
@require_POST
def unlock_person(request, pk):
    person = _person(request, pk)
    words = _("%(name)s may try again.") % {"name": apart(person.get_short_name())}
    return _plainly(request, lambda: unlock_pin(actor=request.user, employee=person), "pin", words)


@login_required
@never_cache
@require_POST
def issue_code(request, pk):
    """A code for a colleague without a password. The answer is the page that shows it, this once."""
    person = _person(request, pk)
    form, codes = OnceForm(request.POST), []

    def issue(_answers):
        pin, code = issue_pin_code(actor=request.user, employee=person)
        codes.append(code)
        return pin

    made = form.carry_out(request, issue, object_type="pin")
    if made is None:
        return _show(request, refused=form, status=form.status)
    pin = Pin.objects.get(pk=made)
    return render(request, "devices/code.html", {"person": person, "pin": pin, "code": codes[0] if codes else None})


def _plainly(request, act, object_type, done):
    form = OnceForm(request.POST)
    if form.carry_out(request, lambda _answers: act(), object_type=object_type) is None:
        return _show(request, refused=form, status=form.status)
    messages.success(request, done)
    return redirect("devices:device_list")


def _managers_only(request):
    if not can_enrol(request.user):
        raise PermissionDenied


def _device(request, pk):
    _managers_only(request)
    return get_object_or_404(SharedDevice.objects.visible_to(request.user), pk=pk)


def _person(request, pk):
    _managers_only(request)
    return get_object_or_404(Employee.objects.visible_to(request.user), pk=pk, property=request.user.property_id)


def _show(request, *, form=None, refused=None, status=200):
    user = request.user
    people = Employee.objects.visible_to(user).active().filter(property=user.property_id, is_service=False)
    departments = Department.objects.visible_to(user)
    chosen = request.GET.get("department", "")
    if chosen:
        people = people.filter(department__code=chosen[:64])
    page = Paginator(people.select_related("pin", "department").order_by("name", "pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form or EnrolForm(),
        "refused": refused,
        "devices": SharedDevice.objects.visible_to(user).enrolled().select_related("enrolled_by"),
        "this_device": device_of(request),
        "page": page,
        "people": [_row(user, person) for person in page],
        "departments": departments,
        "chosen": chosen,
    }
    return render(request, "devices/device_list.html", context, status=status)


def _row(user, person):
    pin = getattr(person, "pin", None)
    has_password = person.has_usable_password()
    return {
        "person": person,
        "pin": pin,
        "has_password": has_password,
        "may_code": not has_password and can_issue_code(user, person),
        "may_unlock": pin is not None and pin.is_resting and can_unlock(user, person),
    }
