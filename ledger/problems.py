"""How an error looks in the API: whatever is raised behind ``/api/`` becomes a problem document, and says no internals."""

import logging
import uuid

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from empower import problems
from empower.refusals import Refused

log = logging.getLogger("ledger.api")

#: Codes of refusals that end by themselves, and the seconds after which it is worth asking again.
PASSING = {"in_progress": 1}


def problem_response(exc, context):
    """REST framework's exception handler. Every exception is answered; one that nobody foresaw is logged under an id."""
    set_rollback()
    told, headers = _told(exc, context)
    return Response(told, status=told["status"], headers=headers, content_type=problems.MEDIA_TYPE)


def _told(exc, context):
    foreseen = problems.told(exc)
    if foreseen is not None:
        headers = dict(getattr(exc, "headers", {}))
        if isinstance(exc, Refused) and exc.code in PASSING:
            headers["Retry-After"] = str(PASSING[exc.code])
        return foreseen, headers
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.APIException):
        headers = {}
        if getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = exc.auth_header
        if getattr(exc, "wait", None):
            headers["Retry-After"] = str(int(exc.wait))
        return problems.document(exc.status_code, exc.get_codes(), exc.detail), headers
    if isinstance(exc, RequestDataTooBig):
        return problems.document(413, "too_large", _("The request is too large.")), {}
    if isinstance(exc, SuspiciousOperation):
        return problems.document(400, "invalid", _("This request can't be read.")), {}
    if isinstance(exc, OperationalError):
        request_id = _logged(context.get("request"))
        return problems.document(
            503, "unavailable", _("The database is busy. Send it again."), request_id=request_id
        ), {"Retry-After": "1"}
    return _internal(_logged(context.get("request"))), {}


def _logged(request):
    request_id = uuid.uuid4().hex
    log.exception("request %s failed at %s", request_id, getattr(request, "path", "?"))
    return request_id


def _internal(request_id):
    return problems.document(
        500,
        "internal",
        _("Something went wrong here, and it was written down. Name the request_id if you ask about it."),
        request_id=request_id,
    )


def _outside(document):
    return JsonResponse(document, status=document["status"], content_type=problems.MEDIA_TYPE)


@csrf_exempt  # it does nothing, whoever sent it; a page's answer to a forged form would be none of the API's
def unknown_address(request, **_kwargs):
    """Every address under ``/api/`` that is nobody's."""
    with_slash = _(" Addresses end with a slash.") if not request.path.endswith("/") else ""
    return _outside(problems.document(404, "not_found", f"{_('There is nothing at this address.')}{with_slash}"))


# What goes wrong before a view is reached, or outside REST framework. Pages keep Django's own.


def bad_request(request, exception):
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    return _outside(problems.document(400, "invalid", _("This request can't be read.")))


def permission_denied(request, exception):
    if not request.path.startswith("/api/"):
        return defaults.permission_denied(request, exception)
    return _outside(problems.document(403, "permission_denied", _("This is not yours to do.")))


def page_not_found(request, exception):
    if not request.path.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    return _outside(problems.document(404, "not_found", _("There is nothing at this address.")))


def server_error(request):
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return _outside(_internal(uuid.uuid4().hex))
