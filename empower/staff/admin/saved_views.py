"""Saved views: a list as somebody narrowed it, a link above it from then on; for every list of the desk.

Mixed into each page where the desk is put together (`ledger.desk`): the lists of the floors below have them as well.
"""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from empower.refusals import Refused

from ..models import SavedView
from ..services import delete_view, save_view

#: What an address carries beside how the list is narrowed: a search, which is not kept; its page, a message, a pop-up.
_PASSING = {"q", "p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters"}


class SaveForm(forms.Form):
    use_required_attribute = False

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    is_shared = forms.BooleanField(label=gettext_lazy("Show it to the managers of my property"), required=False)
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class SavedViews:
    """For a page of the desk."""

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("views/", guard(require_POST(self.keep_this_list)), name=f"{self.address}_save_view"),
            path(
                "views/<int:pk>/delete/", guard(require_POST(self.forget_this_list)), name=f"{self.address}_delete_view"
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        if request.method == "GET" and self.has_view_permission(request):
            extra_context = (extra_context or {}) | self._views_of(request)
        return super().changelist_view(request, extra_context)

    def _views_of(self, request):
        """What stands above the list. One query."""
        narrowed = _narrowed_by(request.GET)
        there = SavedView.objects.visible_to(request.user).filter(page=self.address).select_related("owner")
        views = [
            {
                "view": view,
                "is_here": view.query == narrowed,
                "is_mine": view.owner_id == request.user.pk,
                "delete_name": f"{self.admin_site.name}:{self.address}_delete_view",
            }
            for view in there
        ]
        is_new = narrowed and not any(one["is_here"] and one["is_mine"] for one in views)
        return {
            "desk_views": views,
            "desk_save_form": SaveForm(initial={"query": narrowed}, label_suffix="", auto_id="view_%s")
            if is_new
            else None,
            "desk_save_address": self._link("save_view"),
            "desk_all_link": self._link("changelist"),
            "desk_searched": bool(request.GET.get("q")),
            "desk_is_narrowed": bool(narrowed),
        }

    def keep_this_list(self, request):
        form = SaveForm(request.POST)
        query = QueryDict(request.POST.get("query", "")[:1000])
        back = redirect(f"{self._link('changelist')}?{query.urlencode()}")
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not form.is_valid() or not self._takes(request, query):
            messages.error(request, _("Give the view a name, of 60 characters at most."))
            return back
        try:
            view = save_view(actor=request.user, page=self.address, **form.cleaned_data)
        except (Refused, ValidationError) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return back
        messages.success(request, _("“%(name)s” is kept above the list.") % {"name": view.name})
        return back

    def forget_this_list(self, request, pk):
        view = get_object_or_404(SavedView, pk=pk, owner=request.user, page=self.address)
        delete_view(actor=request.user, view=view)
        messages.success(request, _("The view is gone; what it showed is untouched."))
        return redirect(self._link("changelist"))

    def _link(self, place):
        return reverse(f"{self.admin_site.name}:{self.address}_{place}")

    def _takes(self, request, query):
        """Would this list take such an address? A search is the service's to refuse, which says why."""
        return all(
            name in ("o", "q") or self.lookup_allowed(name, value, request)
            for name, values in query.lists()
            for value in values
        )


def _narrowed_by(asked):
    """The filters, days and order of an address, in one order, so that two of the same meaning are the same. No search."""
    kept = [(name, value) for name, values in asked.lists() if name not in _PASSING for value in values]
    return urlencode(sorted(kept))
