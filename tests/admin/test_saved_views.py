"""A list kept under a name: a link above it, of one's own or one's property, and no guest's name in it."""

import pytest

from empower.audit.models import AuditEvent
from empower.spending.models import Spend
from empower.staff.models import SavedView

from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

POSTED = "o=-3&status__exact=posted"


def keep(browser, query=POSTED, name="Posted, dearest first", **told):
    return browser.post(address(Spend, "save_view"), {"name": name, "query": query} | told)


def test_a_narrowed_list_is_kept_and_is_a_link_from_then_on(desk, scene, laid_out):
    browser = desk(scene.omar)
    page = browser.lists(Spend, status__exact="posted", o="-3", p=1)
    form = page.context["desk_save_form"]
    assert form.initial["query"] == POSTED
    answer = keep(browser, form.initial["query"])
    assert (answer.status_code, answer["Location"]) == (302, f"{address(Spend)}?{POSTED}")
    page = browser.lists(Spend)
    assert b'href="?o=-3&amp;status__exact=posted"' in page.content
    assert page.context["desk_save_form"] is None
    there = browser.get(f"{address(Spend)}?{POSTED}")
    assert {row.status for row in there.context["cl"].result_list} == {"posted"}
    assert b"Delete the view" in there.content
    assert there.context["desk_save_form"] is None
    assert b"Posted, dearest first" not in browser.lists(SavedView.owner.field.related_model).content


def test_a_search_is_not_kept(desk, scene, laid_out):
    browser = desk(scene.omar)
    page = browser.lists(Spend, q="jones", status__exact="posted")
    assert page.context["desk_save_form"].initial["query"] == "status__exact=posted"
    assert b"it may be a guest&#x27;s name" in page.content or b"it may be a guest's name" in page.content
    assert browser.lists(Spend, q="jones").context["desk_save_form"] is None
    said = browser.said(keep(browser, "q=jones&status__exact=posted"))
    assert "guest's name" in said[0]
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "guest__name__startswith=J", "status__exact=Mrs Jones", "status__exact=%3Cscript%3E", "employee__password=x",
        "status__exact=" + "x" * 65, "status__exact=posted&" * 30,
    ],
)  # fmt: skip
def test_what_no_filter_would_say_is_not_kept(desk, scene, query):
    assert keep(desk(scene.omar), query).status_code == 302
    assert not SavedView.objects.exists()


def test_a_name_is_there_once_and_is_needed(desk, scene):
    browser = desk(scene.omar)
    keep(browser)
    assert "of this name" in browser.said(keep(browser, "status__exact=pending"))[-1]
    keep(browser, name=" ")
    keep(browser, name="x" * 61)
    assert SavedView.objects.count() == 1
    for number in range(25):
        keep(browser, name=f"view {number}")
    assert SavedView.objects.count() == 20


def test_what_is_shared_is_seen_at_the_same_property_alone_and_deleted_by_its_owner(desk, scene, laid_out):
    keep(desk(scene.omar), name="Ours", is_shared="on")
    keep(desk(scene.omar), name="Mine", query="status__exact=declined")
    seen = {}
    for name in ("omar", "grace", "gina", "chen"):
        seen[name] = [one["view"].name for one in desk(getattr(scene, name)).lists(Spend).context["desk_views"]]
    assert seen == {"omar": ["Mine", "Ours"], "grace": ["Ours"], "gina": [], "chen": []}
    view = SavedView.objects.get(name="Ours")
    delete = address(Spend, "delete_view", view.pk)
    assert desk(scene.grace).post(delete).status_code == 404
    assert desk(scene.omar).get(delete).status_code == 405
    assert desk(scene.omar).post(delete).status_code == 302
    assert not SavedView.objects.filter(name="Ours").exists()


def test_its_events_say_neither_name_nor_query(desk, scene):
    keep(desk(scene.omar), name="Suite of the Prince")
    desk(scene.omar).post(address(Spend, "delete_view", SavedView.objects.get().pk))
    events = AuditEvent.objects.filter(subject_type="savedview")
    assert [event.verb for event in events.order_by("pk")] == ["saved_view.created", "saved_view.deleted"]
    assert not [event for event in events if "Prince" in event.body or "posted" in event.body]


def test_who_does_not_see_a_list_keeps_no_view_of_it(desk, scene):
    assert keep(desk(scene.admin)).status_code == 403
    assert keep(desk(scene.maria)).status_code in (302, 403)
    assert not SavedView.objects.exists()
