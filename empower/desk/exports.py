"""The whole of what a list of the desk is narrowed to, as CSV or XLSX: the cells are those of the API's own list.

The rows are the list's (its filters, search, days and order, all that this person may see), and how each is told is the
door's that the API has for them: found by its address, since a page and a door stand side by side and know nothing of
each other.
"""

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, resolve, reverse
from django.utils.translation import gettext_lazy as _

from empower.exporting import whole_list

#: What is offered, and how it is called.
FORMS = {"csv": _("CSV"), "xlsx": _("Excel (XLSX)")}


class Exports:
    """For a page whose rows the API lists: ``api_list`` is the name of that address (``spend-list``)."""

    api_list = None

    def get_urls(self):
        shown = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:form>/", shown, name=f"{self.address}_export"), *super().get_urls()]

    @property
    def address(self):
        """``spending_spend``: what the names of its addresses begin with."""
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def exports_of(self, changelist):
        """[(name of the form, address)] for what the list shows; none where the API lists no such rows."""
        if not self.api_list:
            return []
        asked = changelist.get_query_string()
        return [
            (said, reverse(f"{self.admin_site.name}:{self.address}_export", args=[form]) + asked)
            for form, said in FORMS.items()
        ]

    def export_view(self, request, form):
        """GET: as the API's list with ``format``, streamed in constant memory. 404 for another form."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if form not in FORMS or not self.api_list:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(f"{self.admin_site.name}:{self.address}_changelist")
        door = self._door_of(request)
        # What the page's own columns would join in, the door does not read.
        rows = door.detailed(rows.select_related(None).prefetch_related(None))
        told = door.get_serializer_class()(context=door.get_serializer_context())
        return whole_list(request, form, rows, told, address=reverse(self.api_list))

    def _door_of(self, request):
        """The API's door to these rows, as if this person's browser had asked it for its list."""
        found = resolve(reverse(self.api_list)).func
        door = found.cls(**found.initkwargs)
        door.action_map, door.args, door.kwargs, door.format_kwarg = found.actions, (), {}, None
        door.request = door.initialize_request(request)
        door.request.user = request.user  # whom the desk let in, whatever a header says
        door.action = "list"
        return door
