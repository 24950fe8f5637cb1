"""The journal as other ledgers read it: hledger, beancount, CSV. Streamed, in the order of writing, nothing personal.

Employees are codes here, guests are nowhere. Days are the property's local day of ``occurred_at``. A code of ours may
be any text: what could mean something to the reader (a comment, a tag, a formula) is made harmless on the way out.
"""

import re
from datetime import date
from itertools import groupby
from operator import itemgetter
from unicodedata import normalize

from django.db.models import Q

from empower.canonical import moment
from empower.clock import day_bounds, local_day
from empower.money import decimals, to_text
from empower.spreadsheets import Number, csv_line
from empower.staff.models import Property

from .models import Account

FORMATS = ("hledger", "beancount", "csv")
CSV_COLUMNS = (
    "entry", "date", "occurred_at", "recorded_at", "kind", "property", "department", "employee", "incident", "spend",
    "account", "amount", "currency", "reverses",
)  # fmt: skip
#: beancount wants an account opened before its first posting; imported history may be of any day that it can read.
_OPENED_ON = "1900-01-01"
# The calendar's own ends have no day before or after, which another time zone would need.
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
_ROOTS = {"assets": "Assets", "liabilities": "Liabilities", "expenses": "Expenses", "budget": "Equity:Budget"}


def journal_lines(postings, *, to, begins_on=None, ends_on=None):
    """The sealed entries of ``postings``, from one local day to another (inclusive), as lines that end in a newline.

    ``to`` is one of `FORMATS`. An iterator; two queries (three with a day) and constant memory, however long it is.
    """
    postings = _between(postings.sealed(), begins_on, ends_on)
    write = {"hledger": _hledger, "beancount": _beancount, "csv": _csv}[to]
    # Before the postings: an account that is opened meanwhile belongs to an entry that was written meanwhile.
    accounts = list(Account.objects.order_by("pk"))
    return write(accounts, _entries(postings, known={account.pk for account in accounts}))


def _between(postings, begins_on, ends_on):
    if begins_on is None and ends_on is None:
        return postings
    days = Q(pk__in=[])
    for zone in Property.objects.order_by("timezone").values_list("timezone", flat=True).distinct():
        here = Q(entry__property__timezone=zone)
        if begins_on is not None:
            here &= Q(entry__occurred_at__gte=day_bounds(max(begins_on, _FIRST_DAY), zone)[0])
        if ends_on is not None:
            here &= Q(entry__occurred_at__lt=day_bounds(min(ends_on, _LAST_DAY), zone)[1])
        days |= here
    return postings.filter(days)


_COLUMNS = {
    "entry": "entry_id",
    "occurred_at": "entry__occurred_at",
    "recorded_at": "entry__recorded_at",
    "kind": "entry__kind",
    "property": "entry__property__code",
    "zone": "entry__property__timezone",
    "department": "department__code",
    "employee": "employee__code",
    "incident": "incident_id",
    "spend": "entry__spend_id",
    "reverses": "entry__reverses_id",
    "currency": "entry__currency",
    "account_id": "account_id",
    "account": "account__code",
    "amount": "amount",
}


def _entries(postings, *, known):
    """Each entry as the list of its postings, a dict each; in the order in which they were written."""
    rows = postings.order_by("entry_id", "pk").values_list(*_COLUMNS.values()).iterator(chunk_size=2000)
    for _, legs in groupby((dict(zip(_COLUMNS, row, strict=True)) for row in rows), key=itemgetter("entry")):
        entry = list(legs)
        if all(leg["account_id"] in known for leg in entry):
            first = entry[0]
            told = {
                "date": local_day(first["occurred_at"], first["zone"]).isoformat(),
                "occurred_at": moment(first["occurred_at"]),
                "recorded_at": moment(first["recorded_at"]),
            }
            yield [leg | told for leg in entry]


