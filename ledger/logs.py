"""Log lines that name no person."""

import logging
import re

# PostgreSQL quotes the refused row in the DETAIL of its errors, a guest's name and all.
QUOTED_ROW = re.compile(r"^[ \t]*(DETAIL|HINT|CONTEXT|QUERY):.*$", re.MULTILINE)
# The development server logs a request line as it came, and what a person searched for stands behind its "?".
QUERY_STRING = re.compile(r"(\b[A-Z]+ /[^\s?\"]*)\?[^\s\"]*")


class NothingPersonal(logging.Formatter):
    """Leaves query strings, and the database's quotations of rows and statements, out of what is written."""

    def format(self, record):
        return QUERY_STRING.sub(r"\1", QUOTED_ROW.sub("", super().format(record)))
