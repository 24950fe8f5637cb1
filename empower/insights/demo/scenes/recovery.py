"""What goes wrong, by cause. Amounts in what feels like dollars."""

from .words import Scene

FREE = ("apology", 0, 0)
NOTE = ("handwritten_note", 0, 0)
MOVE = ("room_move", 0, 0)
LATE = ("late_checkout", 0, 0)

RECOVERIES = (
    # --- the room
    Scene(
        "room_not_ready", "front_desk", "front_desk", 100, (2, 4),
        (("drink", 15, 60), ("meal", 45, 190), ("upgrade", 120, 480), LATE, ("amenity", 25, 80), FREE),
        (
            "Room promised for 15:00, still being cleaned. {Who} had been up since four this morning.",
            "{Who} waited {minutes} minutes in the lobby with all their bags. Nobody had called up to ask.",
            "Housekeeping had marked the room clean, but the bed was not made. {Who} had tea on the terrace meanwhile.",
            "Two rooms on one booking, only one ready. {Who} did not want to split up and waited {minutes} minutes.",
        ),
        (14, 19),
    ),
    Scene(
        "room_not_clean", "housekeeping", "housekeeping", 72, (2, 4),
        (("amenity", 25, 90), FREE, ("meal", 40, 150), ("discount", 60, 240), MOVE, NOTE),
        (
            "Hair in the bath and a used glass behind the curtain. {Who} called down within {short} minutes of arriving.",
            "The bin of the guest before was not emptied. {Who} took it politely, which made it worse.",
            "Stain on the sheets, noticed at bedtime. We changed the bed at once; the mood was gone.",
            "Dust on the desk, crumbs on the carpet. {Who} sent photos to the desk.",
        ),
    ),
    Scene(
        "room_wrong_type", "front_desk", "front_desk", 38, (2, 4),
        (("upgrade", 140, 650), ("meal", 60, 220), ("points", 50, 200), MOVE),
        (
            "Booked a king with a view, got two singles on the yard. The notes had it right; we did not read them.",
            "{Who} had asked for connecting rooms and was given two floors apart.",
            "A quiet room was confirmed by mail, and the one we gave is beside the lift.",
        ),
        (14, 22),
    ),
    Scene(
        "room_noise", "front_desk", "phone", 86, (2, 5),
        (("discount", 80, 380), ("meal", 50, 180), MOVE, ("refund", 180, 620), ("amenity", 25, 70), LATE),
        (
            "Party in the next room until two. {Who} called {times}; security came at the last.",
            "Drilling from the floor above at half past eight, not announced to anybody.",
            "The ice machine outside the door ran all night. {Who} slept perhaps three hours.",
            "Doors slamming from five: an airline crew leaving. {Who} had a talk to give at ten.",
            "Music from the wedding came up through the floor until one in the morning.",
        ),
        (20, 26),
    ),
    Scene(
        "room_temperature", "engineering", "engineering", 52, (2, 5),
        (("meal", 50, 170), MOVE, ("refund", 150, 560), ("amenity", 20, 70), ("discount", 80, 260)),
        (
            "Air conditioning blows warm. Engineering came {times}, and it is still 27 degrees in there.",
            "No heating on the coldest night of the month. {Who} slept in their coats.",
            "Thermostat shows 20 and the room is at 26. The window does not open. {Who} lost all patience.",
        ),
        (18, 26),
    ),
    Scene(
        "room_plumbing", "engineering", "engineering", 44, (2, 5),
        (("meal", 50, 180), MOVE, ("discount", 90, 320), ("refund", 180, 700), ("amenity", 30, 90)),
        (
            "No hot water from seven until {short} past eight. {Who} had a train to catch.",
            "Shower drain backed up, bathroom floor under water. Their shoes were on it.",
            "The toilet would not flush after midnight and there was no other room on the floor.",
            "Tap dripped all night. {Who} wedged a towel under it, and told us so at the desk with a smile.",
        ),
        (6, 24),
    ),
    Scene(
        "room_fixture", "engineering", "engineering", 40, (1, 3),
        (FREE, ("drink", 15, 50), ("amenity", 20, 70), MOVE, ("meal", 35, 110)),
        (
            "Key cards failed {times} in one evening. {Who} stood at the door with ice cream melting.",
            "The safe locked with two passports inside. Engineering had it open in {minutes} minutes.",
            "Bedside lamp dead, television without sound. Small things, but both on the first night.",
            "The curtain rail came down in the night, onto nobody, luckily.",
        ),
    ),
    Scene(
        "room_amenity_missing", "housekeeping", "housekeeping", 50, (1, 3),
        (("amenity", 15, 60), FREE, NOTE, ("drink", 15, 40)),
        (
            "The cot was promised in writing and was not there. The baby slept in the pram for {minutes} minutes.",
            "One bathrobe for {who}. The second one took two calls and {minutes} minutes.",
            "No towels left after the clean. {Who} found out from inside the shower.",
            "Asked for feather-free pillows at booking, and all six were down.",
        ),
    ),
    # --- food and drink
    Scene(
        "food_quality", "dining", "dining", 46, (1, 3),
        (("meal", 30, 140), ("drink", 15, 60), FREE, ("gift", 25, 70)),
        (
            "{Dish} came cold at the edges and hot in the middle, in front of their guests.",
            "Overcooked, sent with apologies, and overcooked again. {Who} just asked for bread.",
            "{Who} said it tasted of nothing. I tried it, and so it did.",
        ),
        (7, 23),
    ),
    Scene(
        "food_wrong_order", "dining", "room_service", 42, (1, 3),
        (("meal", 30, 120), ("drink", 15, 45), FREE, NOTE),
        (
            "The tray for another floor came to their door, and theirs went there.",
            "Ordered vegetarian, got chicken. They had to call, wait, and then eat alone.",
            "{Who} wanted {dish} and got the next line of the menu. The replacement took {minutes} minutes.",
        ),
        (7, 24),
    ),
    Scene(
        "food_slow", "dining", "dining", 60, (1, 4),
        (("drink", 20, 75), ("meal", 45, 190), FREE, ("gift", 25, 60)),
        (
            "{minutes} minutes for {meal}. {Who} left for the theatre with it half eaten.",
            "The kitchen lost the ticket. {Who} watched three tables be served before them.",
            "Room service said {short} minutes and took {minutes}. The child had fallen asleep hungry.",
        ),
        (7, 23),
    ),
    Scene(
        "food_sent_back", "dining", "dining", 22, (2, 3),
        (("meal", 40, 150), ("drink", 20, 60), FREE),
        (
            "{Dish} went back {times}. The last plate was right, and by then nobody at the table was hungry.",
            "Sent back, warmed up and sent out again. {Who} noticed, of course.",
        ),
        (12, 23),
    ),
    Scene(
        "food_allergy", "dining", "dining", 14, (4, 5),
        (("meal", 90, 280), ("refund", 200, 700), ("gift", 60, 160), ("transport", 40, 120)),
        (
            "Nuts in the dressing, though the allergy was on the booking and said again at the table. All well by ten.",
            "Sesame in the bread of a guest who cannot have it. She caught it herself. That was luck, not us.",
        ),
        (12, 23),
    ),
    Scene(
        "food_drink", "dining", "bar", 26, (1, 2),
        (("drink", 12, 50), FREE, ("meal", 30, 80)),
        (
            "The wine was corked, and the second bottle too. {Who} gave up and had water.",
            "Three coffees sent back before one was hot. {Who} laughed about it in the end.",
        ),
        (8, 24),
    ),
    # --- service
    Scene(
        "service_slow", "front_desk", "phone", 50, (1, 3),
        (FREE, ("drink", 15, 50), ("amenity", 20, 60), ("meal", 40, 120)),
        (
            "{minutes} minutes for an iron. The interview was in an hour.",
            "Called the desk {times}, and each time it rang out. {Who} walked down in slippers.",
            "The car was asked for at nine and came at {short} to ten.",
        ),
    ),
    Scene(
        "service_unwelcoming", "front_desk", "front_desk", 20, (2, 4),
        (FREE, NOTE, ("meal", 60, 200), ("amenity", 40, 110), ("points", 60, 180)),
        (
            "{Who} felt looked down on at check-in: asked twice for a deposit in front of others.",
            "Said good evening {times} at the bar and nobody looked up.",
        ),
    ),
    Scene(
        "service_promise_missed", "concierge", "concierge", 36, (2, 4),
        (("meal", 60, 220), ("gift", 40, 130), ("transport", 30, 110), FREE, NOTE),
        (
            "The table we had promised by the window was given away. It was their {occasion}.",
            "We said the parcel would be at the door by six. It was in the back office, and so was the birthday present.",
            "Tickets confirmed by us turned out to be for the day before. {Who} stood at the gate.",
        ),
        (10, 23),
    ),
    Scene(
        "service_asked_twice", "housekeeping", "housekeeping", 40, (1, 3),
        (FREE, ("amenity", 20, 70), NOTE, ("drink", 15, 45)),
        (
            "Extra blankets asked for at noon, at four and at nine. They came at ten.",
            "{Who} had to tell us {times} that the room is not to be entered before eleven.",
            "Second request for the same light bulb in two days.",
        ),
    ),
    Scene(
        "service_request_lost", "concierge", "app", 32, (2, 3),
        (FREE, ("amenity", 30, 90), ("meal", 50, 160), ("gift", 30, 90), ("points", 40, 120)),
        (
            "The message in the app was read by three of us, and each thought another had it.",
            "Airport pick-up booked by mail, confirmed, and in nobody's list. {Who} took a cab.",
            "The pharmacy errand was handed over at shift change and never left the desk.",
        ),
    ),
    # --- arrival and departure
    Scene(
        "arrival_wait", "front_desk", "front_desk", 56, (1, 3),
        (("drink", 12, 45), FREE, ("amenity", 20, 60), ("points", 25, 90)),
        (
            "{minutes} minutes in the queue at the desk, two of us on. {Who} missed the start of the game.",
            "Three coaches at once. {Who} waited {minutes} minutes and then had to wait for the lift.",
        ),
        (14, 20),
    ),
    Scene(
        "arrival_booking_missing", "front_desk", "front_desk", 20, (3, 4),
        (("upgrade", 150, 520), ("meal", 60, 180), ("points", 60, 200), ("drink", 25, 60)),
        (
            "The booking was under the agency's name; we looked for {minutes} minutes. {Who} had it printed out.",
            "Reservation dropped in the interface on Tuesday. We had a room, and should have had a smile sooner.",
        ),
        (14, 24),
    ),
    Scene(
        "arrival_overbooked", "front_desk", "front_desk", 12, (4, 5),
        (("refund", 350, 1300), ("transport", 50, 160), ("upgrade", 350, 1100), ("points", 150, 500)),
        (
            "No room left at eleven at night. Walked {who} to the house across the road, and paid.",
            "Oversold by four. {Who} had come from the other side of the world for a wedding here.",
        ),
        (19, 25),
    ),
    Scene(
        "arrival_luggage", "concierge", "concierge", 26, (2, 5),
        (("amenity", 40, 140), ("gift", 60, 220), ("transport", 40, 140), ("meal", 50, 150)),
        (
            "Bags went to the wrong tower; no clothes for the dinner at eight.",
            "A suitcase left on the kerb went off with the airport shuttle. Back after {minutes} minutes, all there.",
            "The suit bag was delivered crushed. The ceremony is tomorrow.",
        ),
    ),
    # --- the bill
    Scene(
        "billing_wrong", "front_desk", "front_desk", 44, (1, 3),
        (("refund", 25, 210), FREE, ("points", 30, 90), ("discount", 30, 120)),
        (
            "Minibar charged that was never opened. {Who} had said so the day before.",
            "Parking for five nights on a stay of two.",
            "Somebody else's spa treatment on the bill. The taxi was waiting.",
        ),
        (7, 13),
    ),
    Scene(
        "billing_deposit", "front_desk", "web", 16, (2, 3),
        (FREE, ("points", 40, 120), ("refund", 40, 160)),
        (
            "Deposit of the last stay not released after three weeks.",
            "The hold was taken twice, and {who} could not pay for {meal} with the card.",
        ),
    ),
    Scene(
        "billing_points", "front_desk", "app", 18, (1, 2),
        (("points", 30, 140), FREE),
        (
            "The stay in spring is missing from the account, for the second time of asking.",
            "Status not recognised at check-in, so no late check-out was offered. {Who} had planned on it.",
        ),
    ),
    Scene(
        "billing_corrected_again", "front_desk", "front_desk", 12, (2, 4),
        (("refund", 60, 260), ("meal", 50, 140), ("points", 60, 160), NOTE),
        (
            "Third invoice, third mistake: now the company's name is wrong.",
            "We corrected the bill at the desk and the card was charged with the old one.",
        ),
        (7, 14),
    ),
    # --- the house
    Scene(
        "house_lift", "engineering", "engineering", 18, (2, 4),
        (("drink", 15, 50), FREE, ("meal", 50, 150), ("amenity", 25, 80)),
        (
            "Stuck between two floors for {short} minutes. Calm, but shaken.",
            "Both lifts out, and {who} on one of the top floors with a walking stick.",
        ),
    ),
    Scene(
        "house_wifi", "engineering", "app", 34, (1, 3),
        (FREE, ("drink", 12, 40), ("points", 30, 100), ("discount", 40, 140)),
        (
            "No internet on the whole floor; {who} lost a call with the head office {times}.",
            "It asked for the room number every {short} minutes and then forgot it.",
        ),
    ),
    Scene(
        "house_closed", "spa", "pool", 22, (2, 3),
        (("drink", 20, 60), ("amenity", 40, 120), ("discount", 60, 200), ("meal", 50, 140)),
        (
            "The pool was shut for the whole stay and the website did not say so. The children had their goggles on.",
            "Spa booked weeks ahead; the therapist was ill and nobody rang {who}.",
            "Steam room cold for the second day.",
        ),
    ),
    Scene(
        "house_parking", "concierge", "parking", 26, (1, 4),
        (("discount", 25, 90), FREE, ("drink", 15, 45), ("transport", 30, 100), ("refund", 40, 320)),
        (
            "The car took {minutes} minutes to come up. The recital began without them.",
            "Scratch on the door that was not there yesterday. Photos taken, both of us know.",
        ),
    ),
    Scene(
        "house_safety", "engineering", "other", 6, (4, 5),
        (("meal", 80, 220), ("refund", 200, 800), MOVE, ("gift", 60, 150)),
        (
            "False alarm at three in the morning, and eleven flights of stairs. {Who} did not sleep again.",
            "Slipped on the wet marble by the pool. Bruised; a doctor has seen it.",
        ),
    ),
)  # fmt: skip
