"""What has become of one's requests since a page was drawn: what the page asks again and again, at the price of one query."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from empower import clock
from empower.money import for_people
from empower.texts import apart

from ..models import Approval

#: Seconds between two questions, while the newest request is younger than so many minutes: an answer comes soon or late.
_EVERY = [(2, 3), (10, 6), (60, 20)]
_SELDOM = 60
#: A page that waits for more than these reads the rest when it is loaded again.
MOST = 20


@dataclass(frozen=True)
class Marker:
    """What a page knows: the versions of what waits, by id, and how often it asks."""

    versions: dict
    every: int

    @property
    def text(self):
        """``12.3-15.1``: for the address."""
        return "-".join(f"{pk}.{version}" for pk, version in self.versions.items())


def marker_of(approvals):
    """The `Marker` of the requests among these that wait for somebody; None where none does."""
    waiting = [one for one in approvals if one is not None and one.status in ("open", "to_confirm")][:MOST]
    if not waiting:
        return None
    age = (clock.now() - max(one.requested_at for one in waiting)).total_seconds() / 60
    every = next((seconds for minutes, seconds in _EVERY if age < minutes), _SELDOM)
    return Marker({one.pk: one.version for one in waiting}, every)


def read_versions(text):
    """What stands in an address as `Marker.text`; what does not is left out."""
    found = {}
    for part in text[:600].split("-")[:MOST]:
        pk, _point, version = part.partition(".")
        if (
            pk.isascii()
            and pk.isdigit()
            and version.isascii()
            and version.isdigit()
            and len(pk) < 19
            and len(version) < 10
        ):
            found[int(pk)] = int(version)
    return found


def changed_since(employee, versions):
    """(changed, all): of one's own requests by these ids, those of another version by now. One query, by their keys."""
    own = Approval.objects.filter(employee=employee, pk__in=list(versions)).select_related(
        "decided_by", "question_by", "named", "spend__gesture", "property"
    )
    found = sorted(own, key=lambda one: one.pk)
    return [one for one in found if one.version != versions[one.pk]], found


def said_of(approval):
    """The news in a sentence: what was said, by whom, and what to do now; nothing where it still waits as before."""
    spend = approval.spend
    words = {
        "name": apart((approval.decided_by or approval.question_by).get_short_name())
        if approval.decided_by_id or approval.question_by_id
        else "",
        "sum": for_people(spend.amount, spend.currency, get_language() or "en", drop_zero_cents=True),
        "gesture": apart(spend.gesture),
    }
    match approval.status:
        case "approved" if spend.asked_amount is not None and spend.asked_amount != spend.amount:
            return _("%(name)s said yes, with less: give %(sum)s.") % words
        case "approved":
            return _("%(name)s said yes: give %(sum)s.") % words
        case "declined":
            return _("%(name)s said no to %(sum)s.") % words
        case "confirmed":
            return _("%(name)s confirmed the yes by phone.") % words
        case "denied":
            return _("%(name)s says the yes was not theirs. What was given stands.") % words
        case "expired":
            return _("Nobody answered in time: %(gesture)s.") % words
        case "open" if approval.question_asked_at:
            return _("%(name)s has a question for you.") % words
    return ""
