"""What comes to a panel after the first paint, and what is taken away: the same figures, and what they were before."""

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.incidents.services import log_incident
from empower.insights.drawing import rendering
from empower.insights.drawing.press import Press
from empower.insights.queries.families import FAMILIES
from empower.insights.queries.figures import Figure
from empower.insights.queries.panels import PANELS, period_before
from empower.insights.queries.period import Period
from empower.insights.queries.reports import REPORTS, report
from empower.insights.templatetags.figure_words import WORDS
from empower.insights.templatetags.figures import compared, figure
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

#: Told of every cell of a table only, or the same figure as another report's.
NOT_ON_ITS_OWN = {"effect_incidents", "effect_recovered", "effect_cost_p50", "effect_feeling"}


def ask(person, path, *, htmx=False):
    client = Client()
    client.force_login(person)
    return client.get(path, **({"HTTP_HX_REQUEST": "true"} if htmx else {}))


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def act(who, amount=1_000, *, ends=None):
    incident = log_incident(
        actor=who, property=who.property, department=who.department, guests=[{"name": "Somebody", "feeling_before": 3}]
    )
    give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=amount, currency=who.property.currency,
    )  # fmt: skip
    if ends:
        resolve_incident(actor=who, incident=incident, outcome=ends, feeling_after=8)
    return incident


def share(value, low, high):
    return Figure("use", "share", value, 100, 1, 100, (low, high))


@pytest.fixture
def team(scene):
    """Seven people at LAX, each with an act that ended well."""
    people = [make.EmployeeFactory(property=scene.lax, department=scene.lax_desk) for _one in range(6)]
    for who in (scene.maria, *people):
        act(who, ends="recovered")
    return scene


def test_every_figure_of_every_report_is_in_a_panel_once(team):
    from empower.insights.forms import QuestionForm

    form = QuestionForm({"group_by": ""}, user=team.chen)
    assert form.is_valid()
    told = {one.name for name in REPORTS for one in report(name, form.selection).figures}
    shown = [
        name
        for panel in PANELS.values()
        for part in (panel.main, panel.more)
        for names in part.values()
        for name in names
    ]
    assert told - NOT_ON_ITS_OWN <= {*shown}
    assert len(shown) == len({*shown})
    assert {*shown} <= {*WORDS}


def test_what_the_panels_take_is_what_the_reports_tell():
    taken = [family for panel in PANELS.values() for _name, family in panel.families]
    told = [one for families in FAMILIES.values() for one in families if not one.needs]
    assert len(taken) == len(told)
    assert all(one in taken for one in told)


def test_a_panel_tells_what_the_first_answer_leaves_out(team):
    said = text(ask(team.chen, "/insights/panels/used/?property=LAX", htmx=True))
    assert "Reach, 90 days" in said
    assert "Delights per employee and month" in said
    assert "Reach" not in text(ask(team.chen, "/insights/?property=LAX"))


def test_the_first_answer_says_where_the_rest_is_with_the_same_question(team):
    said = ask(team.chen, "/insights/?property=LAX&period=90").content.decode()
    assert 'hx-get="/insights/panels/used/?period=90&amp;property=LAX"' in said
    assert 'href="/insights/whole/?period=90&amp;property=LAX#used"' in said
    answer = ask(team.chen, "/insights/panels/used/?period=90&property=LAX")
    assert answer.status_code == 302
    assert answer["Location"] == "/insights/whole/?period=90&property=LAX#used"
    assert ask(team.chen, "/insights/panels/other/", htmx=True).status_code == 404


def test_no_panel_is_open_to_who_reads_no_figures_or_wide_to_who_sees_one_house(team):
    for path in ("panels/used/", "whole/", "figures.csv"):
        assert ask(team.admin, f"/insights/{path}", htmx=True).status_code == 403
    said = text(ask(team.gina, "/insights/panels/resolved/?property=LAX", htmx=True))
    assert "7 of 7 resolved" not in said


