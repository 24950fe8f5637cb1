"""Which mail one wants: a choice on the own page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .services import choose_mail


@login_required
@require_POST
def choose(request):
    """One kind of mail, from now on or no more."""
    wanted = request.POST.get("wanted") == "yes"
    try:
        choose_mail(actor=request.user, employee=request.user, kind=request.POST.get("kind", ""), wanted=wanted)
    except ValidationError:
        messages.error(request, _("There is no such mail."))
    else:
        messages.success(request, _("You get this mail.") if wanted else _("You get this mail no more."))
    return redirect("spending:own_page")
