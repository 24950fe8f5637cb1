"""The shell of a page: the places a person goes to, the icons, the choice of light or dark."""

from uuid import uuid4

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from empower.staff.models import Role

register = template.Library()

# Where: what it is called, its icon, and the pages from which it is the place one is in.
PLACES = {
    "give": ("spending:log_and_give", _("Give"), "give", {"spending:log_and_give", "spending:give"}),
    "today": ("spending:today", _("Today"), "sheet", {"spending:today"}),
    "incidents": (
        "incidents:incident_list",
        _("Incidents"),
        "bell",
        {"incidents:incident_list", "incidents:change", "incidents:add_guest"}
        | {
            f"spending:{page}"
            for page in (
                "incident_page",
                "resolve",
                "reopen",
                "void",
                "follow_up",
                "reverse",
                "withdraw",
                "hand_over",
                "reply",
            )
        },
    ),
    "queue": ("spending:queue", _("Queue"), "queue", {"spending:queue", "spending:request_page", "spending:answer"}),
    "line_up": (
        "recognition:line_up",
        _("Line-up"),
        "sheet",
        {"recognition:line_up", "recognition:story_list", "recognition:change_story", "recognition:choose_story"},
    ),
    "dashboard": (
        "insights:dashboard",
        _("Dashboard"),
        "chart",
        {"insights:dashboard", "insights:trial_list", "insights:new_trial", "insights:trial"},
    ),
    "thanks": ("recognition:thanks_list", _("Thanks"), "heart", {"recognition:thanks_list"}),
    "mine": (
        "spending:own_page",
        _("Mine"),
        "me",
        {
            "spending:own_page",
            "spending:own_record",
            "spending:to_finish",
            "staff:token_list",
            "staff:revoke_token",
            "devices:own_pin",
            "devices:device_list",
            "devices:issue_code",
            "policies:away",
        },
    ),
}

# At most five each: a phone's thumb reaches no more.
BY_ROLE = {
    Role.FRONTLINE: ["give", "today", "incidents", "thanks", "mine"],
    Role.MANAGER: ["give", "incidents", "queue", "line_up", "dashboard"],
    Role.GENERAL_MANAGER: ["give", "incidents", "queue", "line_up", "dashboard"],
    Role.LEADER: ["dashboard", "incidents", "queue", "line_up", "mine"],
    Role.AUDITOR: ["dashboard", "incidents", "line_up", "mine"],
}


@register.simple_tag(takes_context=True)
def places(context):
    """The places of the person who is signed in, at most five; a place that nobody built yet is left out."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.is_superuser:
        return []
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    found = []
    # With a PIN one does what the frontline does.
    for key in BY_ROLE[Role.FRONTLINE] if user.signed_with_pin else BY_ROLE.get(user.role, []):
        name, label, icon, pages = PLACES[key]
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"key": key, "url": url, "label": label, "icon": icon, "is_here": here in pages})
    return found


@register.simple_tag(takes_context=True)
def theme(context):
    """``light`` or ``dark`` where the person chose it on this device; empty where the device decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""


@register.simple_tag
def icon(name, classes=""):
    """An icon of the sprite, drawn in the colour of its text; for decoration, so words stand beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {classes}" if classes else "",
        static("icons.svg"),
        name or "question",
    )


@register.simple_tag
def once_key():
    """A key for a form of one button: so that a double tap has one effect."""
    return str(uuid4())