def test_a_figure_stands_beside_what_it_was_in_the_days_before(team):
    with clock.standing_at(clock.now() - timedelta(days=40)):
        for _one in range(3):
            act(team.maria)
    said = ask(team.grace, "/insights/panels/needed/", htmx=True).content.decode()
    assert '<span class="fig-was" id="was-recovery_incidents" hx-swap-oob="true">before: 3</span>' in said
    assert 'id="was-recovery_incidents"' in ask(team.grace, "/insights/").content.decode()
    everything = ask(team.grace, "/insights/?period=all").content.decode()
    assert 'id="was-recovery_incidents"' not in everything
    assert "hx-swap-oob" not in ask(team.grace, "/insights/panels/needed/?period=all", htmx=True).content.decode()


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (share(0.7, 0.6, 0.8), share(0.5, 0.4, 0.59), "more than before: 50%"),
        (share(0.7, 0.6, 0.8), share(0.5, 0.4, 0.60), "about the same as before: 50%"),
        (share(0.5, 0.4, 0.59), share(0.7, 0.6, 0.8), "less than before: 70%"),
        (share(0.5, 0.4, 0.59), Figure("use", "share", None, 0, 0, 0), ""),
        (share(0.5, 0.4, 0.59), Figure("use", "share", None, None, hidden=True), ""),
        (Figure("acts", "count", 4, 4, 4), Figure("acts", "count", 2, 2, 2), "before: 2"),
    ],
)
def test_more_or_less_is_said_only_where_the_intervals_lie_apart(now, then, said):
    assert compared(now, then) == said


def test_the_period_before_is_as_long_and_ends_the_day_before():
    from datetime import date

    assert period_before(Period(date(2026, 3, 1), date(2026, 3, 31))) == Period(date(2026, 1, 29), date(2026, 2, 28))
    assert period_before(Period(None, date(2026, 3, 31))) is None


def test_on_paper_every_panel_is_whole(team):
    said = ask(team.grace, "/insights/whole/?period=90&department=front_desk").content.decode()
    assert said.count('<details class="more-figs" open>') >= 5
    assert 'hx-get="/insights' not in said
    assert "Reach, 90 days" in said
    assert "Department: <bdi>" in said


def test_the_table_has_every_figure_of_the_page_to_the_cent(team):
    answer = ask(team.grace, "/insights/figures.csv?period=90&kind=recovery")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {row["panel"] for row in rows} == {*PANELS}
    by_name = {row["figure"]: row for row in rows}
    assert by_name["cost"]["value"] == "70.00"
    assert by_name["use"] | {"value": "1.0", "numerator": "7", "denominator": "7", "kind": "recovery"} == by_name["use"]
    assert {"reach", "chill", "promises_kept", "second_failure", "escalation_ratio", "decline_regret"} <= {*by_name}
    sheet = ask(team.grace, "/insights/figures.xlsx")
    assert sheet.getvalue()[:2] == b"PK"
    assert ask(team.grace, "/insights/figures.pdf2").status_code == 404


def test_a_table_to_download_draws_nothing(team, monkeypatch):
    monkeypatch.setattr("empower.insights.drawing.rendering._key", lambda spec: pytest.fail("It is drawn."))
    assert ask(team.grace, "/insights/figures.csv").status_code == 200


@pytest.mark.long("postgresql")  # as many on either engine
def test_a_panels_cost_does_not_grow_with_what_there_is(team):
    def asked():
        found = {}
        for name in PANELS:
            with CaptureQueriesContext(connection) as queries:
                assert ask(team.chen, f"/insights/panels/{name}/", htmx=True).status_code == 200
            found[name] = len(queries)
        return found

    for _one in range(3):
        act(team.maria, ends="lost")
    asked()
    before = asked()
    for who in (team.maria, team.tomas, team.paul, team.amelie, team.haruka):
        act(who, ends="recovered")
    assert asked() == before
    assert max(before.values()) <= 75


