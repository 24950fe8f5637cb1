"""What was given on each incident of a list: the list itself stands below and does not know."""

from django import template
from django.db.models import F, Sum

from ..models import Spend

register = template.Library()


@register.simple_tag
def sums_given(incidents):
    """``{incident id: what the guests saw}``, minor units, for incidents that the page shows. One query for all."""
    given = Spend.objects.acts().filter(incident__in=[incident.pk for incident in incidents])
    sums = given.values_list("incident").annotate(sum=Sum(F("amount") - F("reversed_amount")))
    return dict(sums.order_by())


@register.filter
def given_on(sums, incident_id):
    """The sum of one of them; None where nothing was given."""
    return sums.get(incident_id)
