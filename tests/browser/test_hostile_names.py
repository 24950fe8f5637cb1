"""Whatever people write, it is words: no page runs it, and none that is used every day is pushed wide by it."""

import os

import pytest

from empower.incidents.models import Category, Guest, Incident
from empower.recognition.models import Story, Thanks
from empower.spending.models import Approval, Gesture, Spend
from empower.staff.models import Department, Employee, Property
from tests.browser.fitting import misfits
from tests.browser.looking import is_wider_than_its_screen, keep
from tests.browser.pages import PAGES
from tests.browser.test_every_desk_page import pages_of

pytestmark = pytest.mark.browser

#: As markup, in an attribute, in a script, to Alpine and to a template; from the other direction.
RUNS = (
    "</title></script><script>owned=1</script><img src=x onerror=owned=2>\"' autofocus onfocus=owned=3 x='`${owned=4}`');"
    "owned=5;//{{constructor.constructor('owned=6')()}}{% now %}\u202e\u2066"
)
WORDS = {
    Guest: ["name"], Category: ["name"], Gesture: ["name"], Department: ["name"], Property: ["name"], Employee: ["name"],
    Incident: ["narrative"], Spend: ["note", "reason"], Approval: ["reason", "question"], Story: ["text"], Thanks: ["text"],
}  # fmt: skip
IN_THE_ORDINARY_RUN = {
    "today",
    "log",
    "incident",
    "incidents",
    "queue",
    "line-up",
    "dashboard",
    "thanks",
    "shared-phones",
}
AT_THE_DESK = {"index", "incidents_incident_change", "spending_approval_changelist"}


@pytest.fixture
def hostile_day(busy):
    """The busy day, on which everything that has a name has a hostile one; rooms, which are short, too."""
    for model, fields in WORDS.items():
        for number, row in enumerate(model.objects.order_by("pk")):
            words = f"{number}{'W' * 80 if number % 2 else ''}{RUNS}"
            for field in fields:
                longest = model._meta.get_field(field).max_length
                model.objects.filter(pk=row.pk).update(**{field: words[:longest]})
    Guest.objects.update(room="<b onclick=owned=7>'")
    return busy


def looked_at(page, pages, found):
    for name, address in pages.items():
        assert page.goto(address).status == 200, name
        keep(page, f"hostile-{name}")
        if page.evaluate("typeof owned") != "undefined":
            found.append(f"{name}: ran what was written, {page.evaluate('owned')}")
        if page.evaluate("document.querySelectorAll('img[src=x], [onfocus], [onerror], b[onclick]').length"):
            found.append(f"{name}: markup came of words")
        if name in IN_THE_ORDINARY_RUN | AT_THE_DESK and is_wider_than_its_screen(page):
            found += [f"{name}: {each}" for each in misfits(page)[:3]]


def test_no_page_runs_what_people_wrote_or_is_pushed_wide_by_it(hostile_day, open_page):
    found, all_of_them = [], bool(os.environ.get("TEST_LONG"))
    for who in dict.fromkeys(page.who for page in PAGES if page.who):
        pages = {
            page.name: page.address.format(**hostile_day)
            for page in PAGES
            if page.who == who and page.status == 200 and (all_of_them or page.name in IN_THE_ORDINARY_RUN)
        }
        if pages:
            looked_at(open_page("phone", employee=Employee.objects.get(username=who)), pages, found)
    chen = Employee.objects.get(username="chen")
    desk = {name: address for name, address in pages_of(chen).items() if all_of_them or name in AT_THE_DESK}
    looked_at(open_page("phone", employee=chen), desk, found)
    assert "\n".join(found) == ""
