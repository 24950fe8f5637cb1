"""The dashboard in a real browser: nothing that the content security policy or axe has to object to, on desk and phone."""

import pytest

from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident
from tests import factories as make
from tests.browser.axe import faults
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser


@pytest.fixture
def house(own_database):
    """Six people of LAX, each with an act or two; one of Paris."""
    scene = set_the_scene()
    people = [make.EmployeeFactory(property=scene.lax, department=scene.lax_dining) for _one in range(5)]
    for number, who in enumerate([*people, scene.maria, scene.amelie]):
        incident = log_incident(
            actor=who, property=who.property, guests=[{"name": "Somebody", "feeling_before": 2}], department=who.department,
            category=Category.objects.get(code="room_noise" if number % 2 else "billing_wrong"),
        )  # fmt: skip
        give_spend(
            actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
            amount=1_000 * (number + 1), currency=who.property.currency,
        )  # fmt: skip
        if number % 3:
            resolve_incident(
                actor=who, incident=incident, outcome="recovered" if number % 2 else "lost", feeling_after=7
            )
    return scene


@pytest.mark.parametrize(
    ("who", "device", "scheme"),
    [("grace", "desktop", "light"), ("chen", "desktop", "dark"), ("maria", "phone", "light")],
)
def test_everybody_can_read_it(house, open_page, who, device, scheme):
    page = open_page(device, colour_scheme=scheme, employee=getattr(house, who))
    page.goto("/insights/")
    assert page.get_by_role("heading", name="Is it used?").is_visible()
    for table in page.locator(".panel-body .chart summary").all():
        table.click()
    assert page.locator(".panel-body .chart table").first.is_visible()
    page.evaluate("scrollTo(0, 0)")  # a link half below the places of a phone would be too small a target
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_question_is_asked_by_choosing_and_a_figure_leads_to_its_rows(house, open_page):
    page = open_page("desktop", employee=house.chen)
    page.goto("/insights/")
    page.select_option("select[name=property]", "PAR")
    page.select_option("select[name=period]", "days")
    page.get_by_role("button", name="Count").click()
    assert "property=PAR" in page.url
    assert page.locator("input[name=from]").is_visible()
    assert page.get_by_text("€70").first.is_visible()
    page.get_by_role("link", name="100%").first.click()
    assert "/insights/rows/use/?" in page.url
    assert page.locator(".line").count() == 1
    page.locator(".line a").click()
    assert page.get_by_text("Somebody").first.is_visible()


def test_every_filter_and_its_button_are_on_the_screen_of_a_leader(house, open_page):
    page = open_page("desktop", employee=house.chen)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/insights/?period=days")
    for one in page.locator(".filters .select, .filters .btn").all():
        box = one.bounding_box()
        assert 0 <= box["x"]
        assert box["x"] + box["width"] <= 1280


def test_the_rest_of_a_panel_comes_by_itself_and_leads_into_the_part_that_is_clicked(house, open_page):
    page = open_page("desktop", employee=house.chen, reduced_motion="reduce")
    page.goto("/insights/?property=LAX")
    page.locator("#used .more-figs > summary").click()
    assert page.get_by_text("Reach, 90 days").is_visible()
    assert page.locator("#was-recovery_incidents").inner_text() == "before: 0"
    for more in page.locator(".more-figs:not(#used *) > summary").all():
        more.click()
    page.evaluate("scrollTo(0, 0)")  # a link half below the head of the page would be too small a target
    assert faults(page) == []
    page.locator("#used .plots svg a").first.click()
    page.wait_for_url("**/insights/?period=days&**property=LAX**")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename.startswith("dashboard-")
    told = taken.value.path().read_text()
    assert "used,2026" in told or "used,20" in told
    assert ",LAX,,,,,Use,use,share," in told


