"""What was made memorable, though nothing had gone wrong. Amounts in what feels like dollars."""

from .words import Scene

NOTE = ("handwritten_note", 0, 0)
LATE = ("late_checkout", 0, 0)

DELIGHTS = (
    Scene(
        "occasion_celebration", "dining", "dining", 60, (1, 1),
        (("amenity", 20, 90), ("meal", 50, 180), ("drink", 25, 90), NOTE, ("gift", 25, 110)),
        (
            "Their {occasion}, mentioned in passing on the phone. The pastry team wrote it in chocolate.",
            "Heard at the next table that it was their {occasion}. Sent two glasses over, with the candle they had blown out.",
            "{Who} came back to the hotel where they had met. We found the photograph of that year in the archive.",
        ),
        (11, 23),
    ),
    Scene(
        "occasion_celebration", "housekeeping", "housekeeping", 40, (1, 1),
        (("amenity", 15, 70), NOTE, ("gift", 20, 80)),
        (
            "A boy of {age} had a birthday and no cake, because they were travelling. There was one on the pillow.",
            "Their {occasion}: a paper crane for each of the guests at the table. It took the whole break.",
        ),
    ),
    Scene(
        "occasion_return", "front_desk", "front_desk", 50, (1, 1),
        (("upgrade", 120, 420), NOTE, ("amenity", 25, 90), ("drink", 20, 60)),
        (
            "The {years} stay with us. Put the same reading lamp by the bed that they had asked for last time.",
            "Came back after the operation. The whole desk had signed the card.",
            "{Who} always takes the stairs to look at the painting on two. We hung a print of it in the room.",
        ),
        (13, 22),
    ),
    Scene(
        "occasion_hardship", "concierge", "concierge", 36, (1, 2),
        (("transport", 30, 140), ("meal", 40, 130), ("gift", 30, 120), LATE, NOTE),
        (
            "Here for a funeral, and the flowers had not come. Drove to the market and made the wreath up with the florist.",
            "The flight was cancelled and the child had a fever. Found a doctor, a cot and a later room.",
            "A guest of {age} lost a soft rabbit. It was in the laundry; it came back with a photo album of its holiday.",
            "Wallet stolen on the second day. Cash from the house until the bank opened, and {meal} on us.",
        ),
    ),
    Scene(
        "occasion_noticed", "housekeeping", "housekeeping", 48, (1, 1),
        (NOTE, ("amenity", 10, 50), ("gift", 15, 60)),
        (
            "The charger was taped together. Left a new one, with a note.",
            "Three books on the night table, all on birds. Marked the best bench of the park on a map.",
            "Reading glasses with a broken arm. Mended them before the guest was back from {meal}.",
        ),
    ),
    Scene(
        "occasion_noticed", "dining", "dining", 40, (1, 1),
        (("drink", 12, 60), ("meal", 30, 110), NOTE, ("amenity", 15, 50)),
        (
            "{Who} asked the waiter for the recipe. The chef wrote it out by hand and came to the table.",
            "The little one only eats plain noodles. There was a card on the table: plain noodles, chef's special.",
            "Saw that one of them was left-handed and laid the table the other way round. Nobody said a word, both smiled.",
        ),
        (7, 23),
    ),
    Scene(
        "occasion_noticed", "concierge", "concierge", 26, (1, 1),
        (("gift", 20, 90), NOTE, ("transport", 25, 90)),
        (
            "Heard them plan the sunrise walk. Thermos, two cups and an umbrella stood at the door at five.",
            "{Who} missed the last tickets for the exhibition. Rang the curator, who opened an hour early.",
        ),
    ),
)  # fmt: skip

#: Colleagues are guests too: what one gives to another, and why.
COLLEAGUES = (
    ("meal", 25, 80, "Double shift in the heat and still the first at the door. Dinner for two, upstairs, as a guest."),
    ("gift", 20, 60, "First child born on Tuesday. A small hamper from all of us on the floor."),
    ("handwritten_note", 0, 0, "Stayed on after the night shift to find the lost ring, on hands and knees."),
    ("amenity", 20, 70, "Passed the language exam. Tea and cake in the lounge, served by the managers."),
    ("transport", 20, 60, "Last bus gone because of a guest's late arrival. A taxi home, and thank you."),
)  # fmt: skip
