"""The admin as the managers' review desk: who comes in, by which door, and at whose clock."""

from functools import wraps
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from empower.desk import DeskAdmin
from empower.staff.permissions import may_open_admin

if apps.is_installed("unfold"):
    from unfold.sites import UnfoldAdminSite as Site
else:
    from django.contrib.admin import AdminSite as Site

# What waits for somebody comes first, what is set up once comes last.
ORDER = ["spending", "incidents", "recognition", "policies", "journal", "notices", "audit", "devices", "staff"]
FIRST_OF_THEIRS = ["Approval", "Spend", "Incident", "Guest", "Policy", "JournalEntry", "Property", "Employee"]


class Desk(Site):
    """One door: the house's own sign-in, with its limits; who may come in is a predicate, not Django's ``is_staff``."""

    site_title = _("Empower")
    site_header = _("Empower")
    index_title = _("Review desk")

    def register(self, model_or_iterable, admin_class=None, **options):
        """The house's own pages alone: a library's would show its table to whom Django's permissions let."""
        if isinstance(admin_class, type) and issubclass(admin_class, DeskAdmin):
            # Not above: it lies among pages, which ask for this site when they are read.
            from empower.staff.admin.saved_views import SavedViews

            with_views = type(admin_class.__name__, (SavedViews, admin_class), {"__module__": admin_class.__module__})
            super().register(model_or_iterable, with_views, **options)

    def has_permission(self, request):
        return bool(may_open_admin(request.user))

    def login(self, request, extra_context=None):
        if not request.user.is_authenticated:
            # Sign-in lets nobody be sent to another host by it.
            return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"), settings.LOGIN_URL)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page=settings.LOGIN_URL)(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")

    def search(self, request, extra_context=None):
        raise Http404  # unfold's: each list has a search of its own, which asks what one may see

    def admin_view(self, view, cacheable=False):
        """Every page in the time of the reader's property: days of the hierarchy, moments on a form."""
        shown = super().admin_view(view, cacheable)

        @wraps(shown)
        def at_home(request, *args, **kwargs):
            with timezone.override(_zone_of(request.user)):
                response = shown(request, *args, **kwargs)
                # Rendered here: a template that is filled in later would be filled in by another clock.
                return response.render() if hasattr(response, "render") else response

        return at_home

    def each_context(self, request):
        context = super().each_context(request) | {"is_unfold": apps.is_installed("unfold")}
        chosen = request.COOKIES.get("theme")
        if chosen in ("light", "dark"):
            context["theme"] = chosen
        return context

    def get_app_list(self, request, app_label=None):
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda model: _place(model["object_name"], FIRST_OF_THEIRS))
        return sorted(found, key=lambda app: _place(app["app_label"], ORDER))


def _place(name, order):
    return order.index(name) if name in order else len(order)


def _zone_of(user):
    has_property = user.is_authenticated and user.property_id
    return ZoneInfo(user.property.timezone if has_property else "UTC")
