"""A page as PDF, where WeasyPrint is installed: an extra, since a browser prints the same sheet."""

from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles import finders


class CannotPrint(Exception):
    """WeasyPrint is there and what it needs of the system (Pango) is not."""


def is_possible():
    """Whether the extra is installed. It is loaded when the first PDF is asked for: that takes half a second."""
    return find_spec("weasyprint") is not None


def as_pdf(html, *, stylesheet):
    """The PDF of a document that needs nothing but one of our own stylesheets. `CannotPrint`."""
    return laid_out(html, stylesheet=stylesheet).write_pdf()


def laid_out(html, *, stylesheet):
    """WeasyPrint's document, whose ``pages`` can be counted. `CannotPrint`."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise CannotPrint(str(error)) from error
    # What a guest's name says is no reason to open an address, here or anywhere.
    nothing = URLFetcher(allowed_protocols=())
    style = CSS(string=Path(finders.find(stylesheet)).read_text(), url_fetcher=nothing)
    return HTML(string=html, url_fetcher=nothing).render(stylesheets=[style])
