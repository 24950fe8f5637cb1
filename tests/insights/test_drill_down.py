"""What a figure of the dashboard leads to: a list that holds exactly the incidents it was counted from."""

import html
import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from empower import clock
from empower.incidents.services import log_incident
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.spending.models import Gesture
from empower.spending.services import (
    approve_spend,
    decline_spend,
    give_spend,
    hand_over_spend,
    resolve_incident,
    void_incident,
)
from tests import factories as make
from tests.api.conftest import Caller
from tests.insights.history import A_PAST

pytestmark = pytest.mark.django_db

EVERYTHING = "/insights/?period=days&from=2026-09-01&to=2026-12-31"


def page(person, path):
    client = Client()
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer


def listed(person, address):
    """How many incidents the list at this address has, all its pages together."""
    return page(person, html.unescape(address)).context["page"].paginator.count


def leads_to(answer, label):
    """The address behind the figure of this name; None where it is a plain number."""
    figure = re.search(rf"<dt>{label}(?: <span[^>]*>[A-Z]*</span>)?</dt><dd>(.*?)</dd>", answer.content.decode())
    link = re.search(r'<a class="fig-value" href="([^"]+)"', figure[1])
    return link and link[1]


def look(answer, title):
    """The address of the rows of a thing to look at; None where it has none."""
    item = re.search(rf'<li class="look"><h3>{title}</h3>(.*?)</li>', answer.content.decode())
    link = re.search(r'href="([^"]+)"', item[1])
    return link and link[1]


def mark(answer, name, part):
    """The address of a mark of a drawing, which stands in the table behind it too."""
    found = re.findall(rf'href="(/insights/rows/{name}/\?[^"]*part={part})"', answer.content.decode())
    assert len(found) >= 2, (name, part)
    return found[0]


def give(who, incident, amount, **more):
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=amount, currency=who.property.currency, **more,
    )  # fmt: skip


def log(who, **more):
    more = {"department": who.department} | more
    return log_incident(actor=who, property=who.property, guests=[{"name": "Somebody"}], **more)


ASKED = [
    ("chen", ""), ("chen", "&property=LAX"), ("chen", "&category=room"), ("chen", "&property=LAX&department=dining"),
    ("chen", "&kind=recovery"), ("grace", ""), ("gina", "&category=room_noise"),
]  # fmt: skip


@pytest.mark.long("postgresql")
def test_every_list_holds_as_many_rows_as_its_figure_is_out_of(cast, live, monkeypatch):
    monkeypatch.setattr("empower.incidents.views.A_PAGE", 1)  # it is counted here, not read
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        for who, narrowed in ASKED if os.environ.get("TEST_LONG") else ASKED[::5]:
            counted, expected = of_figures(getattr(cast, who), narrowed)
            assert counted == expected, (who, narrowed)


def of_figures(person, narrowed):
    """``(rows of the list, rows that the figure says)``, both by the name of the figure."""
    answer = page(person, EVERYTHING + narrowed)
    found = answer.context["found"]
    known = found.outcomes.figure("recovery_rate").denominator
    unknown = found.outcomes.figure("unknown")
    expected = {
        "Recovery incidents": found.usage.figure("recovery_incidents").value,
        "Delights": found.usage.figure("delight_incidents").value,
        "Use": found.usage.figure("use").numerator,
        "Use that cost money": found.usage.figure("use_at_a_cost").numerator,
        "Acts": found.usage.figure("acts").value,
        "Recurrence": found.causes.figure("recurrence").numerator,
        "By own acts alone": found.authority.figure("autonomy").numerator,
        "Asks not needed": found.authority.figure("needless_asks").numerator,
        "Time to yes, own act": found.timing.figure("time_to_yes_own_p50").numerator,
        "Time to yes, asked": found.timing.figure("time_to_yes_asked_p50").numerator,
        "Recovery rate": known,
        "End not known": unknown.numerator,
    }
    linked = {label: leads_to(answer, label) for label in expected}
    assert linked["Recovery incidents"]
    counted = {label: listed(person, address) for label, address in linked.items() if address}
    expected = {label: expected[label] for label in counted}
    for place, number in enumerate(found.limit_use.bins):
        if number:
            expected["limit", place] = number
            counted["limit", place] = listed(person, mark(answer, "limit_use", place))
    for name, minutes in ((name, minutes) for name in ("own", "asked") for minutes in (5, 60)):
        ended, _of = found.waits[name].within(60 * minutes) if name in found.waits else (0, 0)
        if ended:
            expected[name, minutes] = ended
            counted[name, minutes] = listed(person, mark(answer, f"yes_{name}", minutes))
    if unknown.numerator:
        counted["look"], expected["look"] = listed(person, look(answer, "Ends that nobody knows")), unknown.numerator
    return counted, expected


