"""How a scene is written, and how its narrative is told: as somebody types it on a phone, and never with a name."""

from dataclasses import dataclass

WHO = (
    "the guest", "the guest", "the couple", "the family", "a mother with two small children", "two friends on a weekend away",
    "a guest travelling for work", "the honeymooners", "a father and his daughter", "an elderly couple",
)  # fmt: skip
TIMES = ("twice", "three times", "four times")
OCCASIONS = (
    "fortieth birthday", "silver wedding", "first anniversary", "honeymoon", "retirement", "graduation", "engagement",
)  # fmt: skip
MEALS = ("breakfast", "dinner", "lunch")
DISHES = ("the sea bass", "the risotto", "the steak", "the soup", "the eggs", "the lamb", "the club sandwich")


@dataclass(frozen=True)
class Scene:
    """One kind of matter. ``gestures``: (code, least, most) in what feels like dollars, the usual one first;
    ``weight``: how often, beside the others; ``hours``: local, where it has its time of day."""

    category: str
    department: str
    touchpoint: str
    weight: int
    severity: tuple
    gestures: tuple
    narratives: tuple
    hours: tuple | None = None


def told(rng, scene):
    """One of the scene's narratives, with what varies filled in."""
    who, dish = rng.choice(WHO), rng.choice(DISHES)
    return rng.choice(scene.narratives).format(
        who=who,
        Who=who[0].upper() + who[1:],
        minutes=rng.choice((20, 25, 30, 35, 40, 45, 50, 65, 80)),
        short=rng.choice((10, 12, 15, 18, 20)),
        times=rng.choice(TIMES),
        occasion=rng.choice(OCCASIONS),
        meal=rng.choice(MEALS),
        dish=dish,
        Dish=dish[0].upper() + dish[1:],
        years=rng.choice(("fifth", "sixth", "eighth", "tenth", "twelfth")),
        age=rng.choice(("four", "five", "six", "seven", "nine")),
    )
