"""The books, read only, as of now or of a moment; and allotments, which who may can set aside."""

from django.db.models import Prefetch

from empower.api_views import Door, Lists, ReadingDoor
from empower.paging import CursorPaging
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites

from . import services
from .filters import AllotmentFilterSet, BalanceFilterSet, JournalEntryFilterSet
from .models import Allotment, JournalEntry, Posting
from .serializers import AllotmentSerializer, BalanceSerializer, JournalEntrySerializer, NewAllotment


class AllotmentDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "journal"
    model = Allotment
    serializer_class = AllotmentSerializer
    takes = {"create": NewAllotment}
    filterset_class = AllotmentFilterSet

    def detailed(self, rows):
        return rows.select_related("property", "department", "recorded_by")

    def create(self, request):
        return self.once(lambda: services.allot_budget(actor=request.user, **self.body()), status=201)


class JournalEntryDoor(TellsWhoWasLookedUp, ReadingDoor):
    area = "journal"
    model = JournalEntry
    serializer_class = JournalEntrySerializer
    filterset_class = JournalEntryFilterSet

    def detailed(self, rows):
        postings = Posting.objects.select_related("account", "property", "department", "employee")
        return rows.sealed().select_related("property").prefetch_related(Prefetch("postings", postings))


class BalancePaging(CursorPaging):
    key = "account_id"
    first = "account_id"


class BalanceDoor(TellsWhoWasLookedUp, Lists, Door):
    """One row for each account that anything was posted to, of what this person may see."""

    area = "journal"
    model = Posting
    serializer_class = BalanceSerializer
    filterset_class = BalanceFilterSet
    pagination_class = BalancePaging

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).balances()
