"""The main flow by the API alone: what happened, what I gave, the yes above the limit, how it ended."""

import pytest

from tests.api.conftest import fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


def test_the_first_minute(api):
    incident = api.log(
        department="front_desk", category=None, touchpoint="front_desk", severity=3, narrative="  The key failed.\n"
    )
    assert incident["narrative"] == "  The key failed.\n"
    assert incident["owner"] == api.scene.maria.code
    [guest] = incident["guests"]
    assert set(guest) == {
        "id", "name", "room", "arrival", "departure", "feeling_before", "feeling_after", "outcome",
    }  # fmt: skip
    answer = api.give(incident, "150.00", note=" dinner ")
    assert answer.status_code == 201
    spend = answer.json()
    assert (spend["status"], spend["amount"], spend["currency"], spend["approval"], spend["rest"]) == (
        "posted", "150.00", "USD", None, None,
    )  # fmt: skip
    assert spend["note"] == " dinner "
    assert isinstance(spend["id"], str)
    assert {name: spend["authority"][name] for name in ("limit", "own", "remaining", "currency", "scope")} == {
        "limit": "2000.00", "own": "150.00", "remaining": "1850.00", "currency": "USD", "scope": "incident",
    }  # fmt: skip
    assert spend["authority"]["tiers"] == [
        {"role": "manager", "up_to": "5000.00"},
        {"role": "general_manager", "up_to": "25000.00"},
        {"role": "leader", "up_to": None},
    ]
    assert answer["Location"].endswith(f"/api/v1/spends/{spend['id']}/")
    assert api.maria.get(f"spends/{spend['id']}/").json() == spend
    left = api.maria.get(f"incidents/{incident['id']}/authority/", guest=guest["id"])
    assert left.json() == spend["authority"]
    done = api.maria.post(f"incidents/{incident['id']}/resolve/", {"outcome": "delighted", "feeling_after": 9})
    assert done.status_code == 200
    assert (done.json()["status"], done.json()["outcome"], done.json()["guests"][0]["feeling_after"]) == (
        "resolved", "delighted", 9,
    )  # fmt: skip