@pytest.fixture
def kept_pictures(settings):
    settings.CACHES = settings.CACHES | {"pictures": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["pictures"].clear()
    yield caches["pictures"]
    caches["pictures"].clear()


def test_what_was_drawn_is_shown_again_until_somebody_does_something(team, kept_pictures):
    def asked(person, path="/insights/", **how):
        with CaptureQueriesContext(connection) as queries:
            said = text(ask(person, path, **how))
        return said, len(queries)

    with clock.standing_at(clock.now()):
        first, cost = asked(team.grace)
        again, cheap = asked(team.grace)
        assert again == first
        assert cheap <= cost - 20
        panel = "/insights/panels/used/"
        assert asked(team.grace, panel, htmx=True)[1] >= asked(team.grace, panel, htmx=True)[1] + 20
        act(team.maria)
        said, _cost = asked(team.grace)
        assert "7 of 7 incidents" in first
        assert "8 of 8 incidents" in said
        assert "8 within their own authority" in asked(team.grace, panel, htmx=True)[0]


def test_what_one_pair_of_eyes_was_shown_is_never_shown_to_others(team, kept_pictures):
    with clock.standing_at(clock.now()):
        for person, incidents in ((team.grace, 7), (team.gina, 0), (team.chen, 7), (team.maria, 7)):
            assert f"of {incidents} incidents" in text(ask(person, "/insights/"))
        give = "/insights/panels/cost/"
        assert ask(team.grace, give, htmx=True).content != ask(team.gina, give, htmx=True).content


def test_who_waits_is_said_to_who_may_answer_whatever_was_drawn_for_others(team, kept_pictures):
    act(team.maria, 300_000)
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        for person, told in ((team.maria, False), (team.grace, True), (team.maria, False)):
            assert ("Somebody waits for a yes" in text(ask(person, "/insights/"))) is told
        assert "Somebody waits for a yes" in text(ask(team.grace, "/insights/"))


def test_a_commit_ends_what_was_kept_even_before_its_event_has_a_position(team):
    from empower.audit.models import Position
    from empower.insights.queries.log_end import log_end

    ends = [log_end()]
    for _one in range(2):
        act(team.maria)
        ends.append(log_end())
    last = Position.objects.count()
    from empower.audit.services import sequence_waiting_events

    sequence_waiting_events()
    ends.append(log_end())
    assert Position.objects.count() > last
    assert len({*ends}) == 4


def test_drawings_lead_to_the_question_they_are_a_part_of_and_have_a_table(team):
    said = ask(team.chen, "/insights/panels/used/?period=90&gesture=refund", htmx=True).content.decode()
    assert "Use by week" in said
    link = re.search(r'<th scope="row"><a href="(/insights/\?period=days[^"]*)"', said)[1]
    assert "gesture=refund" in link
    assert ask(team.chen, link.replace("&amp;", "&")).status_code == 200
    assert "<script" not in said
    assert "style=" not in said
    shapes = re.findall(r"<a href=[^>]*>(?=<path)", said)
    assert shapes
    assert all('tabindex="-1"' in one for one in shapes)


def test_a_page_whose_drawings_fail_has_its_figures_and_their_tables_open(team, monkeypatch):
    caches["drawings"].clear()
    monkeypatch.setattr(rendering, "press", Press(["/bin/false"]))
    for path, how in (("", {}), ("panels/look/", {"htmx": True}), ("whole/", {})):
        answer = ask(team.chen, f"/insights/{path}?property=LAX", **how)
        said = answer.content.decode()
        assert answer.status_code == 200
        assert 'viewBox="0 0 264' not in said
        assert "<details open><summary>" in said
    assert "7 of 7 incidents" in text(ask(team.chen, "/insights/?property=LAX"))
    caches["drawings"].clear()


def test_a_funnel_shows_properties_to_who_oversees_them_and_teams_of_five_to_all(team):
    said = text(ask(team.chen, "/insights/panels/look/", htmx=True))
    assert "Use by property" in said
    for person in (team.grace, team.maria):
        said = text(ask(person, "/insights/panels/look/", htmx=True))
        assert "Use by property" not in said
        assert "Use by department" in said
    act(make.EmployeeFactory(property=team.lax, department=team.lax_dining))
    for person in (team.grace, team.chen):
        assert str(team.lax_dining) not in text(ask(person, "/insights/panels/look/", htmx=True))


def test_a_drawings_numbers_have_a_point_in_every_language(team):
    for language in ("es", "ar"):
        client = Client(headers={"accept-language": language, "hx-request": "true"})
        client.force_login(team.chen)
        for name in ("used", "look", "cost"):
            said = client.get(f"/insights/panels/{name}/").content.decode()
            assert not re.findall(r' (?:[xy][12]?|d|transform|viewBox)="[^"]*(?:[٠-٩٫]|NaN|undefined)[^"]*"', said)


@pytest.mark.long("postgresql")
def test_the_whole_page_is_a_pdf_too_where_that_is_installed(team):
    pytest.importorskip("weasyprint")
    answer = ask(team.grace, "/insights/dashboard.pdf?period=90")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert ask(team.grace, "/insights/dashboard.pdf?period=nothing").status_code == 404


@pytest.mark.parametrize(
    ("name", "out_of", "n", "said"),
    [
        ("use", 1, 1, "1 of 1 incident"),
        ("use", 2, 2, "1 of 2 incidents"),
        ("amount", None, 1, "1 act"),
        ("delights_per_employee_and_month", 1.5, 2, "1 in 1.5 months"),
    ],
)
def test_what_a_figure_is_out_of_is_in_the_singular_where_that_is_one(name, out_of, n, said):
    one = SimpleNamespace(
        name=name,
        hidden=False,
        value=1,
        numerator=1,
        denominator=out_of,
        n=n,
        unit="number",
        currency="",
        interval=None,
    )
    assert figure({}, one)["of"] == said
