"""The addresses: each app's own, the API, the admin, sign-in."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

# Of allauth's pages only those that need no e-mail: the house makes the accounts and sets lost passwords anew.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that it is closed
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
]

urlpatterns = [
    path("", include("empower.staff.urls")),
    path("", include("empower.devices.urls")),
    path("", include("empower.notices.urls")),
    path("", include("empower.policies.urls")),
    path("", include("empower.incidents.urls")),
    path("", include("empower.spending.urls")),
    path("", include("empower.recognition.urls")),
    path("", include("empower.insights.urls")),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
    path("api/", include("ledger.api")),
]

# Under /api/ a problem document, elsewhere Django's own page.
handler400 = "ledger.problems.bad_request"
handler403 = "ledger.problems.permission_denied"
handler404 = "ledger.problems.page_not_found"
handler500 = "ledger.problems.server_error"
