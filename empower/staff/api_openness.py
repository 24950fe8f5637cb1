"""That looking somebody up is told to them: for the API's doors that can be asked about a person."""

from .filters import note_people_asked_for


class TellsWhoWasLookedUp:
    """For a viewset: a list that is filtered by an employee records one event for that person, once the list is allowed."""

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        where = self.request.resolver_match.url_name or ""
        note_people_asked_for(actor=self.request.user, filterset=self.asked, how=f"filtered:{where}"[:200])
        return queryset
