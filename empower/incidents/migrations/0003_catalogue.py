"""The lists that ship: where a guest meets us, and what goes wrong. Data from here on: a house adds its own."""

from django.db import migrations

TOUCHPOINTS = [
    ("front_desk", "Front desk"),
    ("housekeeping", "Housekeeping"),
    ("dining", "Dining"),
    ("bar", "Bar"),
    ("room_service", "Room service"),
    ("spa", "Spa"),
    ("pool", "Pool"),
    ("concierge", "Concierge"),
    ("engineering", "Engineering"),
    ("parking", "Parking"),
    ("events", "Events"),
    ("phone", "Phone"),
    ("web", "Web"),
    ("app", "App"),
    ("other", "Other"),
]

# (code, name, kind of MR. BIV, icon, what is below it)
CATEGORIES = [
    ("room", "Room", "variation", "bed", [
        ("room_not_ready", "Room not ready", "inefficiency", "clock"),
        ("room_not_clean", "Room not clean", "mistake", "broom"),
        ("room_wrong_type", "Not the room that was booked", "mistake", "bed"),
        ("room_noise", "Noise", "breakdown", "noise"),
        ("room_temperature", "Too hot or too cold", "breakdown", "wrench"),
        ("room_plumbing", "Water and plumbing", "breakdown", "wrench"),
        ("room_fixture", "Lamp, lock or television broken", "breakdown", "wrench"),
        ("room_amenity_missing", "Something missing in the room", "mistake", "less"),
    ]),
    ("food", "Food and drink", "variation", "meal", [
        ("food_quality", "Not as it should taste", "variation", "meal"),
        ("food_wrong_order", "Wrong order", "mistake", "meal"),
        ("food_slow", "Slow kitchen", "inefficiency", "clock"),
        ("food_sent_back", "Sent back to the kitchen", "rework", "back"),
        ("food_allergy", "Allergy or diet overlooked", "mistake", "warn"),
        ("food_drink", "Drink not right", "variation", "drink"),
    ]),
    ("service", "Service", "variation", "bell", [
        ("service_slow", "Kept waiting", "inefficiency", "later"),
        ("service_unwelcoming", "Not made welcome", "variation", "people"),
        ("service_promise_missed", "A promise not kept", "mistake", "check"),
        ("service_asked_twice", "Had to ask twice", "rework", "sync"),
        ("service_request_lost", "Request lost between us", "breakdown", "note"),
    ]),
    ("arrival", "Arrival and departure", "inefficiency", "queue", [
        ("arrival_wait", "Queue at the desk", "inefficiency", "queue"),
        ("arrival_booking_missing", "Booking not found", "mistake", "sheet"),
        ("arrival_overbooked", "No room for a booking", "breakdown", "nosign"),
        ("arrival_luggage", "Luggage late or lost", "mistake", "car"),
    ]),
    ("billing", "Bill", "mistake", "wallet", [
        ("billing_wrong", "Wrong charge", "mistake", "wallet"),
        ("billing_deposit", "Deposit held too long", "inefficiency", "refund"),
        ("billing_points", "Points or status not counted", "mistake", "points"),
        ("billing_corrected_again", "Bill corrected more than once", "rework", "pencil"),
    ]),
    ("house", "House and grounds", "breakdown", "wrench", [
        ("house_lift", "Lift out of order", "breakdown", "wrench"),
        ("house_wifi", "Internet", "breakdown", "sync"),
        ("house_closed", "Pool, spa or gym closed", "breakdown", "nosign"),
        ("house_parking", "Parking", "inefficiency", "car"),
        ("house_safety", "Safety", "breakdown", "warn"),
    ]),
    ("occasion", "A moment to make memorable", "variation", "heart", [
        ("occasion_celebration", "Birthday, anniversary, honeymoon", "variation", "heart"),
        ("occasion_return", "A guest who comes back", "variation", "back"),
        ("occasion_hardship", "A guest who has a hard time", "variation", "give"),
        ("occasion_noticed", "Something we noticed", "variation", "eye"),
    ]),
    ("other", "Something else", "variation", "question", []),
]  # fmt: skip


def ship(apps, schema_editor):
    touchpoints = apps.get_model("incidents", "Touchpoint").objects.using(schema_editor.connection.alias)
    categories = apps.get_model("incidents", "Category").objects.using(schema_editor.connection.alias)
    touchpoints.bulk_create(touchpoints.model(code=code, name=name) for code, name in TOUCHPOINTS)
    for code, name, kind, icon, below in CATEGORIES:
        parent = categories.create(code=code, name=name, kind=kind, icon=icon)
        categories.bulk_create(
            categories.model(code=code, name=name, kind=kind, icon=icon, parent=parent)
            for code, name, kind, icon in below
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_initial")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
