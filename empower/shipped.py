"""What ships in English and is read in the reader's language: names of the catalogues, and answers that take one tap.

Gestures, causes and touchpoints are data: a house renames them and adds its own, and then reads what it wrote. A name
that is still the one that shipped is a text like any other. Stored, exported and told by the API as it was written. An
answer is stored in English whoever tapped it: the one whom it is for may read another language.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SHIPPED = {
    "Apology": pgettext_lazy("catalogue", "Apology"),
    "Handwritten note": pgettext_lazy("catalogue", "Handwritten note"),
    "Room move": pgettext_lazy("catalogue", "Room move"),
    "Late check-out": pgettext_lazy("catalogue", "Late check-out"),
    "Meal": pgettext_lazy("catalogue", "Meal"),
    "Drink": pgettext_lazy("catalogue", "Drink"),
    "Amenity": pgettext_lazy("catalogue", "Amenity"),
    "Gift": pgettext_lazy("catalogue", "Gift"),
    "Upgrade": pgettext_lazy("catalogue", "Upgrade"),
    "Refund": pgettext_lazy("catalogue", "Refund"),
    "Discount": pgettext_lazy("catalogue", "Discount"),
    "Transport": pgettext_lazy("catalogue", "Transport"),
    "Points": pgettext_lazy("catalogue", "Points"),
    "Other": pgettext_lazy("catalogue", "Other"),
    "Front desk": pgettext_lazy("catalogue", "Front desk"),
    "Housekeeping": pgettext_lazy("catalogue", "Housekeeping"),
    "Dining": pgettext_lazy("catalogue", "Dining"),
    "Bar": pgettext_lazy("catalogue", "Bar"),
    "Room service": pgettext_lazy("catalogue", "Room service"),
    "Spa": pgettext_lazy("catalogue", "Spa"),
    "Pool": pgettext_lazy("catalogue", "Pool"),
    "Concierge": pgettext_lazy("catalogue", "Concierge"),
    "Engineering": pgettext_lazy("catalogue", "Engineering"),
    "Parking": pgettext_lazy("catalogue", "Parking"),
    "Events": pgettext_lazy("catalogue", "Events"),
    "Phone": pgettext_lazy("catalogue", "Phone"),
    "Web": pgettext_lazy("catalogue", "Web"),
    "App": pgettext_lazy("catalogue", "App"),
    "Room": pgettext_lazy("catalogue", "Room"),
    "Room not ready": pgettext_lazy("catalogue", "Room not ready"),
    "Room not clean": pgettext_lazy("catalogue", "Room not clean"),
    "Not the room that was booked": pgettext_lazy("catalogue", "Not the room that was booked"),
    "Noise": pgettext_lazy("catalogue", "Noise"),
    "Too hot or too cold": pgettext_lazy("catalogue", "Too hot or too cold"),
    "Water and plumbing": pgettext_lazy("catalogue", "Water and plumbing"),
    "Lamp, lock or television broken": pgettext_lazy("catalogue", "Lamp, lock or television broken"),
    "Something missing in the room": pgettext_lazy("catalogue", "Something missing in the room"),
    "Food and drink": pgettext_lazy("catalogue", "Food and drink"),
    "Not as it should taste": pgettext_lazy("catalogue", "Not as it should taste"),
    "Wrong order": pgettext_lazy("catalogue", "Wrong order"),
    "Slow kitchen": pgettext_lazy("catalogue", "Slow kitchen"),
    "Sent back to the kitchen": pgettext_lazy("catalogue", "Sent back to the kitchen"),
    "Allergy or diet overlooked": pgettext_lazy("catalogue", "Allergy or diet overlooked"),
    "Drink not right": pgettext_lazy("catalogue", "Drink not right"),
    "Service": pgettext_lazy("catalogue", "Service"),
    "Kept waiting": pgettext_lazy("catalogue", "Kept waiting"),
    "Not made welcome": pgettext_lazy("catalogue", "Not made welcome"),
    "A promise not kept": pgettext_lazy("catalogue", "A promise not kept"),
    "Had to ask twice": pgettext_lazy("catalogue", "Had to ask twice"),
    "Request lost between us": pgettext_lazy("catalogue", "Request lost between us"),
    "Arrival and departure": pgettext_lazy("catalogue", "Arrival and departure"),
    "Queue at the desk": pgettext_lazy("catalogue", "Queue at the desk"),
    "Booking not found": pgettext_lazy("catalogue", "Booking not found"),
    "No room for a booking": pgettext_lazy("catalogue", "No room for a booking"),
    "Luggage late or lost": pgettext_lazy("catalogue", "Luggage late or lost"),
    "Bill": pgettext_lazy("catalogue", "Bill"),
    "Wrong charge": pgettext_lazy("catalogue", "Wrong charge"),
    "Deposit held too long": pgettext_lazy("catalogue", "Deposit held too long"),
    "Points or status not counted": pgettext_lazy("catalogue", "Points or status not counted"),
    "Bill corrected more than once": pgettext_lazy("catalogue", "Bill corrected more than once"),
    "House and grounds": pgettext_lazy("catalogue", "House and grounds"),
    "Lift out of order": pgettext_lazy("catalogue", "Lift out of order"),
    "Internet": pgettext_lazy("catalogue", "Internet"),
    "Pool, spa or gym closed": pgettext_lazy("catalogue", "Pool, spa or gym closed"),
    "Safety": pgettext_lazy("catalogue", "Safety"),
    "A moment to make memorable": pgettext_lazy("catalogue", "A moment to make memorable"),
    "Birthday, anniversary, honeymoon": pgettext_lazy("catalogue", "Birthday, anniversary, honeymoon"),
    "A guest who comes back": pgettext_lazy("catalogue", "A guest who comes back"),
    "A guest who has a hard time": pgettext_lazy("catalogue", "A guest who has a hard time"),
    "Something we noticed": pgettext_lazy("catalogue", "Something we noticed"),
    "Something else": pgettext_lazy("catalogue", "Something else"),
}

#: Words to begin with when a request is answered: one tap at two in the morning.
ANSWERS = {
    "Yes, go ahead.": _("Yes, go ahead."),
    "It puts it right. Thank you for asking.": _("It puts it right. Thank you for asking."),
    "As in similar cases.": _("As in similar cases."),
    "It covers what went wrong.": _("It covers what went wrong."),
    "Similar cases were put right with less.": _("Similar cases were put right with less."),
    "Something else fits better: let us talk.": _("Something else fits better: let us talk."),
    "What would put it right for the guest?": _("What would put it right for the guest?"),
    "Is the guest still in house?": _("Is the guest still in house?"),
    "Yes, that was me.": _("Yes, that was me."),
    "I was not asked about this.": _("I was not asked about this."),
}


def in_readers_words(name):
    """``name`` in the reader's language where it is one that ships, else as it was written."""
    return str(SHIPPED.get(name, name))


def answer_in_readers_words(text):
    """An answer in the reader's language where it is one that takes one tap, else as it was written."""
    return str(ANSWERS.get(text, text))
