"""A photo, from the camera where there is one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from empower.staff.forms import OnceForm

from ..services import read_picture
from ..services.pictures import LARGEST


class PhotoField(forms.FileField):
    """Cleans to a `Picture` of ours, drawn anew; None for none."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("A photo"))
        kwargs.setdefault(
            "widget", forms.FileInput(attrs={"accept": "image/*", "capture": "environment", "class": "input"})
        )
        super().__init__(**kwargs)

    def clean(self, value, initial=None):
        file = super().clean(value, initial)
        if not file:
            return None
        try:
            # One byte more tells that it is too large: no more of it is read.
            return read_picture(file.read(LARGEST + 1), "photo")
        except ValidationError as error:
            raise ValidationError(error.error_dict["photo"]) from None


class PhotoForm(OnceForm):
    """A photo for an incident that is written down already."""

    photo = PhotoField(
        error_messages={"required": _("Choose a photo."), "empty": _("Nothing arrived of this photo: take it again.")}
    )
