"""A trial's answer as it is read: a row for each thing that is asked, a cell for each rule, the one in force first."""

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from empower.money import for_people
from empower.policies.models import Scope
from empower.staff.models import Role

from ..queries.figures import Figure
from ..queries.trials.answer import ASKED
from ..queries.trials.standing import rules_named
from ..templatetags.figures import between, duration, number, percent_of, said


@dataclass(frozen=True)
class Cell:
    """``of`` is what the value is out of; ``whisk`` where it and its interval lie from 0 to 1."""

    value: str
    of: str = ""
    between: str = ""
    whisk: dict | None = None


@dataclass(frozen=True)
class Row:
    title: str
    cells: list
    note: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    rows: list
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """``columns``: what each rule is called, and what of it is small beside that. ``happened``: what was written down;
    ``judged_by``: [(rule, how many acts)] in fact.
    """

    columns: list
    parts: list
    happened: str
    judged_by: list


def compared(user, trial):
    """The `Comparison` of a trial that is not hidden. One query."""
    answer, currency = trial.answer, trial.currency
    results = [answer["baseline"], *answer["variants"]]
    named = answer["rules_in_force"]
    policies = rules_named(user, named)
    return Comparison(
        columns=[
            (_("In force"), _rules_said(named)),
            *_called(trial.variants, currency),
        ],
        parts=[
            _waiting_part(results),
            _asked_part(results),
            _money_part(results, currency),
            _spared_part(results),
            _ends_part(results, "waiting", _("How incidents ended on which something would have waited")),
            _ends_part(results, "at_once", _("How the other incidents ended")),
            _rule_part(_standing(named, policies), trial.variants, currency),
        ],
        happened=_happened_said(answer["happened"]),
        judged_by=[(_rules_said([one]), _acts(one["acts"])) for one in named],
    )


def _called(variants, currency):
    """Each rule by its limit; two of one limit by their places too."""
    said_of = [_money(rule["limit"], currency) for rule in variants]
    for place, (rule, limit) in enumerate(zip(variants, said_of, strict=True), start=1):
        if said_of.count(limit) > 1:
            limit = _("%(limit)s (rule %(place)s)") % {"limit": limit, "place": number(place)}
        yield limit, str(Scope(rule["scope"]).label)


def _happened_said(happened):
    told = happened["at_once"]
    return _("In fact %(numerator)s of %(denominator)s acts posted at once, of their employee's own accord.") % {
        "numerator": number(told["numerator"]),
        "denominator": number(told["denominator"]),
    }


def _rules_said(named):
    """Which versions judged the acts in fact, and how many."""
    if len(named) != 1:
        return ngettext("%(n)s rule", "%(n)s rules", len(named)) % {"n": number(len(named))} if named else _("no rule")
    return _("%(code)s, version %(version)s") % {"code": named[0]["code"], "version": number(named[0]["version"])}


def _standing(named, policies):
    """The one rule by which all was judged, as a dict of its terms; None where there were several."""
    policy = policies.get((named[0]["code"], named[0]["version"])) if len(named) == 1 else None
    names = ("limit", "scope", "cap", "manager_up_to", "general_manager_up_to", "answer_within_minutes")
    return policy and {name: getattr(policy, name) for name in names}


def _rule_part(standing, variants, currency):
    rules = [standing, *variants]

    def row(title, tell):
        return Row(title, [Cell(_("as it was")) if rule is None else Cell(tell(rule)) for rule in rules])

    def sum_of(name):
        return lambda rule: _("none") if rule[name] is None else _money(rule[name], currency)

    return Part(
        _("The rule"),
        [
            row(_("Limit"), sum_of("limit")),
            row(_("Counted over"), lambda rule: str(Scope(rule["scope"]).label)),
            row(_("A manager decides up to"), sum_of("manager_up_to")),
            row(_("A general manager decides up to"), sum_of("general_manager_up_to")),
            row(_("All employees together"), sum_of("cap")),
            row(_("Time to answer"), lambda rule: duration(60 * rule["answer_within_minutes"])),
        ],
    )


