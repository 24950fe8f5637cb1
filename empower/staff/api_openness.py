"""That looking somebody up is told to them: for the lists that can be asked about a person."""

from .services import note_record_opened


class TellsWhoWasLookedUp:
    """For a viewset: a list that is filtered by an employee records one event for that person, once the list is allowed."""

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        where = self.request.resolver_match.url_name or ""
        note_people_asked_for(actor=self.request.user, filterset=self.asked, how=f"filtered:{where}"[:200])
        return queryset


def note_people_asked_for(*, actor, filterset, how):
    """One event for each other person that a (valid) filterset was asked about."""
    people = {
        value.pk: value
        for name, filter_ in filterset.filters.items()
        if getattr(filter_, "names_a_person", False) and (value := filterset.form.cleaned_data.get(name))
    }
    searched_for = getattr(filterset, "people_searched_for", list)
    people |= {employee.pk: employee for employee in searched_for()}
    for employee in people.values():
        note_record_opened(actor=actor, employee=employee, how=how)
