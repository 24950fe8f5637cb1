"""What a page asks for by itself while somebody waits: the answers to one's requests, and how many wait for one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ..queries.news import changed_since, marker_of, read_versions, said_of
from ..queries.waiting import count_for
from ..services import escalate_overdue_approvals


@require_GET
@never_cache
def answers(request):
    """204 while nothing is new; else the marks that changed, a toast for each answer, and how to go on asking.

    Three queries: the session, its person, the requests by their keys.
    """
    if not request.user.is_authenticated:
        return _load_anew()
    versions = read_versions(request.GET.get("known", ""))
    changed, known = changed_since(request.user, versions)
    marker = marker_of(known)
    if not changed and marker is not None and str(marker.every) == request.GET.get("every"):
        return HttpResponse(status=204)
    news = [{"approval": one, "says": said_of(one)} for one in changed]
    return render(request, "spending/_answers.html", {"news": news, "marker": marker})


@require_GET
@never_cache
def waiting_count(request):
    """204 while as many wait as the page says; else the badge beside the queue. A dead scheduler holds up no clock here."""
    if not request.user.is_authenticated:
        return _load_anew()
    escalate_overdue_approvals()
    count = count_for(request.user)
    if str(count) == request.GET.get("known"):
        return HttpResponse(status=204)
    on_queue = request.GET.get("on") == "queue"
    return render(
        request,
        "spending/_waiting_count.html",
        {"waiting_count": count, "news_for_queue": on_queue, "on_queue": on_queue},
    )


def _load_anew():
    # Whoever is signed out is asked to sign in by the page itself; its address comes back after that.
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response