def _waiting_part(results):
    in_time = [None, *(result["waiting_time"]["in_time"] for result in results[1:])]
    return Part(
        _("What would have waited"),
        [
            Row(_("Posted at once"), [_share(one["at_once"]) for one in results]),
            Row(_("Waited for a yes"), [_share(one["waiting"]) for one in results]),
            Row(
                _("Posted in fact, and would have waited"),
                [_share(one["newly_waiting"]) for one in results],
                _("out of what posted at once in fact"),
            ),
            Row(_("For how long: half were answered by"), [_time(one["waiting_time"], "median") for one in results]),
            Row(_("Nine of ten were answered by"), [_time(one["waiting_time"], "p90") for one in results]),
            Row(_("Answered in the rule's time"), [Cell("–") if one is None else _share(one) for one in in_time]),
            Row(
                _("Waiting that came to it"),
                [_extra(one.get("extra_waiting"), one["newly_waiting"]) for one in results],
                _("each as long as half of the requests took there at that hour of the day"),
            ),
        ],
        _(
            "A wait lasts as long as the requests of these days did; who got no answer counts for as long as they waited."
        ),
    )


def _asked_part(results):
    return Part(
        _("Who would have been asked"),
        [Row(str(Role(role).label).capitalize(), [_share(one["asked_of"][role]) for one in results]) for role in ASKED],
        _("Out of what waited."),
    )


def _money_part(results, currency):
    def row(title, name, of):
        return Row(title, [Cell(_money(one[name], currency), of(one)) for one in results])

    return Part(
        _("What it comes to"),
        [
            row(_("At once"), "amount_at_once", lambda one: _acts(one["at_once"]["numerator"])),
            row(_("Waited, whole"), "amount_waiting", lambda one: _acts(one["waiting"]["numerator"])),
            row(
                _("Of that, above the limit"),
                "amount_above",
                lambda one: _("of %(sum)s") % {"sum": _money(one["amount_waiting"], currency)},
            ),
        ],
        _("Not a saving: people act differently under another limit."),
    )


def _spared_part(results):
    return Part(
        _("Requests that would not have been needed"),
        [
            Row(_("Spared"), [_share(one["spared"]) for one in results], _("out of what needed a yes in fact")),
            Row(
                _("The deciders' time with them"),
                [_sum_of_time(one.get("spared_time"), one["spared"]) for one in results],
                _("from asking to the answer, as it really took"),
            ),
        ],
    )


def _ends_part(results, which, title):
    found = [one["outcomes"][which] for one in results]

    def row(name, words):
        return Row(words, [Cell(number(one[name]), _incidents(one["incidents"])) for one in found])

    return Part(
        title,
        [
            Row(
                _("Made right"),
                [_share(one["made_right"]) for one in found],
                _("recovered or delighted, out of these and the lost"),
            ),
            row("lost", _("Lost")),
            row("unknown", _("Nobody said")),
            row("open", _("Still open that day")),
        ],
    )


def _share(told):
    """A share with what it is out of, and its interval."""
    interval = told["interval"] and tuple(told["interval"])
    one = Figure("", "share", told["value"], told["n"], told["numerator"], told["denominator"], interval)
    if one.value is None:
        return Cell(said(one), _("out of none"))
    of = _("%(numerator)s of %(denominator)s") % {
        "numerator": number(one.numerator),
        "denominator": number(one.denominator),
    }
    low, high = interval or (one.value, one.value)
    return Cell(
        said(one),
        of,
        between(one),
        {"at": percent_of(one.value), "low": percent_of(low), "high": percent_of(high)},
    )


def _time(told, which):
    if told[which] is None:
        return Cell(_("n/a"), _("too few were answered") if told["n"] else _("no request was answered"))
    return Cell(
        duration(told[which]),
        ngettext("of %(n)s request", "of %(n)s requests", told["n"]) % {"n": number(told["n"])},
    )


def _extra(told, waited):
    """What it comes to, and of how many it is known by their own hour."""
    cell = _sum_of_time(told, waited)
    if not told or not told["acts"]:
        return cell
    how = {"of": cell.of, "n": number(told["at_their_hour"])}
    return Cell(cell.value, _("%(of)s; %(n)s by their own hour") % how)


def _sum_of_time(told, whole):
    """A sum of time over the numerator of ``whole``, or over those of which it is known."""
    if told is None:
        return Cell(_("n/a"), _("not told of an earlier trial"))
    if told["seconds"] is None:
        return Cell(_("n/a"), _("no request was answered"))
    of = _("%(numerator)s of %(denominator)s") % {
        "numerator": number(told["acts"]),
        "denominator": number(whole["numerator"]),
    }
    return Cell(duration(told["seconds"]), of if told["acts"] < whole["numerator"] else _acts(told["acts"]))


def _acts(count):
    return ngettext("%(n)s act", "%(n)s acts", count) % {"n": number(count)}


def _incidents(count):
    return ngettext("of %(n)s incident", "of %(n)s incidents", count) % {"n": number(count)}


def _money(minor, currency):
    return for_people(minor, currency, get_language() or "en", drop_zero_cents=True)