def _details(leg):
    """What is said of an entry beside its money: (name, text), the empty ones left out."""
    told = [(name, leg[name]) for name in ("property", "department", "employee", "incident", "spend", "reverses")]
    plain = [(name, _plain(str(value))) for name, value in told if value is not None]
    return plain + [(name, leg[name]) for name in ("occurred_at", "recorded_at")]


def _hledger(accounts, entries):
    names = _named(accounts, _hledger_name)
    yield "; The journal, in the order in which it was written. Days are the property's own; no amount is rounded.\n"
    yield "decimal-mark .\n\n"
    for currency in sorted({account.currency for account in accounts}):
        # A decimal mark even where there are no decimals: hledger wants to know what it would be.
        sample = to_text(1000 * 10 ** decimals(currency), currency)
        yield f"commodity {sample}{'' if decimals(currency) else '.'} {currency}\n"
    yield "\n"
    yield from (f"account {name}\n" for name in ("assets", "liabilities", "expenses"))
    # What was set aside is no wealth: equity, so that a balance sheet leaves it out.
    yield "account budget  ; type:E\n"
    yield from (f"account {name}\n" for name in sorted(set(names.values())))
    for legs in entries:
        told = ", ".join(f"{name}:{value}" for name, value in _details(legs[0]))
        yield f"\n{legs[0]['date']} * ({legs[0]['entry']}) {legs[0]['kind']}  ; {told}\n"
        for leg in legs:
            yield f"    {names[leg['account']]}  {to_text(leg['amount'], leg['currency'])} {leg['currency']}\n"


def _beancount(accounts, entries):
    names = _named(accounts, _beancount_name)
    yield "; The journal, in the order in which it was written. Days are the property's own; no amount is rounded.\n"
    yield 'option "title" "Empower"\n'
    currencies = {}
    for account in accounts:
        currencies.setdefault(names[account.code], set()).add(account.currency)
    yield from (f'option "operating_currency" "{one}"\n' for one in sorted(set().union(*currencies.values())))
    yield "\n"
    for name in sorted(currencies):
        yield f"{_OPENED_ON} open {name} {','.join(sorted(currencies[name]))}\n"
    for legs in entries:
        first = legs[0]
        yield f'\n{first["date"]} * "{_plain(first["property"])}" "{first["kind"]}"\n  entry: "{first["entry"]}"\n'
        yield from (f'  {name}: "{value}"\n' for name, value in _details(first) if name != "property")
        for leg in legs:
            yield f"  {names[leg['account']]}  {to_text(leg['amount'], leg['currency'])} {leg['currency']}\n"


def _csv(accounts, entries):
    yield csv_line(CSV_COLUMNS, ending="\n")
    for legs in entries:
        for leg in legs:
            told = leg | {"amount": Number(to_text(leg["amount"], leg["currency"]))}
            yield csv_line([told[name] for name in CSV_COLUMNS], ending="\n")


def _plain(text):
    """``text`` in ASCII letters, digits and a few marks: hledger refuses other letters in a plain C locale."""
    decomposed = normalize("NFKD", text)
    latin = "".join(sign if sign.isascii() else f"u{ord(sign):04x}" for sign in decomposed if not _is_accent(sign))
    return re.sub(r"[^A-Za-z0-9._/@+-]+", "_", latin)


def _is_accent(sign):
    return "\u0300" <= sign <= "\u036f"


def _named(accounts, name_of):
    """The reader's name of each account code. Two codes that would read alike are kept apart by a number."""
    names, taken = {}, set()
    for account in accounts:
        if account.code not in names:
            name = wanted = name_of(account.code)
            number = 1
            while name in taken:
                number += 1
                name = f"{wanted}-{number}"
            names[account.code] = name
            taken.add(name)
    return names


def _hledger_name(code):
    return ":".join(_plain(part) or "_" for part in code.split(":"))


def _beancount_name(code):
    root, *parts = code.split(":")
    words = [re.findall(r"[A-Za-z0-9]+", _plain(part)) for part in parts]
    names = ["-".join(word[0].upper() + word[1:] for word in part) or "X" for part in words]
    return ":".join([_ROOTS[root], *names])
