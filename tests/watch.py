"""What a browser page must not do, unseen: break the content security policy, log an error, call outside."""

import re
from urllib.parse import urlsplit

# An init script is the debugger's, not the page's: the policy neither blocks nor sees it.
REPORT_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP refused " + event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
"""


class Watch:
    """Collects the problems of one browser context; `expect` names, by a pattern, those a test provokes."""

    def __init__(self, context, url):
        self.host = urlsplit(url).netloc
        self.problems, self.expected = [], []
        context.add_init_script(REPORT_REFUSALS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def expect(self, pattern):
        """A problem that matches the regular expression ``pattern`` is this test's own doing."""
        self.expected.append(re.compile(pattern))

    def _console(self, message):
        if message.type in {"error", "assert"}:
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.problems.append(f"outside request: {request.url}")

    def unexpected(self):
        return [problem for problem in self.problems if not any(each.search(problem) for each in self.expected)]
