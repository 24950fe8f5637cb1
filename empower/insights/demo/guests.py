"""Who stays where, from when to when."""

from datetime import timedelta

from .names import family_of, guest_name


class GuestBook:
    """The guests of one house that the history has met, the latest last."""

    def __init__(self, house):
        self._house, self._met = house, []

    def arrive(self, rng, day, *, nights=None):
        """A new guest in the house on the local ``day``, as `log_incident` takes one."""
        before = rng.choices((0, 1, 2, 3), weights=(6, 3, 2, 1))[0]
        stay = nights or rng.choices((1, 2, 3, 4, 5, 7), weights=(5, 7, 6, 3, 2, 1))[0]
        arrival = day - timedelta(days=min(before, stay))
        floor = rng.choice(self._house.floors)
        return {
            "name": guest_name(rng, self._house.code),
            "room": f"{floor}{rng.randrange(1, 25):02}",
            "arrival": arrival,
            "departure": arrival + timedelta(days=max(stay, 1)),
        }

    def party(self, rng, day):
        """Whom it touches: mostly somebody new, now and then two of a family, or a guest who is known already."""
        if self._met and rng.random() < 0.1:
            known = [guest for guest in self._met[-12:] if guest.arrival <= day <= guest.departure]
            known = known or [guest for guest in self._met[-40:] if guest.departure + timedelta(days=25) >= day]
            if known:
                return [rng.choice(known)]
        guest = self.arrive(rng, day)
        if rng.random() < 0.14:
            return [guest, guest | {"name": family_of(rng, guest["name"])}]
        return [guest]

    def met(self, guests):
        self._met += [guest for guest in guests if guest not in self._met[-40:]]
        del self._met[:-60]
