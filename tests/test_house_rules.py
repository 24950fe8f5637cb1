"""The rules of the house that can be read off the source itself."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

CHECKOUT = Path(__file__).resolve().parent.parent
DOMAIN = CHECKOUT / "empower"

WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "aupdate", "adelete", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip

# Who else may write, what, and why. Short, or it is no rule.
MAY_WRITE = {}

NOT_NAMES = {"utils", "helpers", "common", "base", "manager", "handler", "data", "info"}
NOT_WORDS = re.compile(r"\b(violation|suspicious|abuse|leaderboard)", re.IGNORECASE)


@cache
def committed():
    """The repository's files; in a checkout without git, those that git would not ignore as a rule."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=CHECKOUT, capture_output=True
    )
    if listed.returncode == 0:
        found = [CHECKOUT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        ignored = {".venv", "var", "staticfiles", "node_modules", "__pycache__"}
        found = [
            path
            for path in CHECKOUT.rglob("*")
            if not any(part in ignored or part.endswith("_cache") for part in path.relative_to(CHECKOUT).parts)
        ]
    return sorted(path for path in found if path.is_file())


def sources(folder):
    """The committed Python of ``folder``, without migrations: their path from the checkout, and their tree."""
    for path in committed():
        if path.suffix == ".py" and path.is_relative_to(folder) and "migrations" not in path.parts:
            yield path.relative_to(CHECKOUT), ast.parse(path.read_text())


def is_write(call):
    """Whether a call writes rows, as far as its form tells: a dict's or a digest's ``update`` takes no keywords."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    on_super = isinstance(call.func.value, ast.Call) and getattr(call.func.value.func, "id", "") == "super"
    if on_super:  # a model that says more when it is saved still is saved by a service
        return False
    if call.func.attr in {"update", "aupdate"}:
        return bool(call.keywords) and not call.args
    if call.func.attr in {"delete", "adelete"}:
        return not call.args
    return True


def is_services(path):
    return path.name == "services.py" or "services" in path.parts


def test_only_services_write():
    written_elsewhere = [
        f"{path}:{node.lineno} {node.func.attr}"
        for path, tree in sources(DOMAIN)
        if not is_services(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and is_write(node) and node.func.attr not in MAY_WRITE.get(str(path), {})
    ]
    assert written_elsewhere == []


def test_whoever_else_may_write_still_does():
    stale = []
    for name, allowed in MAY_WRITE.items():
        tree = ast.parse((CHECKOUT / name).read_text()) if (CHECKOUT / name).exists() else ast.Module(body=[])
        used = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and is_write(node)}
        stale += [f"{name}: {verb}" for verb in allowed if verb not in used]
    assert stale == []


@pytest.mark.parametrize(
    ("line", "writes"),
    [
        ("spend.save()", True),
        ("Spend.objects.filter(id=1).update(amount=2)", True),
        ("spend.delete()", True),
        ("digest.update(piece)", False),
        ("context.update({'a': 1})", False),
        ("super().save(*args, **kwargs)", False),
    ],
)
def test_what_counts_as_a_write(line, writes):
    assert is_write(ast.parse(line).body[0].value) is writes


def test_every_app_begins_with_its_chapter():
    ours = [config for config in apps.get_app_configs() if config.name.startswith("empower.")]
    assert ours
    assert [config.name for config in ours if len((config.module.__doc__ or "").split()) < 10] == []


def test_no_file_has_a_name_that_says_nothing():
    named = [path.relative_to(CHECKOUT) for path in committed() if path.suffix in {".py", ".html", ".js", ".css"}]
    said = [path for path in named if {part.removesuffix(path.suffix).strip("_") for part in path.parts} & NOT_NAMES]
    # allauth, unfold and Django look some of their templates up under names of their own choosing.
    theirs = {("templates", "allauth"), ("templates", "admin"), ("templates", "unfold")}
    assert [str(path) for path in said if path.parts[:2] not in theirs] == []


def said_in(tree):
    """The string constants of a module that are not docstrings, with their lines."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_nobody_is_accused_or_ranked():
    said = [
        f"{path}:{line} {words!r}"
        for folder in (DOMAIN, CHECKOUT / "ledger")
        for path, tree in sources(folder)
        for line, words in said_in(tree)
        if NOT_WORDS.search(words)
    ]
    for path in committed():
        if path.is_relative_to(CHECKOUT / "templates") or path.suffix in {".po", ".js"}:
            said += [
                f"{path.relative_to(CHECKOUT)}:{number} {line.strip()}"
                for number, line in enumerate(path.read_text().splitlines(), 1)
                if NOT_WORDS.search(line)
            ]
    assert said == []


def test_no_file_of_the_domain_is_longer_than_400_lines():
    lengths = {str(path): len((CHECKOUT / path).read_text().splitlines()) for path, _ in sources(DOMAIN)}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_nothing_committed_names_a_place_on_someones_machine():
    # Put together, so that this file does not name one itself.
    places = re.compile(
        rb"(?<![\w.:/-])/(" + b"|".join([b"wo" + b"rk", b"ho" + b"me/\\w+", b"Us" + b"ers/\\w+"]) + rb")/"
    )
    naming = []
    for path in committed():
        found = places.search(path.read_bytes())
        if found:
            naming.append(f"{path.relative_to(CHECKOUT)}: {found[0].decode()}")
    assert naming == []
