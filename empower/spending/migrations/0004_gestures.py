"""The gestures that ship. Data: a group adds its own, and changes what one costs."""

from django.db import migrations

# What a gesture costs the house, in basis points of what the guest sees: the rest is margin (a drink that sells at
# 12.00 is poured for 3.00) or a room that would have stood empty.
GESTURES = [
    # code, name, cost ratio, paid from, icon; None is free
    ("apology", "Apology", None, "folio_credit", "heart"),
    ("handwritten_note", "Handwritten note", None, "folio_credit", "note"),
    ("room_move", "Room move", None, "folio_credit", "bed"),
    ("late_checkout", "Late check-out", None, "folio_credit", "clock"),
    ("meal", "Meal", 3500, "folio_credit", "meal"),
    ("drink", "Drink", 2500, "folio_credit", "drink"),
    ("amenity", "Amenity", 5000, "stock", "plus"),
    ("gift", "Gift", 10000, "petty_cash", "give"),
    ("upgrade", "Upgrade", 2000, "folio_credit", "upgrade"),
    ("refund", "Refund", 10000, "folio_credit", "refund"),
    ("discount", "Discount", 10000, "folio_credit", "less"),
    ("transport", "Transport", 10000, "payable", "car"),
    ("points", "Points", 6000, "payable", "points"),
    ("other", "Other", 10000, "folio_credit", "wallet"),
]


def ship(apps, schema_editor):
    gestures = apps.get_model("spending", "Gesture").objects.using(schema_editor.connection.alias)
    for code, name, ratio, paid_from, icon in GESTURES:
        gestures.get_or_create(
            code=code,
            defaults={
                "name": name,
                "account": code,
                "paid_from": paid_from,
                "cost_ratio": ratio or 0,
                "is_free": ratio is None,
                "icon": icon,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("spending", "0003_history_row")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
