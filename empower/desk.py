"""What every page of the review desk (Django's admin) has in common: it is a door, and it is closed until it is opened.

Who may look or write is the house's predicates' word, never a row of Django's permissions; rows begin with
``visible_to``; nothing is deleted; a write is a service's (`empower.staff.admin.writing`, `.verbs`). Where django-unfold
is installed its looks are used, else Django's own.
"""

from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from empower import money
from empower.dates import written

if apps.is_installed("unfold"):
    from unfold import widgets
    from unfold.admin import ModelAdmin, TabularInline

    TextWidget, PasswordWidget = widgets.UnfoldAdminTextInputWidget, widgets.UnfoldAdminPasswordWidget
    CheckboxesWidget = widgets.UnfoldAdminCheckboxSelectMultipleWidget
else:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.admin.widgets import AdminTextInputWidget

    TextWidget, PasswordWidget, CheckboxesWidget = (
        AdminTextInputWidget,
        forms.PasswordInput,
        forms.CheckboxSelectMultiple,
    )

_LARGEST_ID = 2**63 - 1


def visible(model, user):
    """The rows of ``model`` that this person may see; all of them where the model says nothing (a catalogue)."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


class _Closed:
    """The permissions of a page and of an inline: nobody looks until `opens_to` says so, nobody writes or deletes."""

    def opens_to(self, user):
        """May this person look at these at all? Which rows is ``visible_to``'s word."""
        return False

    def may_add(self, user):
        return False

    def may_change(self, user, row):
        return False

    def has_module_permission(self, request):
        return self.opens_to(request.user)

    def has_view_permission(self, request, obj=None):
        return self.opens_to(request.user)

    def has_add_permission(self, request, obj=None):
        return self.opens_to(request.user) and self.may_add(request.user)

    def has_change_permission(self, request, obj=None):
        return obj is not None and self.opens_to(request.user) and self.may_change(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        rows = visible(self.model, request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def formfield_for_foreignkey(self, db_field, request, **options):
        options.setdefault("queryset", visible(db_field.remote_field.model, request.user))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # What is related is looked up and added on its own page, by its own service.
            field.widget = field.widget.widget
        return field


class DeskAdmin(_Closed, ModelAdmin):
    """A page of the desk. ``search_ids``: fields that a search of nothing but digits is looked up in."""

    search_ids = ("pk",)
    #: Lookups that an address may carry beside those of the filters: ``{"subject_id"}``.
    lookups = frozenset()

    actions_selection_counter = True
    list_filter_sheet = False
    list_max_show_all = 0
    list_per_page = 50
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    view_on_site = False

    def lookup_allowed(self, lookup, value, request=None):
        """Only what this page says: Django would take any field of the table, a hash or a colleague's name letter by letter."""
        if lookup in self.lookups or lookup == self.date_hierarchy:
            return True
        if self.date_hierarchy and lookup.startswith(f"{self.date_hierarchy}__"):
            return True
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, tuple) else getattr(item, "parameter_name", item)
            if lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull"):
                return True
        return False

    def get_changelist(self, request, **options):
        return type("DeskList", (_CountedOnce, super().get_changelist(request, **options)), {})

    def get_search_results(self, request, queryset, search_term):
        """Digits are an id, looked up by its index; other words are searched for in ``search_fields``."""
        word = search_term.strip().removeprefix("#")
        if not (self.search_ids and word.isascii() and word.isdigit()):
            return super().get_search_results(request, queryset, search_term)
        wanted = Q(pk__in=[])
        if int(word[:20]) <= _LARGEST_ID:
            for name in self.search_ids:
                wanted |= Q(**{name: int(word[:20])})
        written, _may_repeat = super().get_search_results(request, queryset, search_term)
        if self.get_search_fields(request):
            wanted |= Q(pk__in=written.order_by().values("pk"))
        return queryset.filter(wanted), False

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        # Django's own wonders whether it was deleted, which nothing is.
        messages.warning(request, _("There is no such page for you to see."))
        return redirect("admin:index")

    def history_view(self, request, object_id, extra_context=None):
        """What was done to a row is told by the audit log, to those who may read it."""
        where = {"subject_type": self.opts.model_name, "subject_id": object_id}
        return redirect(f"{reverse('admin:audit_auditevent_changelist')}?{urlencode(where)}")

    def log_addition(self, request, obj, message):
        return self._log(request, obj, ADDITION)

    def log_change(self, request, obj, message):
        return self._log(request, obj, CHANGE)

    def log_deletions(self, request, queryset):
        return []  # nothing is deleted here

    def _log(self, request, row, flag):
        return LogEntry.objects.log_actions(
            user_id=request.user.pk, queryset=[_Nameless(row)], action_flag=flag, change_message="", single_object=True
        )


class _CountedOnce:
    """A list that nothing narrows is all there is: no second count, and no "show all" beside it."""

    def get_results(self, request):
        super().get_results(request)
        if self.full_result_count is None and not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class DeskInline(_Closed, TabularInline):
    """Rows that belong to the one shown, to be read."""

    can_delete = False
    extra = 0
    max_num = 0
    hide_title = True
    show_change_link = False

    def opens_to(self, user):
        return True  # the page round it is open to this person, and the rows are asked again


class _Nameless:
    """A row for Django's own admin log, which can't be erased: its kind and its id, and no word of what it says."""

    def __init__(self, row):
        self._meta, self.pk = row._meta, row.pk
        self._state = row._state

    def __str__(self):
        return f"{self._meta.model_name} {self.pk}"


# --- filters -------------------------------------------------------------------------------------------------------


class VisibleFilter(admin.RelatedFieldListFilter):
    """By what a row belongs to; offers what this person may see, and nothing where that is one."""

    def field_choices(self, field, request, model_admin):
        return [(row.pk, str(row)) for row in self.rows(field.remote_field.model, request)]

    def rows(self, model, request):
        return visible(model, request.user)


class LocalDepartmentFilter(VisibleFilter):
    """The departments of one's property, or of the one that is chosen: those of every property would be no choice."""

    def rows(self, model, request):
        chosen = request.GET.get("property__id__exact") or request.user.property_id
        rows = super().rows(model, request)
        return (
            rows.filter(property=int(chosen))
            if str(chosen or "").isdecimal() and len(str(chosen)) < 19
            else rows.none()
        )


# --- columns -------------------------------------------------------------------------------------------------------


def spoken_money(minor, currency):
    """``$1,850.00``: with all decimals and its currency, as the reader's language writes it; ``-`` for none."""
    return "-" if minor is None else money.for_people(minor, currency, get_language() or "en")


def spoken_time(moment, timezone):
    """``21 Nov 2026, 15:42 PST``, by the clock of the property; ``-`` for none."""
    if moment is None:
        return "-"
    there = moment.astimezone(ZoneInfo(timezone or "UTC"))
    return f"{written(there, '18 Nov 2026')}, {there:%H:%M %Z}"


def amount(name, said, *, currency=lambda row: row.currency):
    """A column, or a read-only field, for the minor units in ``name``."""

    @admin.display(description=said, ordering=name)
    def column(row):
        return spoken_money(getattr(row, name), currency(row))

    column.__name__ = f"{name}_said"
    return column


def moment(name, said, *, timezone=lambda row: row.property.timezone):
    """A column, or a read-only field, for a moment, in the time zone of the row's property."""

    @admin.display(description=said, ordering=name)
    def column(row):
        return spoken_time(getattr(row, name), timezone(row))

    column.__name__ = f"{name}_said"
    return column


@admin.display(description=_("no."), ordering="pk")
def number(row):
    """The id, by which a row is spoken of and searched for."""
    return row.pk