@pytest.mark.parametrize(
    ("panel", "mark", "leads_to"),
    [
        ("used", ".panel-body .c-hit a", "/insights/rows/limit_use/"),
        pytest.param("allowed", ".panel-body .c-dot a", "/insights/rows/yes_own/", marks=pytest.mark.long),
        pytest.param("used", ".plots .c-dot a", "/insights/?period=days", marks=pytest.mark.long),
        ("used", ".plots [class^=c-day] a", "/insights/?period=days"),
    ],
)
def test_a_bar_a_dot_and_a_day_are_clicked_where_they_are_seen(house, open_page, panel, mark, leads_to):
    page = open_page("desktop", employee=house.grace, reduced_motion="reduce")
    page.goto("/insights/")
    page.locator(f"#{panel} .more-figs").wait_for()
    page.evaluate("for (const one of document.querySelectorAll('.more-figs')) one.open = true")
    clicked = page.locator(f"#{panel} {mark}").last
    wanted = clicked.get_attribute("href")
    assert wanted.startswith(leads_to)
    clicked.scroll_into_view_if_needed()
    box = clicked.locator("path").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(lambda url: url.endswith(wanted))


def test_a_drawing_has_the_colours_of_the_readers_theme(house, open_page):
    seen = {}
    for scheme in ("light", "dark"):
        page = open_page("desktop", employee=house.grace, colour_scheme=scheme)
        page.goto("/insights/")
        seen[scheme] = page.evaluate(
            """() => ['.c-bar path', '.c-label text', '.c-grid line'].map((one) => {
                 const style = getComputedStyle(document.querySelector('#used ' + one));
                 return [style.fill, style.stroke, style.fontFamily.split(',')[0]];
               })"""
        )
    assert seen["light"][0][0] == "rgb(79, 139, 113)"
    assert seen["dark"][0][0] == "rgb(63, 127, 102)"
    assert seen["light"][1] == ["rgb(73, 87, 79)", "none", "-apple-system"]
    assert seen["light"][2][1] != seen["dark"][2][1]


@pytest.mark.parametrize(
    ("drawing", "leads_to", "says"),
    [
        ("#used", "/insights/rows/limit_use/", "per cent of the limit"),
        pytest.param("#needed", "/insights/?period=days", "Is it needed?", marks=pytest.mark.long),
        pytest.param("#allowed", "/insights/rows/yes_own/", "Yes, own act: within 1 min", marks=pytest.mark.long),
        ("#resolved", "/incidents/?", "Somebody"),
        pytest.param("#cost", "/insights/?period=days", "Is it needed?", marks=pytest.mark.long),
    ],
)
def test_a_mark_of_each_first_drawing_leads_to_its_part_by_mouse_and_by_keyboard(
    house, open_page, drawing, leads_to, says
):
    page = open_page("desktop", employee=house.grace, reduced_motion="reduce")
    page.goto("/insights/")
    marks = page.locator(f"{drawing} .panel-body .chart svg a")
    wanted = marks.first.get_attribute("href")
    assert wanted.startswith(leads_to)
    marks.first.click()
    page.wait_for_url(lambda url: url.endswith(wanted))
    assert page.get_by_text(says).first.is_visible()
    page.go_back()
    page.locator(f"{drawing} .panel-body .chart summary").first.focus()
    page.keyboard.press("Enter")
    for _step in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')"):
            break
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith(leads_to)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: leads_to in url)


def test_the_rows_page_has_nothing_for_axe(house, open_page):
    page = open_page("phone", employee=house.grace, colour_scheme="dark")
    page.goto("/insights/rows/acts/")
    assert page.locator(".line").count() == 6
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_script_the_rest_is_a_link_away_and_whole(house, open_page):
    page = open_page("phone", employee=house.grace, java_script_enabled=False)
    page.goto("/insights/?period=90")
    page.locator("#resolved .panel-more a").click()
    assert page.url.endswith("/insights/whole/?period=90#resolved")
    assert page.get_by_text("Promises kept").is_visible()