@pytest.mark.long("postgresql")
def test_the_list_of_a_quiet_team_is_that_teams_alone_with_void_ones_out(scene):
    for _one in range(5):
        make.EmployeeFactory(property=scene.lax, department=scene.lax_dining)
    for _one in range(6):
        log(scene.maria, department=scene.lax_dining)
    log(scene.maria, department=scene.lax_dining, kind="delight")
    void_incident(actor=scene.grace, incident=log(scene.maria, department=scene.lax_dining), reason="Logged twice.")
    log(scene.maria, department=scene.lax_desk)
    log(scene.paul)
    # Where somebody acts, of however few incidents, the team is not asked about.
    for _one in range(5):
        make.EmployeeFactory(property=scene.lax, department=scene.lax_desk)
        give(scene.maria, log(scene.maria), 100)
    team = f"<bdi>{scene.lax_dining.name}</bdi>"
    for person, name in ((scene.grace, team), (scene.chen, rf"{team} · \w+")):
        assert listed(person, look(page(person, "/insights/"), name)) == 6
        # How many there are is a figure, and the API tells which.
        whole = page(person, "/insights/whole/").content.decode()
        assert "1 of 2 teams of five people or more with five recovery incidents or more" in whole
        told = Caller(person).get("reports/health/", group_by="property,department").json()
        assert told["figures"]["quiet_teams"]["value"] == 0.5
        of_teams = {
            one["department"]: one["figures"]["quiet_teams"]["value"] for one in told["groups"] if one["department"]
        }
        assert of_teams["dining"] == 1.0
    assert Caller(scene.chen).get("reports/health/", property="NYC").json()["figures"]["quiet_teams"]["value"] is None


def test_an_end_that_nobody_wrote_down_is_in_the_list_of_unknown_ones_and_in_no_other(scene):
    for outcome in ("unknown", "recovered", "lost", "delighted"):
        resolve_incident(actor=scene.maria, incident=log(scene.maria), outcome=outcome)
    never_said = log(scene.maria)
    resolve_incident(actor=scene.maria, incident=never_said, outcome="unknown")
    type(never_said).objects.filter(pk=never_said.pk).update(outcome="")
    log(scene.maria)
    answer = page(scene.grace, "/insights/")
    assert listed(scene.grace, leads_to(answer, "End not known")) == 2
    assert listed(scene.grace, leads_to(answer, "Recovery rate")) == 3
    assert listed(scene.grace, "/incidents/?outcome=lost") == 1


def test_an_edge_of_the_period_is_each_propertys_own_midnight_on_both_pages(scene):
    # 23:30 in Los Angeles on the 9th and on the 10th; 00:30 in Kyoto on the 10th and on the 11th.
    with clock.standing_at(datetime(2026, 11, 20, tzinfo=UTC)):
        for moment in (datetime(2026, 11, 10, 7, 30, tzinfo=UTC), datetime(2026, 11, 11, 7, 30, tzinfo=UTC)):
            log(scene.maria, occurred_at=moment, reported_at=moment)
        for moment in (datetime(2026, 11, 9, 15, 30, tzinfo=UTC), datetime(2026, 11, 10, 15, 30, tzinfo=UTC)):
            log(scene.haruka, kind="delight", occurred_at=moment, reported_at=moment)
        answer = page(scene.chen, "/insights/?period=days&from=2026-11-10&to=2026-11-10")
        for name, label in (("recovery_incidents", "Recovery incidents"), ("delight_incidents", "Delights")):
            assert answer.context["found"].usage.figure(name).value == 1
            assert listed(scene.chen, leads_to(answer, label)) == 1


@pytest.mark.long("postgresql")
def test_what_no_list_can_ask_has_no_link(cast, live):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        answer = page(cast.chen, EVERYTHING)
        for label in ("Feeling", "Cost per recovery"):
            assert leads_to(answer, label) is None, label
        by_gesture = page(cast.chen, EVERYTHING + "&gesture=refund")
        for label in ("Recovery incidents", "Delights", "Recovery rate", "End not known"):
            assert leads_to(by_gesture, label) is None, label
        assert listed(cast.chen, leads_to(by_gesture, "Acts")) == by_gesture.context["found"].usage.figure("acts").value
        delights = page(cast.chen, EVERYTHING + "&kind=delight")
        assert leads_to(delights, "Recovery incidents") is None
        assert leads_to(delights, "Delights")
        # Single acts are read by who answers for the house; the others are led to the incidents.
        hers = page(cast.maria, EVERYTHING)
        assert "/insights/rows/" not in hers.content.decode()
        assert leads_to(hers, "Use").startswith("/incidents/?")


