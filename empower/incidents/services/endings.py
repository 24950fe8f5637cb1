"""What is told of each guest on an incident, for all of them or one by one."""

from django.utils.translation import gettext_lazy as _

from empower.texts import malformed

from ..models import Outcome
from . import checking

GUEST_FACTS = ["feeling_before", "feeling_after", "outcome"]


def each_guest(rows, *, guests=None, **for_all):
    """[(IncidentGuest, {fact: value})]: ``for_all``'s facts, and over them those of ``guests``, checked.

    ``guests``: [{"id": a guest's id, int or text, "outcome", "feeling_after", "feeling_before"}]. An id may be that of
    a record merged since. ValidationError names ``guests`` or the fact.
    """
    told = [(row, _checked(for_all)) for row in rows]
    if guests is None:
        return told
    if not isinstance(guests, list | tuple) or not all(isinstance(one, dict) for one in guests):
        raise malformed("guests", _("A list of guests, each with its id."))
    named = set()
    for one in guests:
        if unknown := set(one) - {"id", *GUEST_FACTS}:
            raise malformed("guests", _("A guest has no “%(unknown)s” here."), unknown=sorted(map(str, unknown))[0])
        guest_id = str(one.get("id", ""))
        facts = _checked({name: value for name, value in one.items() if name != "id"})
        mine = [known for row, known in told if guest_id in (str(row.guest_id), str(row.guest.standing_id))]
        if not mine:
            raise malformed("guests", _("Guest %(id)s is not on this incident."), code="not_on_it", id=guest_id)
        if guest_id in named:
            raise malformed("guests", _("A guest is named twice."), code="duplicate")
        named.add(guest_id)
        for known in mine:
            known |= facts
    return told


def _checked(facts):
    for name, value in facts.items():
        if name == "outcome":
            checking.one_of(value, "outcome", Outcome)
        else:
            checking.feeling(value, name)
    return dict(facts)
