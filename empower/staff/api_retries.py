"""Every write can be sent again: the header Idempotency-Key, and what goes with an answer that was given before."""

import json
import re

from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response
from rest_framework.reverse import reverse

from empower.problems import Problem

from .services import fingerprint, run_once

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


class RetriableWrites:
    """For a viewset: ``self.once(act)`` does the write of this request one time for its person and key.

    ``act()`` reads the body, calls the service and returns the row, which is read again and told. All of that is in
    one transaction with the key's row, and a refusal keeps nothing: a corrected request may use its key again.
    """

    #: Whether a write here has to carry a key: where it moves money or decides.
    key_required = False

    def once(self, act, *, status=200):
        """``act()`` returns a row of the viewset's model; of another where the viewset ``tells`` this action its way."""
        request = self.request
        self.refuse_chunks()
        key = self._key()

        def do():
            row = act()
            told = self.tell(row if self.action in self.tells else self.fresh(row))
            return status, json.loads(json.dumps(told)), row._meta.model_name, row.pk

        marks = self.marks()  # reads the body before anything is begun: one that can't be read is no attempt
        if key is None:
            replayed = False
            status, told, _type, _id = do()
        else:
            status, told, replayed = run_once(employee=request.user, key=key, fingerprint=marks, do=do)
        headers = {"Idempotent-Replayed": "true"} if replayed else {}
        if self.action not in self.tells:
            headers |= self.headers_of(told)
            if status == 201:
                here = self.kwargs | {"pk": told["id"]}
                headers |= {"Location": reverse(f"{self.basename}-detail", kwargs=here, request=request)}
        return Response(told, status=status, headers=headers)

    def refuse_chunks(self):
        if "HTTP_TRANSFER_ENCODING" in self.request.META and "CONTENT_LENGTH" not in self.request.META:
            # Django reads no body of unknown length, and a body that is not read must not pass for an empty one.
            raise Problem(411, "length_required", _("Send the body with a Content-Length, not in chunks."))

    def marks(self):
        """What this request is known by, when it comes again."""
        return fingerprint(self.request.method, self.request.get_full_path(), _canonical(self.request.data))

    def _key(self):
        key = self.request.headers.get(HEADER)
        if key is None:
            if not self.key_required:
                return None
            raise Problem(
                400,
                "idempotency_key_required",
                _(
                    "This needs the header Idempotency-Key: any string of your own, the same one when you send it again."
                ),
                field=HEADER,
            )
        if not _KEY.fullmatch(key):
            raise Problem(
                400,
                "idempotency_key_invalid",
                _("An Idempotency-Key has 1 to 255 printable ASCII characters, such as a UUID."),
                field=HEADER,
            )
        return key


def _canonical(body):
    """The same body however its members are ordered and spaced; numbers with a point as they were written."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), default=str).encode()
