"""What people write to each other: why they ask, why they say yes or no, what is noted of a follow-up."""

WHY_ASKED = (
    "Second night like this. It would put it right.",
    "They leave in the morning and I would like them to come back.",
    "More than I may give. The guest has been very patient with us.",
    "They asked for nothing. I think we owe them this.",
    "It is their only night here, and it is spoilt.",
)
WHY_ASKED_NEEDLESSLY = (
    "I would rather somebody looked at it first.",
    "Is it all right if I give this?",
    "I did not want to decide alone.",
)
WHY_YES = (
    "Yes, of course. Thank you for staying with them.",
    "Right thing to do. Please take it up yourself.",
    "Yes. Tell me how they take it.",
    "Agreed: it was our mistake.",
    "Go ahead. No need to wait for me with something like this.",
)
WHY_LESS = (
    "Yes for the first night; breakfast covers the second.",
    "Let us start with this, and look in on them tomorrow.",
    "In line with what similar cases got. Use the suite if it is free.",
)
WHY_NO = (
    "The supplier pays for this. Please offer them dinner meanwhile.",
    "We refunded the first night already. Let us speak in the morning.",
    "Not for a delay of this kind. A note and a drink, please.",
)
QUESTIONS = (
    "How many nights are left of the stay?",
    "Have they been offered another room?",
    "Is this beside what the desk gave this morning?",
)
REPLIES = (
    "Two. They would stay on if it is quiet.",
    "Yes, and they took it. This is for last night.",
    "Yes, beside it. That was for breakfast alone.",
)
VERBAL = ("Said yes by phone.", "Said yes on the way to the car.", "Said yes at the door of the ballroom.")
CONFIRMED = ("Yes, that was me.", "Confirmed. I said so on the phone.", "My yes, and gladly.")
FOLLOWED_UP = (
    "Looked in at breakfast: slept well.",
    "Rang the room. All is well, and they thanked the team.",
    "Wrote to them at home.",
    "Met them in the lobby. They will be back in spring.",
    "Left a card at turndown.",
    "Not quite happy yet; told the next shift.",
)
NOTES = ("", "", "", "Told them myself.", "With a card from the team.", "Taken up by hand.", "Charged to the house.")
TYPED_WRONG = "Typed the wrong amount."
PART_BACK = "They used half of it; the rest goes back."
