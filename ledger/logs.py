"""Log lines that name no person."""

import logging
import re

# PostgreSQL quotes the refused row in the DETAIL of its errors, a guest's name and all.
QUOTED_ROW = re.compile(r"^[ \t]*(DETAIL|HINT|CONTEXT|QUERY):.*$", re.MULTILINE)
# The development server logs a request line as it came, and what a person searched for stands behind its "?".
QUERY_STRING = re.compile(r"(\b[A-Z]+ /[^\s?\"]*)\?[^\s\"]*")

# Whoever reads the log could open a one-time link before its person does, or end somebody's mail.
ONE_TIME_LINK = re.compile(r"(/(?:approvals/link|mail/stop)/)[\w:-]+")


class NothingPersonal(logging.Formatter):
    """Leaves out query strings, the secrets of one-time links, and the database's quotations of rows and statements."""

    def format(self, record):
        said = QUERY_STRING.sub(r"\1", QUOTED_ROW.sub("", super().format(record)))
        return ONE_TIME_LINK.sub(r"\1...", said)
