"""A token opens what its person may, as long as both live."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from empower import clock
from empower.audit.models import AuditEvent
from empower.refusals import NotPermitted, NotPossible
from empower.staff import scopes
from empower.staff.models import ApiToken
from empower.staff.services import change_employee, find_token, issue_token, revoke_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(scene):
    return issue_token(actor=scene.maria, employee=scene.maria, name="till")


def test_the_secret_is_found_by_one_query_and_is_nowhere_stored(issued, django_assert_num_queries):
    token, secret = issued
    find_token(secret=secret)
    with django_assert_num_queries(1):
        found = find_token(secret=secret)
        assert found == token
        assert found.employee.property.code == "LAX"
    random = secret.split("_", 2)[2]
    assert len(random) == 43
    row = ApiToken.objects.filter(pk=token.pk).values_list().get()
    assert not any(random in str(value) for value in row)
    assert random not in AuditEvent.objects.latest("pk").body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda secret: secret[:-1],
        lambda secret: secret + "x",
        lambda secret: secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        lambda secret: secret.upper(),
        lambda secret: secret.removeprefix("emp_"),
        lambda secret: "emp_" + "0" * 16 + secret[20:],
        lambda secret: "",
        lambda secret: None,
        lambda secret: "emp_é_" + secret,
        lambda secret: secret + "\x00",
    ],
)
def test_a_secret_that_is_not_whole_opens_nothing(issued, spoil):
    assert find_token(secret=spoil(issued[1])) is None


def test_the_last_use_is_noted_once_a_minute(issued, django_assert_num_queries):
    token, secret = issued
    noted = find_token(secret=secret).last_used_at
    with clock.standing_at(noted + timedelta(seconds=59)), django_assert_num_queries(1):
        find_token(secret=secret)
    with clock.standing_at(noted + timedelta(seconds=60)):
        find_token(secret=secret)
    token.refresh_from_db()
    assert token.last_used_at == noted + timedelta(seconds=60)


def test_a_token_ends_at_its_moment(scene):
    ends = clock.now() + timedelta(days=1)
    _, secret = issue_token(actor=scene.maria, employee=scene.maria, name="day", expires_at=ends)
    with clock.standing_at(ends - timedelta(microseconds=1)):
        assert find_token(secret=secret)
    with clock.standing_at(ends):
        assert find_token(secret=secret) is None


def test_a_token_that_was_taken_back_opens_nothing(scene, issued):
    token, secret = issued
    with pytest.raises(NotPermitted):
        revoke_token(actor=scene.grace, token=token)
    assert find_token(secret=secret)
    revoke_token(actor=scene.admin, token=token)
    assert find_token(secret=secret) is None
    with pytest.raises(NotPossible):
        revoke_token(actor=scene.maria, token=token)


@pytest.mark.parametrize("name", ["tomas", "grace", "chen", "admin"])
def test_nobody_makes_a_token_that_signs_as_somebody_else(scene, name):
    with pytest.raises(NotPermitted):
        issue_token(actor=getattr(scene, name), employee=scene.maria, name="borrowed")
    assert not ApiToken.objects.exists()


def test_a_scope_that_the_person_may_not_have_is_refused_and_an_unknown_one_is_malformed(scene):
    with pytest.raises(NotPermitted, match="journal:read"):
        issue_token(actor=scene.maria, employee=scene.maria, name="x", scopes=["journal:read"])
    with pytest.raises(NotPermitted):
        issue_token(actor=scene.admin, employee=scene.admin, name="x", scopes=["incidents:read"])
    with pytest.raises(ValidationError) as refused:
        issue_token(actor=scene.maria, employee=scene.maria, name="x", scopes=["everything"])
    assert list(refused.value.message_dict) == ["scopes"]


def test_an_auditor_writes_nothing_but_trials_and_the_administrator_sees_no_guest(scene):
    assert {scope for scope in scopes.may_have(scene.ada) if scope.endswith(":write")} == {"reports:write"}
    assert scopes.may_have(scene.admin) == ["audit:read", "reference:read", "webhooks:read", "webhooks:write"]
    assert scopes.may_have(scene.chen) == scopes.ALL


def test_who_was_let_go_gets_no_token(scene):
    change_employee(actor=None, employee=scene.maria, is_active=False)
    with pytest.raises(NotPossible):
        issue_token(actor=None, employee=scene.maria, name="late")
    assert scopes.may_have(scene.maria) == []


@pytest.mark.parametrize(
    "ends",
    [
        "tomorrow", 5, date(2100, 1, 1), datetime(2100, 1, 1),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), datetime(2026, 1, 1, tzinfo=UTC),
    ],
)  # fmt: skip
def test_a_moment_that_has_passed_or_cannot_be_stored_is_no_end(scene, ends):
    with clock.standing_at(datetime(2026, 1, 1, tzinfo=UTC)), pytest.raises(ValidationError) as refused:
        issue_token(actor=scene.maria, employee=scene.maria, name="x", expires_at=ends)
    assert list(refused.value.message_dict) == ["expires_at"]


@pytest.mark.parametrize("scopes", ["spends:read", [["spends:read"]], 5, {"spends:read": 1}])
def test_scopes_are_a_list_of_texts(scene, scopes):
    with pytest.raises(ValidationError) as refused:
        issue_token(actor=scene.maria, employee=scene.maria, name="x", scopes=scopes)
    assert list(refused.value.message_dict) == ["scopes"]


def test_the_command_prints_the_token_alone_on_the_last_line(scene, capsys):
    call_command("api_token", "maria", "--scope", "spends:read", "--scope", "spends:write")
    token = find_token(secret=capsys.readouterr().out.splitlines()[-1])
    assert token.employee == scene.maria
    assert token.scopes == ["spends:read", "spends:write"]
    call_command("api_token", "admin")
    assert find_token(secret=capsys.readouterr().out.splitlines()[-1]).scopes == scopes.may_have(scene.admin)


@pytest.mark.parametrize("arguments", [["nobody"], ["maria", "--scope", "all"], ["maria", "--scope", "journal:read"]])
def test_the_command_says_who_or_which_scope_is_unknown(scene, arguments):
    with pytest.raises(CommandError, match=arguments[-1]):
        call_command("api_token", *arguments)
    assert not ApiToken.objects.exists()


# --- one token signs for another ------------------------------------------------------------------------------------


@pytest.fixture
def signing(scene):
    return issue_token(
        actor=scene.maria,
        employee=scene.maria,
        name="signing",
        scopes=["tokens:write", "spends:read"],
        expires_at=clock.now() + timedelta(days=10),
    )[0]


def made_by(scene, signing, **wish):
    return issue_token(actor=scene.maria, employee=scene.maria, name="made", made_with=signing, **wish)


def test_a_token_makes_none_that_may_do_more_than_itself(scene, signing):
    token, _ = made_by(scene, signing)
    assert set(token.scopes) == {"tokens:write", "spends:read"}
    with pytest.raises(NotPermitted) as refused:
        made_by(scene, signing, scopes=["spends:read", "spends:write"])
    assert (refused.value.code, refused.value.field) == ("scope", "scopes")
    assert ApiToken.objects.count() == 2


def test_a_token_makes_none_that_outlives_it(scene, signing):
    assert made_by(scene, signing)[0].expires_at == signing.expires_at
    made_by(scene, signing, expires_at=signing.expires_at)
    with pytest.raises(NotPermitted) as refused:
        made_by(scene, signing, expires_at=signing.expires_at + timedelta(microseconds=1))
    assert (refused.value.code, refused.value.field) == ("outlives", "expires_at")


def test_what_is_taken_back_takes_along_what_was_made_with_it(scene, signing, issued):
    child, child_secret = made_by(scene, signing)
    grandchild, grandchild_secret = made_by(scene, child)
    revoke_token(actor=scene.maria, token=signing)
    assert find_token(secret=child_secret) is None
    assert find_token(secret=grandchild_secret) is None
    assert find_token(secret=issued[1])
    event = AuditEvent.objects.get(verb="token.revoked")
    assert f'"taken_along_ids":[{child.pk},{grandchild.pk}]' in event.body
    with pytest.raises(NotPermitted):
        made_by(scene, child)


def test_taking_a_made_token_back_leaves_the_one_that_made_it(scene, signing):
    child, _ = made_by(scene, signing)
    revoke_token(actor=scene.maria, token=child)
    signing.refresh_from_db()
    assert signing.revoked_at is None


# --- by command -----------------------------------------------------------------------------------------------------


def test_the_command_says_when_the_token_ends(scene, capsys):
    with clock.standing_at(datetime(2026, 3, 1, tzinfo=UTC)):
        call_command("api_token", "maria", "--days", "30", "--name", "till")
    token = ApiToken.objects.get()
    assert (token.name, token.expires_at) == ("till", datetime(2026, 3, 31, tzinfo=UTC))


@pytest.mark.parametrize("days", ["0", "-1", "36501"])
def test_the_command_takes_a_sensible_number_of_days(scene, days):
    with pytest.raises(CommandError):
        call_command("api_token", "maria", f"--days={days}")
    assert not ApiToken.objects.exists()


def test_the_command_lists_and_takes_back_and_makes_none_by_that(scene, issued, capsys):
    token, secret = issued
    call_command("api_token", "maria", "--list")
    [line] = capsys.readouterr().out.splitlines()
    assert line.split("\t")[:4] == [str(token.pk), "living", "ends never", "last used never"]
    assert secret not in line
    assert secret.split("_")[1] not in line
    with pytest.raises(CommandError, match="no token"):
        call_command("api_token", "omar", "--revoke", str(token.pk))
    call_command("api_token", "maria", "--revoke", str(token.pk))
    assert find_token(secret=secret) is None
    with pytest.raises(CommandError, match="before"):
        call_command("api_token", "maria", "--revoke", str(token.pk))
    assert ApiToken.objects.count() == 1


def test_the_tokens_of_who_was_let_go_can_still_be_listed(scene, issued, capsys):
    change_employee(actor=None, employee=scene.maria, is_active=False)
    call_command("api_token", "maria", "--list")
    assert "till" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("api_token", "maria")
