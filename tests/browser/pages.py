"""Every page there is, and who opens it: a new page is added here, and is looked at with all the others.

What is asked of each, and on what day, stands in test_every_page.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """``address`` may name what happened on the day (``{story}``); ``unfold`` selects what is opened."""

    name: str
    who: str | None
    address: str
    status: int = 200
    unfold: str = ""
    is_one_at_a_time: bool = False  # what is opened next closes what was
    is_close: bool = False  # one of its kind: looked at from close in the ordinary run too
    is_long: bool = False  # its parts are seen on another page: looked at in `make test-long`


PAGES = [
    Page("sign-in", None, "/accounts/login/"),
    Page("today", "maria", "/today/", is_close=True),
    Page(
        "log",
        "maria",
        "/incidents/log/",
        unfold="details.step:not([hidden]) > summary",
        is_one_at_a_time=True,
        is_close=True,
    ),
    Page("give", "maria", "/incidents/{story}/give/"),
    Page("incident", "maria", "/incidents/{story}/", is_close=True),
    Page("incident-auditor", "ada", "/incidents/{story}/", is_long=True),
    Page("incidents", "maria", "/incidents/"),
    Page("incidents-none", "chen", "/incidents/?search=nothing+like+it", is_long=True),
    Page("void", "maria", "/incidents/{story}/void/"),
    Page("queue", "omar", "/approvals/", is_close=True),
    Page("request", "omar", "/approvals/{asked}/?answer=less"),
    Page("mine", "maria", "/me/"),
    Page("dashboard", "grace", "/insights/", is_close=True),
    Page("thanks", "maria", "/thanks/"),
    Page("to-finish", "maria", "/me/to-finish/"),
    Page("line-up", "grace", "/line-up/", is_close=True),
    Page("line-up-stories", "grace", "/line-up/stories/"),
    Page("line-up-story", "grace", "/stories/{told}/"),
    Page("line-up-houses", "chen", "/line-up/"),
    Page("phone", "maria", "/phone/"),
    Page("phone-nobody", None, "/phone/", is_long=True),
    Page("photo", "maria", "/incidents/{story}/photos/"),
    Page("looks", "maria", "/me/record/"),
    Page("own-pin", "maria", "/me/pin/"),
    Page("shared-phones", "omar", "/devices/"),
    Page("deputies", "omar", "/me/deputies/"),
    Page("trials", "grace", "/insights/trials/"),
    Page("trial-new", "chen", "/insights/trials/new/", unfold="details.rule-more > summary"),
    Page("trial", "grace", "/insights/trials/{trial}/", unfold="details.more > summary", is_close=True),
    Page("figures", "chen", "/insights/?period=90", unfold=".more-figs > summary", is_long=True),
    Page("whole", "grace", "/insights/whole/"),
    Page("lost", "maria", "/nowhere/", status=404),
]
