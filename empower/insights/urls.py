from django.urls import path

from .views import dashboard, taken_away

app_name = "insights"

urlpatterns = [
    path("insights/", dashboard.dashboard, name="dashboard"),
    path("insights/panels/<slug:name>/", dashboard.panel, name="panel"),
    path("insights/whole/", taken_away.whole, name="whole"),
    path("insights/dashboard.pdf", taken_away.pdf, name="pdf"),
    path("insights/figures.<slug:form>", taken_away.figures, name="figures"),
]
