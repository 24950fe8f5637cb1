"""Rules that change, as rules do: a limit cut in a fright and raised again, a raise that ends, a cap, special ones."""

from datetime import timedelta

from empower.policies.services import write_policy

from .diary import once
from .seasons import local_moment, months_back


def change_rules(world):
    """Enters every change of a rule. Los Angeles and New York keep the default: 2,000, 5,000 and 25,000 dollars."""
    paris, kyoto, los_angeles, new_york = (world.hotels[code] for code in ("PAR", "KYO", "LAX", "NYC"))
    # One dear quarter, and a leader cuts the limit to 150 euros, in the middle of a month.
    # Half a year later it is raised again.
    tiers = {"manager_up_to": 500_000, "general_manager_up_to": 2_500_000}
    _write(world, paris, 11, "default-PAR", limit=15_000, answer_within_minutes=30, **tiers)
    _write(world, paris, 6, "default-PAR", limit=150_000, **tiers)
    # One department's own rule, summed over the guest's day and not the incident.
    _write(
        world, paris, 9, "spa-PAR",
        department=paris.departments["spa"], scope="guest_day", limit=60_000,
    )  # fmt: skip
    # A second failure lifts the limit; whatever all of them give together is capped. And one role's own rule.
    second = {"limit": 300_000, "second_failure_limit": 500_000, "cap": 600_000}
    _write(world, kyoto, 14, "default-KYO", **second)
    _write(world, kyoto, 8, "managers-KYO", role="manager", limit=450_000, cap=900_000)
    # The money of the default rule on a long clock: what the concierges arrange is seldom for tonight.
    _write(
        world, los_angeles, 3, "concierge-LAX",
        department=los_angeles.departments["concierge"], limit=200_000,
        answer_within_minutes=2 * 24 * 60, expires_after_minutes=60 * 24 * 60,
    )  # fmt: skip
    # A temporary raise, written a week before it begins; it ends by itself.
    for year in range(world.first_day.year, world.anchor.year + 1):
        written, begins = (
            local_moment(new_york.house.timezone, world.anchor.date().replace(year=year, month=12, day=day), hour)
            for day, hour in ((20, 10), (27, 0))
        )
        if world.days_ago(530) < written:
            raised = once(
                write_policy, actor=world.people["chen"], code=f"new-year-{year}-NYC", property=new_york.property,
                currency="USD", limit=300_000, effective_from=begins, effective_until=begins + timedelta(days=8),
            )  # fmt: skip
            world.enter(written, raised)


def _write(world, hotel, months, code, **rule):
    """Enters a leader's version of a rule on the 17th of the month ``months`` back, at ten in the morning there."""
    day = months_back(world.anchor.date().replace(day=17), months)
    written = once(
        write_policy, actor=world.people["chen"], code=code, property=hotel.property, currency=hotel.house.currency,
        **rule,
    )  # fmt: skip
    world.enter(local_moment(hotel.house.timezone, day, 10), written)
