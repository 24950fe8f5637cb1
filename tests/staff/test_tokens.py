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


def test_an_auditor_writes_nothing_and_the_administrator_sees_no_guest(scene):
    assert {scope for scope in scopes.may_have(scene.ada) if scope.endswith(":write")} == set()
    assert scopes.may_have(scene.admin) == ["audit:read", "reference:read"]
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