def test_above_the_limit_it_waits_and_a_manager_says_yes_with_less(api):
    incident = api.log()
    spend = api.give(incident, "3000.00", reason="The suite").json()
    assert spend["status"] == "pending"
    assert spend["approval"]["tier"] == "manager"
    assert spend["authority"]["remaining"] == "2000.00"
    assert spend["authority"]["waiting"] == "3000.00"
    waits = api.maria.post(f"incidents/{incident['id']}/resolve/", {"outcome": "recovered"})
    assert (waits.status_code, waits.json()["code"]) == (409, "spend_waiting")
    queue = api.omar.get("approvals/", status="open").json()["results"]
    assert [(one["id"], one["amount"], one["total"]) for one in queue] == [
        (spend["approval"]["id"], "3000.00", "3000.00")
    ]
    path = f"approvals/{spend['approval']['id']}"
    no_reason = api.omar.post(f"{path}/approve/", {"amount": "2500.00"})
    assert (no_reason.status_code, fields(no_reason)) == (400, {"reason": ["required"]})
    yes = api.omar.post(f"{path}/approve/", {"reason": "At the house rate", "amount": "2500.00", "version": 1})
    assert yes.status_code == 200, yes.content
    assert (yes.json()["status"], yes.json()["decided_amount"], yes.json()["asked_amount"]) == (
        "approved", "2500.00", "3000.00",
    )  # fmt: skip
    late = api.grace.post(f"{path}/decline/", {"reason": "No"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert late.json()["state"]["status"] == "approved"
    assert late.json()["state"]["total"] == "3000.00"
    assert isinstance(late.json()["state"]["approval"], str)
    after = api.maria.get(f"spends/{spend['id']}/").json()
    assert (after["status"], after["amount"], after["asked_amount"]) == ("posted", "2500.00", "3000.00")
    assert after["authority"]["approved"] == "2500.00"


def test_a_question_stops_the_clock_and_is_replied_to(api):
    spend = api.give(api.log(), "2500").json()
    path = f"approvals/{spend['approval']['id']}"
    asked = api.omar.post(f"{path}/ask/", {"reason": "Which room?"})
    assert (asked.status_code, asked.json()["question"]) == (200, "Which room?")
    not_hers = api.omar.post(f"{path}/reply/", {"reply": "1204"})
    assert not_hers.status_code == 403
    replied = api.maria.post(f"{path}/reply/", {"reply": "1204"})
    assert (replied.status_code, replied.json()["reply"]) == (200, "1204")
    own = api.maria.post(f"{path}/approve/", {"reason": "Me"})
    assert (own.status_code, own.json()["code"]) == (403, "own_spend")
    stale = api.omar.post(f"{path}/approve/", {"reason": "Yes", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["state"]["version"] == replied.json()["version"]


def test_give_what_i_may_now_and_ask_for_the_rest(api):
    incident = api.log()
    spend = api.give(incident, "2300.00", split=True).json()
    assert (spend["status"], spend["amount"]) == ("posted", "2000.00")
    assert (spend["rest"]["status"], spend["rest"]["amount"]) == ("pending", "300.00")
    assert spend["rest"]["approval"]["status"] == "open"
    assert spend["rest"]["split_from"] == spend["id"]
    assert spend["authority"]["remaining"] == "0.00"
    back = api.maria.post(f"spends/{spend['rest']['id']}/withdraw/")
    assert (back.status_code, back.json()["status"]) == (200, "withdrawn")


def test_asking_though_one_need_not_is_answered(api):
    spend = api.give(api.log(), "20", ask=True).json()
    assert (spend["status"], spend["approval"]["status"]) == ("posted", "answered")


def test_a_verbal_yes_is_confirmed_by_the_person_named(api):
    spend = api.give(api.log(), "2100.00", verbal_approval_by=api.scene.omar.code).json()
    assert (spend["status"], spend["approval"]["status"]) == ("posted", "to_confirm")
    path = f"approvals/{spend['approval']['id']}"
    assert api.grace.post(f"{path}/confirm/", {"reason": "Not mine"}).status_code == 403
    assert api.omar.post(f"{path}/deny/", {"reason": "I said no such thing"}).json()["status"] == "denied"
    assert api.maria.get(f"spends/{spend['id']}/").json()["status"] == "posted"


def test_reverse_in_part_then_hand_over(api):
    spend = api.give(api.log(), "100.00").json()
    part = api.maria.post(f"spends/{spend['id']}/reverse/", {"reason": "Half came back", "amount": "40.00"})
    assert (part.json()["status"], part.json()["reversed_amount"]) == ("posted", "40.00")
    assert part.json()["authority"]["own"] == "60.00"
    given = api.maria.post(f"spends/{spend['id']}/given/")
    assert given.json()["given_at"].endswith("Z")
    again = api.maria.post(f"spends/{spend['id']}/given/")
    assert (again.status_code, again.json()["code"]) == (409, "already_given")


def test_a_colleague_hands_over_what_another_promised_but_does_not_read_it(api):
    spend = api.give(api.log(), "10.00").json()
    assert api.tomas.get(f"spends/{spend['id']}/").status_code == 404
    assert api.tomas.post(f"spends/{spend['id']}/given/").status_code == 200
    assert api.paul.post(f"spends/{spend['id']}/given/").status_code == 404


def test_reopen_follow_up_similar_and_void(api):
    incident = api.log()
    api.give(incident, "10.00")
    path = f"incidents/{incident['id']}"
    early = api.maria.post(f"{path}/follow-ups/", {"note": "Called"})
    assert (early.status_code, early.json()["code"]) == (409, "not_resolved")
    api.maria.post(f"{path}/resolve/", {"guests": [{"id": incident["guests"][0]["id"], "outcome": "recovered"}]})
    called = api.maria.post(f"{path}/follow-ups/", {"note": "Called", "channel": "phone"})
    assert (called.status_code, called.json()["channel"]) == (201, "phone")
    assert [one["note"] for one in api.maria.get(f"{path}/follow-ups/").json()["results"]] == ["Called"]
    another = api.log()
    [case] = api.maria.get(f"incidents/{another['id']}/similar/").json()["results"]
    assert (case["id"], case["gestures"], case["amount"], case["outcome"]) == (
        incident["id"], ["meal"], "10.00", "recovered",
    )  # fmt: skip
    assert api.maria.post(f"{path}/reopen/", {"reason": "Again"}).json()["status"] == "open"
    stands = api.omar.post(f"{path}/void/", {"reason": "Twice"})
    assert (stands.status_code, stands.json()["code"]) == (409, "spend_stands")
    assert api.omar.post(f"incidents/{another['id']}/void/", {"reason": "Twice"}).json()["status"] == "void"


def test_the_books_are_read_as_of_a_moment(api):
    incident = api.log()
    spend = api.give(incident, "100.00").json()
    entries = api.omar.get("journal/entries/", spend=spend["id"]).json()["results"]
    assert [entry["kind"] for entry in entries] == ["spend"]
    assert sum(float(leg["amount"]) for leg in entries[0]["postings"]) == 0
    balances = {row["account"]: row["balance"] for row in api.omar.get("journal/balances/").json()["results"]}
    assert balances["expenses:recovery:meal"] == entries[0]["postings"][0]["amount"]
    before = api.omar.get("journal/balances/", as_of_recorded="2025-06-01T00:00:00Z").json()
    assert before == {"next": None, "previous": None, "results": []}
    assert api.maria.get("journal/entries/").status_code == 403  # her token has no such scope


@pytest.mark.parametrize("name", ["usage", "outcomes", "authority", "timing", "causes", "health", "budget"])
def test_each_report_is_there_and_takes_nothing_it_does_not_know(api, name):
    api.give(api.log(), "150.00")
    assert api.chen.get(f"reports/{name}/").status_code == 200
    assert fields(api.chen.get(f"reports/{name}/", colour="red")) == {"colour": ["unknown_filter"]}
