"""What a list can be asked: every field it tells, in any order, by a text, for what has changed, for less of each row."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import get_resolver

from empower import clock
from empower.api_views import Lists
from empower.audit.models import AuditEvent
from empower.incidents.models import Category, Guest, Incident
from empower.ordering import Order
from empower.spending.models import Approval, Spend
from empower.staff.models import Employee
from empower.staff.services import create_department
from tests.api.conftest import Caller, fields
from tests.api.test_api_lists import LISTS, fill, walk

pytestmark = pytest.mark.django_db

#: What a list tells and can't be asked for, with the reason.
NOT_ASKED_FOR = {
    ("incidents", "guests"): "asked for by guest, by feelings, and by search",
    ("spends", "approval"): "has a list of its own; has_approval tells which have one",
    ("spends", "rest"): "a spend of its own in the same list; has_rest tells which have one",
    ("policies", "tiers"): "follow from the limit",
    ("journal-entries", "postings"): "asked for by account, department, employee and incident",
    ("journal-balances", "name"): "goes with the account's code; search finds it",
    ("journal-balances", "balance"): "a sum of what the other filters leave: it is ordered by, and read",
    ("audit-events", "body"): "its facts are columns of their own, and asked for by those",
    ("guests", "version"): "is updated_at, in the form that If-Match takes",
    ("employees", "name"): "search finds it; who asks for one person names their code",
    ("tokens", "scopes"): "few and one's own",
    ("tokens", "name"): "search finds it",
    ("audit-checkpoints", "note"): "search finds nothing in it; the size and the root name a checkpoint",
    ("audit-checkpoints", "public_key"): "is the note's",
    ("webhooks", "event_types"): "a list of its own; few and read whole",
    ("webhooks", "secret_version"): "counts the changes of a secret, and is nobody's question",
    ("webhooks", "old_secret_until"): "a day in the life of a secret",
    ("improvements", "aim"): "always there, and found by search",
    ("improvements", "before"): "reckoned for each answer from the incidents",
    ("improvements", "after"): "reckoned for each answer from the incidents",
    ("policy-trials", "variants"): "the rules that were tried: few trials, and read whole",
    ("policy-trials", "baseline"): "the answer, kept as it was told",
    ("policy-trials", "assumptions"): "the same of every trial",
    ("gestures", "cost_ratio"): "a setting of the catalogue, which is read whole",
}


def doors():
    """(name of the list, its address, its door) of every list of the API that stands for itself."""
    for pattern in get_resolver("ledger.api").url_patterns[0].url_patterns:
        door = getattr(pattern.callback, "cls", None)
        address = str(pattern.pattern).strip("^$")
        if door and issubclass(door, Lists) and pattern.callback.actions.get("get") == "list" and "(" not in address:
            yield address.strip("/").replace("/", "-"), address, door


def asked_by(user, door):
    """The door as it stands before a list is told to ``user``."""
    return door(action="list", request=SimpleNamespace(user=user, method="GET", query_params={}), kwargs={})


def reader(scene, address):
    """Who sees the most of a list."""
    return {"webhooks/": scene.admin, "tokens/": scene.maria}.get(address, scene.ada)


def test_every_field_of_every_list_can_be_asked_for_or_says_why_not():
    missing, seen = [], set()
    for name, _address, door in doors():
        asked = set(door.filterset_class.base_filters if door.filterset_class else {})
        view = door(action="list", request=None, format_kwarg=None)
        for field in view.get_serializer_class()().fields:
            seen.add((name, field))
            stem = field.removesuffix("_at").removesuffix("_on").removesuffix("_for")
            ranges = {f"{stem}_from", f"{stem}_min", f"{field}_from", f"{field}_min", f"has_{field}"}
            also = {"updated_at": {"updated_since"}, "state": {"is_living"}}.get(field, set())
            if not ({field} | ranges | also) & asked and (name, field) not in NOT_ASKED_FOR:
                missing.append(f"{name}: {field}")
    assert missing == []
    assert set(NOT_ASKED_FOR) <= seen


def test_a_list_that_can_be_asked_about_a_person_tells_them():
    from empower.staff.api_openness import TellsWhoWasLookedUp

    silent = [
        name
        for name, _address, door in doors()
        if door.filterset_class
        and any(getattr(one, "names_a_person", False) for one in door.filterset_class.base_filters.values())
        and not issubclass(door, TellsWhoWasLookedUp)
    ]
    assert silent == []


def test_every_filter_of_every_list_can_be_run(api):
    """With a value that it takes, whatever it finds: no filter names a column that is not there."""
    fill(api.scene, 1)
    for _name, path, door in doors():
        view = asked_by(reader(api.scene, path), door)
        rows = bare(view.get_queryset())
        for name, one in door.filterset_class.base_filters.items():
            query = {name: value_for(one, name, api.scene)}
            if type(one).__name__ == "AmountFilter":
                query["currency"] = "USD"
            asked = door.filterset_class(query, queryset=rows, request=view.request)
            faults = {field: [fault.code for fault in found] for field, found in asked.faults().items()}
            assert faults in ({}, {name: ["invalid_choice"]}), (path, query)  # a code that is not there
            if not faults:
                list(asked.qs.order_by("pk").values_list("pk")[:2])


def bare(rows):
    """Without what is read beside each row: here it is neither asked for nor told."""
    return rows.select_related(None).prefetch_related(None)


def value_for(one, name, scene):
    kind = type(one).__name__
    choices = one.extra.get("choices")
    if choices is not None:
        return str((getattr(choices, "values", None) or [choices[0][0]])[0])
    return {
        "IdFilter": "1,2", "YesNoFilter": "false", "HasFilter": "true", "MomentFilter": "2026-01-01T00:00:00Z",
        "DayFilter": "2026-01-01", "AmountFilter": "10.00", "CurrencyFilter": "USD", "WholeNumberFilter": "3",
        "EmployeeFilter": str(scene.maria.pk) if name == "id" else scene.maria.code,
        "CodeFilter": "LAX" if name == "property" else "front_desk",
    }.get(kind, "some text")  # fmt: skip


# --- ordering -------------------------------------------------------------------------------------------------------


@pytest.mark.long("postgresql")
def test_every_order_of_every_list_is_walked_both_ways(api):
    fill(api.scene, 3)
    for _name, path, door in doors():
        view = asked_by(reader(api.scene, path), door)
        rows, key = bare(view.get_queryset()), door.pagination_class.key
        rows = rows.balances() if key == "account_id" else rows
        for word in (f"{minus}{word}" for word in (key, *door.filterset_class.orderings) for minus in ("", "-")):
            order = Order.of(word, model=rows.model, orderings=door.filterset_class.orderings, key=key)
            whole = list(order.applied(rows))
            size = max(2, len(whole) // 3)
            assert walked(order, rows, size) == whole, (path, word)
            if whole:
                end = order.position_of(whole[-1])
                assert walked(order, rows, size, end, backwards=True) == whole[-2::-1], (path, word)
            there = [value for value in (order.columns[0].value_of(row) for row in whole) if value is not None]
            if order.columns[0].kind is not str:  # how texts are ordered is the database's affair
                assert there == sorted(there, reverse=order.descending), (path, word)
            # What is empty comes last, either way.
            assert all(order.columns[0].value_of(row) is None for row in whole[len(there) :]), (path, word)


def walked(order, rows, size, position=None, *, backwards=False):
    """The rows page by page, by positions that have travelled."""
    found = []
    while True:
        if position is None:
            page = list(order.applied(rows)[:size])
        else:
            values = order.read_position(json.loads(json.dumps(position)))
            page = list(order.from_position(rows, values, backwards=backwards)[:size])
        if not page:
            return found
        found += page
        position = order.position_of(page[-1])


#: Ties and empty values on both engines: they differ in what comes last.
WORDS = [
    "-severity", "resolved_at",
    *(pytest.param(word, marks=pytest.mark.long("postgresql")) for word in ("severity", "-resolved_at")),
    *(pytest.param(word, marks=pytest.mark.long) for word in ("occurred_at", "-updated_at")),
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_nothing_is_skipped_or_repeated_while_rows_are_added_in_any_order(api, word):
    """Ties, empty values, and rows that come before and after where one stands; there and back."""
    there = [api.log(severity=1 + number % 3)["id"] for number in range(7)]
    for incident in there[::3]:
        api.maria.post(f"incidents/{incident}/resolve/", {"outcome": "recovered"})
    before = [row["id"] for row in walk(api.maria, "incidents/", ordering=word, page_size=200)]
    page = api.maria.get("incidents/", ordering=word, page_size=2).json()
    seen, severity = [row["id"] for row in page["results"]], 0
    while page["next"]:
        severity = severity % 5 + 1
        new = api.log(severity=severity)["id"]
        if severity == 2:
            api.maria.post(f"incidents/{new}/resolve/", {"outcome": "recovered"})
        page = api.maria.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert [one for one in seen if one in there] == before
    assert len(seen) == len(set(seen))
    back = [row["id"] for row in page["results"]]
    while page["previous"]:
        page = api.maria.get(page["previous"]).json()
        back = [row["id"] for row in page["results"]] + back
    assert [one for one in back if one in there] == before
    assert len(back) == len(set(back))


def test_amounts_are_ordered_within_their_currency(api):
    dear, cheap = api.give(api.log(), "700.00").json(), api.give(api.log(), "5.00").json()
    haruka = Caller(api.scene.haruka)
    there = haruka.post("incidents/", {"property": "KYO", "guests": [{"name": "Sato"}]}).json()
    yen = api.give(there, "900", caller=haruka, currency="JPY").json()
    rows = [row["id"] for row in walk(api.chen, "spends/", ordering="amount")]
    assert rows == [yen["id"], cheap["id"], dear["id"]]


def test_an_order_that_is_not_known_is_an_error_that_names_those_that_are(api):
    answer = api.maria.get("guests/", ordering="name")
    assert fields(answer) == {"ordering": ["invalid_choice"]}
    assert "recorded_at" in answer.json()["detail"]


def test_a_cursor_of_another_order_is_refused(api):
    for _ in range(3):
        api.log()
    there = api.maria.get("incidents/", ordering="severity", page_size=1).json()["next"]
    assert fields(api.maria.get(there.replace("ordering=severity", "ordering=-severity"))) == {
        "cursor": ["invalid_cursor"]
    }
    assert fields(api.maria.get(there.replace("ordering=severity", "ordering=id"))) == {"cursor": ["invalid_cursor"]}


def test_no_name_of_a_guest_gets_into_a_cursor(api):
    from base64 import urlsafe_b64decode

    for _ in range(3):
        api.log()
    for word in ("arrival", "recorded_at", "updated_at"):
        cursor = api.maria.get("guests/", ordering=word, page_size=1).json()["next"].split("cursor=")[1].split("&")[0]
        assert b"Haddad" not in urlsafe_b64decode(cursor + "===")


# --- several values, ranges, what there is not ----------------------------------------------------------------------


def ids(caller, path, **query):
    answer = caller.get(path, **query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_several_values_go_by_commas_and_a_code_may_hold_one(api):
    first, second = api.log(department="front_desk"), api.log(department="dining")
    third = api.log()
    assert ids(api.omar, "incidents/", department="front_desk,dining") == [second["id"], first["id"]]
    assert ids(api.omar, "incidents/", id=f"{first['id']},{third['id']}") == [third["id"], first["id"]]
    assert ids(api.omar, "incidents/", has_department="false") == [third["id"]]
    assert fields(api.omar.get("incidents/", department="front_desk,spa")) == {"department": ["invalid_choice"]}
    create_department(actor=None, property=api.scene.lax, code="bar,lobby", name="Bar and lobby")
    fourth = api.log(department="bar,lobby")
    assert ids(api.omar, "incidents/", department="bar,lobby") == [fourth["id"]]


def test_ranges_have_their_ends(api):
    low, high = api.log(severity=2, feeling_before=1), api.log(severity=4, feeling_before=8)
    assert ids(api.omar, "incidents/", severity_min="2", severity_max="3") == [low["id"]]
    assert ids(api.omar, "incidents/", feeling_before_min="8") == [high["id"]]
    assert ids(api.omar, "incidents/", feeling_before_max="7") == [low["id"]]
    spend = api.give(low, "10.00", cost="4.00").json()
    assert ids(api.omar, "spends/", cost_min="4.00", cost_max="4.00", currency="USD") == [spend["id"]]
    assert ids(api.omar, "spends/", cost_min="4.01", currency="USD") == []
    assert fields(api.omar.get("spends/", cost_min="4.01", amount_max="x", currency="USD,EUR")) == {
        "cost_min": ["currency_required"], "amount_max": ["currency_required"],
    }  # fmt: skip


def test_the_largest_number_finds_nothing_and_breaks_nothing(api):
    incident = api.log(feeling_before=3)
    largest = str(2**63 - 1)
    for name in ("severity_min", "version", "feeling_before_min", "id", "guest"):
        assert ids(api.omar, "incidents/", **{name: largest}) == [], name
    assert ids(api.omar, "incidents/", severity_max=largest) == [incident["id"]]
    for query in ({"occurred_from": "0001-01-01"}, {"occurred_to": "9999-12-31"}, {"updated_since": "9999-12-31"}):
        assert api.omar.get("incidents/", **query).status_code in (200, 400)
    assert api.omar.get("guests/", arrival_from="0001-01-01", in_house_on="9999-12-31").status_code == 200


# --- search ---------------------------------------------------------------------------------------------------------


def test_search_looks_in_texts_codes_and_guests_and_only_where_one_may_see(api):
    first = api.log(narrative="The ÉLEVATOR stood still", guests=[{"name": "Dr O'Hara_%", "room": "77A"}])
    second = api.log(narrative="Soup was cold")
    assert ids(api.maria, "incidents/", search="élevator") == [first["id"]]
    assert ids(api.maria, "incidents/", search="o'hara_%") == [first["id"]]
    assert ids(api.maria, "incidents/", search="77a") == [first["id"]]
    assert ids(api.maria, "incidents/", search="SOUP") == [second["id"]]
    assert ids(api.maria, "incidents/", search="_%") == [first["id"]]
    assert ids(api.paul, "incidents/", search="soup") == []
    spend = api.give(first, "5.00", note="A cab home").json()
    assert ids(api.maria, "spends/", search="CAB") == [spend["id"]]
    assert ids(api.maria, "spends/", search="o'hara") == [spend["id"]]
    assert ids(api.tomas, "spends/", search="cab") == []
    assert ids(api.omar, "gestures/", search="handwritten") != []
    assert fields(api.maria.get("incidents/", search="x" * 201)) == {"search": ["max_length"]}
    # Who asks for a colleague names them, and they are told: no search finds acts by who did them.
    assert ids(api.omar, "spends/", search=api.scene.maria.name) == []


def test_a_search_that_leaves_one_person_is_told_to_them(api):
    def told():
        return AuditEvent.objects.filter(verb="employee.viewed", about_id=api.scene.tomas.pk).count()

    before = told()
    assert len(ids(api.omar, "employees/", search=api.scene.tomas.code)) == 1
    assert told() == before + 1
    ids(api.omar, "employees/", search="a")
    assert told() == before + 1


# --- what has changed -----------------------------------------------------------------------------------------------


def test_updated_since_finds_what_was_changed_and_nothing_else(api):
    early = clock.now()
    first, second = api.log(), api.log()
    spend = api.give(first, "2500.00").json()
    late = clock.now() + timedelta(hours=1)

    def since(path, caller=api.omar, **query):
        return ids(caller, path, updated_since=late.isoformat(), **query)

    assert set(ids(api.omar, "incidents/", updated_since=early.isoformat())) == {first["id"], second["id"]}
    for path in ("incidents/", "spends/", "approvals/", "guests/"):
        assert since(path) == [], path
    with clock.standing_at(late + timedelta(minutes=1)):
        answer = api.omar.post(f"approvals/{spend['approval']['id']}/decline/", {"reason": "Too much"})
        assert answer.status_code == 200, answer.content
    assert since("approvals/") == [spend["approval"]["id"]]
    assert since("spends/") == [spend["id"]]
    assert since("incidents/") == []
    row = api.omar.get(f"spends/{spend['id']}/").json()
    assert row["updated_at"].startswith((late + timedelta(minutes=1)).isoformat()[:16])


def test_an_erased_guest_is_a_change_of_all_that_was_told_of_them(api):
    incident = api.log(narrative="Dr Haddad fell")
    api.give(incident, "25.00", note="For Dr Haddad", ask=True)
    api.maria.post(f"incidents/{incident['id']}/resolve/", {"outcome": "recovered"})
    assert api.maria.post(f"incidents/{incident['id']}/follow-ups/", {"note": "He is well"}).status_code == 201
    late = clock.now() + timedelta(hours=1)
    lists = ("incidents/", "spends/", "approvals/", "guests/", f"incidents/{incident['id']}/follow-ups/")
    for path in lists:
        assert ids(api.grace, path, updated_since=late.isoformat()) == [], path
    with clock.standing_at(late + timedelta(minutes=1)):
        assert api.grace.post(f"guests/{incident['guests'][0]['id']}/erase/").status_code == 200
    for path in lists:
        assert len(ids(api.grace, path, updated_since=late.isoformat())) == 1, path


def test_every_change_is_stamped_by_the_houses_own_clock(scene):
    moment = clock.now() + timedelta(days=3)
    with clock.standing_at(moment):
        made = create_department(actor=None, property=scene.lax, code="spa", name="Spa")
    assert made.updated_at == moment
    for model in (Incident, Spend, Approval, Guest, Employee, Category):
        assert type(model._meta.get_field("updated_at")).__name__ == "ChangedAt"


# --- less -----------------------------------------------------------------------------------------------------------


def test_fields_leaves_only_those_members_in_their_order(api):
    incident = api.log(severity=4)
    spend = api.give(incident, "10.00").json()
    (row,) = api.maria.get("incidents/", fields="severity,id,guests.room,guests.id").json()["results"]
    assert list(row.items()) == [
        ("severity", 4), ("id", incident["id"]), ("guests", [{"room": "1204", "id": incident["guests"][0]["id"]}]),
    ]  # fmt: skip
    answer = api.maria.get(f"incidents/{incident['id']}/", fields="status")
    assert answer.json() == {"status": "open"}
    assert answer["ETag"] == f'"{incident["version"]}"'
    row = api.maria.get(f"spends/{spend['id']}/", fields="policy.code,authority.remaining,approval.status").json()
    assert row["authority"] == {"remaining": "1990.00"}
    assert row["approval"] is None
    (row,) = api.maria.get("spends/", fields="policy,policy.code").json()["results"]
    assert set(row["policy"]) == {"id", "code", "version"}
    (row,) = api.maria.get("spends/", fields="policy.code,policy").json()["results"]
    assert set(row["policy"]) == {"id", "code", "version"}
    assert api.omar.get(f"employees/{api.scene.maria.pk}/", fields="code").json() == {"code": api.scene.maria.code}


@pytest.mark.parametrize(
    "asked", ["colour", "id,colour", "", "id,", "guests.colour", "severity.x", "guests.", ".", "__class__"]
)
def test_a_member_that_is_not_there_is_an_error_that_names_those_that_are(api, asked):
    incident = api.log()
    for path in ("incidents/", f"incidents/{incident['id']}/"):
        answer = api.maria.get(path, fields=asked)
        assert fields(answer) == {"fields": ["unknown_field"]}
    assert fields(api.maria.get(f"incidents/{incident['id']}/", colour="red")) == {"colour": ["unknown_filter"]}


def test_all_lists_are_known_to_these_tests():
    assert {address for _name, address, _door in doors()} >= set(LISTS)