@pytest.mark.long("postgresql")
def test_a_figures_rows_and_the_others_are_all_that_it_is_out_of(cast, live):
    past = live(**A_PAST)
    with clock.standing_at(past.now):
        found = page(cast.grace, EVERYTHING).context["found"]
        for name, one in (
            ("use", found.usage.figure("use")), ("use_at_a_cost", found.usage.figure("use_at_a_cost")),
            ("recurrence", found.causes.figure("recurrence")), ("autonomy", found.authority.figure("autonomy")),
            ("needless_asks", found.authority.figure("needless_asks")),
        ):  # fmt: skip
            asked = EVERYTHING.replace("/insights/", f"/insights/rows/{name}/")
            here, beside = listed(cast.grace, asked), listed(cast.grace, f"{asked}&those=others")
            assert (here, here + beside) == (one.numerator, one.denominator), name
        for one in found.usage.in_each_currency("cost"):
            asked = EVERYTHING.replace("/insights/", "/insights/rows/acts/") + f"&amp;currency={one.currency}"
            assert listed(cast.grace, asked) == one.n
        waits, asked = found.waits["asked"], EVERYTHING.replace("/insights/", "/insights/rows/yes_asked/")
        told = [listed(cast.grace, asked), listed(cast.grace, f"{asked}&those=others")]
        assert told == [waits.yeses, waits.waiting]
        for name in ("requests", "answered", "approved", "declined", "open", "verbal", "denied"):
            asked = EVERYTHING.replace("/insights/", f"/insights/rows/{name}/")
            assert listed(cast.grace, asked) == found.authority.figure(name).value, name


@pytest.mark.long("postgresql")
def test_the_figures_of_health_lead_to_their_rows(scene):
    """A lost guest after a no, promises, sums in parts: each to as many rows as it says, and to nobody's name."""
    now = clock.now()
    with clock.standing_at(now - timedelta(hours=5)):
        for outcome in ("lost", "recovered", "unknown"):
            asked = give(scene.maria, log(scene.maria), 300_000)
            decline_spend(actor=scene.omar, approval=asked.approval, reason="Not this time.")
            resolve_incident(actor=scene.maria, incident=asked.incident, outcome=outcome)
        cut = give(scene.maria, log(scene.maria), 300_000)
        approve_spend(actor=scene.omar, approval=cut.approval, amount=100_000, reason="Less.")
        resolve_incident(actor=scene.maria, incident=cut.incident, outcome="lost")
        for number in range(3):
            promised = give(scene.maria, log(scene.maria), 100, promised_for=now - timedelta(hours=4))
            if not number:
                hand_over_spend(actor=scene.maria, spend=promised)
        # 1,990.00 of 2,000.00 in two parts; and 2,100.00 by two people, none of whom passed their own.
        one, two = log(scene.maria), log(scene.maria)
        for amount in (99_500, 99_500):
            give(scene.maria, one, amount)
        give(scene.maria, two, 150_000)
        give(scene.tomas, two, 60_000)
    client = Client()
    client.force_login(scene.grace)
    health = report("health", Selection(scene.grace, Period(None, None)))
    kept = report("outcomes", Selection(scene.grace, Period(None, None))).figure("promises_kept")
    for name, one, numbers in (
        ("decline_regret", health.figure("decline_regret"), (2, 3)),
        ("promises_kept", kept, (1, 3)),
        ("limit_reached_in_parts", health.figure("limit_reached_in_parts"), (1, None)),
        ("in_parts_above_the_limit_incident", health.figure("in_parts_above_the_limit_incident"), (1, None)),
        ("in_parts_above_the_limit_guest_day", health.figure("in_parts_above_the_limit_guest_day"), (1, None)),
    ):
        address = f"/insights/rows/{name}/?period=all"
        assert one.numerator == numbers[0] == listed(scene.grace, address), name
        panels = "".join(page(scene.grace, "/insights/whole/?period=all").content.decode().split("&amp;"))
        assert f"/insights/rows/{name}/?period=all" in panels, name
        words = client.get(address).content.decode()
        assert scene.maria.name not in words
        assert ("Each row is the first gift of a sum." in words) == ("parts" in name)
        if numbers[1]:
            assert one.denominator == numbers[1] == numbers[0] + listed(scene.grace, f"{address}&those=others"), name
        else:
            assert client.get(f"{address}&those=others").status_code == 404
    client.force_login(scene.maria)
    assert client.get("/insights/rows/decline_regret/").status_code == 403


def test_rows_are_read_by_who_answers_for_the_house_and_of_it_alone(scene):
    log(scene.maria)
    client = Client()
    for person, path, status in (
        (scene.maria, "use/", 403), (scene.admin, "use/", 403), (scene.omar, "use/", 200), (scene.ada, "acts/", 200),
        (scene.omar, "shoe_size/", 404), (scene.omar, "limit_use/?part=20", 404), (scene.omar, "limit_use/?part=x", 404),
        (scene.omar, "acts/?those=others", 404), (scene.omar, "use/?from=never", 404), (scene.omar, "use/?property=NYC", 404),
        (scene.omar, "acts/?currency=USD", 200), (scene.omar, "acts/?currency=EUR", 404),
    ):  # fmt: skip
        client.force_login(person)
        assert client.get(f"/insights/rows/{path}").status_code == status, (person.username, path)
    client.force_login(scene.gina)
    assert client.get("/insights/rows/use/?those=others").context["page"].paginator.count == 0
    client.force_login(scene.omar)
    answer = client.get("/insights/rows/use/?those=others")
    assert answer.context["page"].paginator.count == 1
    assert scene.maria.name not in answer.content.decode()
