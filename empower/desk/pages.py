"""The pages: a list with its rows, and the rows that belong to one."""

from functools import reduce
from operator import or_

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Q
from django.forms import ModelChoiceField
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from empower import money

from .exports import Exports
from .filters import visible
from .widgets import ModelAdmin, TabularInline

_LARGEST_ID = 2**63 - 1


class _WithItsProperty(ModelChoiceField):
    def label_from_instance(self, row):
        return row.with_its_property()


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
        if hasattr(db_field.remote_field.model, "with_its_property"):
            # Every house has a front desk: by its name alone nobody can tell which.
            options["queryset"] = options["queryset"].select_related("property")
            options.setdefault("form_class", _WithItsProperty)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_dbfield(self, db_field, request, **options):
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # What is related is looked up and added on its own page, by its own service.
            field.widget = field.widget.widget
        return field


class DeskAdmin(_Closed, Exports, ModelAdmin):
    """A page of the desk. ``search_ids``: fields that a search of nothing but digits is looked up in."""

    search_ids = ("pk",)
    #: Fields of minor units in which a sum is looked for, and where the currency of the row is.
    search_amounts = ()
    search_currency = "currency"
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
        return type("DeskList", (_DeskList, super().get_changelist(request, **options)), {})

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        self.tell_who_was_looked_up(request, changelist)
        return changelist

    def tell_who_was_looked_up(self, request, changelist):
        """For a list that can be asked about a person: an event for that one, once for each request, by page or export."""

    def get_search_results(self, request, queryset, search_term):
        """Digits are an id, looked up by its index; a sum is one of ``search_amounts``; words are in ``search_fields``."""
        word = search_term.strip().removeprefix("#")
        special = self._of_ids(word) | self._of_sums(word)
        written, may_repeat = super().get_search_results(request, queryset, search_term)
        if not special:
            return written, may_repeat
        if self.get_search_fields(request):
            special |= Q(pk__in=written.order_by().values("pk"))
        return queryset.filter(special), False

    def _of_ids(self, word):
        if not (self.search_ids and word.isascii() and word.isdigit()):
            return Q()
        wanted = Q(pk__in=[])
        if int(word[:20]) <= _LARGEST_ID:
            for name in self.search_ids:
                wanted |= Q(**{name: int(word[:20])})
        return wanted

    def _of_sums(self, word):
        wanted = Q()
        for minor, currencies in money.readings(word).items() if self.search_amounts else ():
            wanted |= self.of_this_sum(minor) & Q(**{f"{self.search_currency}__in": currencies})
        return wanted

    def of_this_sum(self, minor):
        """The condition for a row that speaks of this many minor units."""
        return reduce(or_, (Q(**{name: minor}) for name in self.search_amounts))

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


class _DeskList:
    def get_results(self, request):
        super().get_results(request)
        # A list that nothing narrows is all there is: no second count, and no "show all" beside it.
        if self.full_result_count is None and not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count

    @property
    def exports(self):
        return self.model_admin.exports_of(self)


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
