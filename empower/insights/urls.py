from django.urls import path

from .views import dashboard, rows, taken_away, trials

app_name = "insights"

urlpatterns = [
    path("insights/", dashboard.dashboard, name="dashboard"),
    path("insights/panels/<slug:name>/", dashboard.panel, name="panel"),
    path("insights/rows/<slug:name>/", rows.rows, name="rows"),
    path("insights/whole/", taken_away.whole, name="whole"),
    path("insights/dashboard.pdf", taken_away.pdf, name="pdf"),
    path("insights/figures.<slug:form>", taken_away.figures, name="figures"),
    path("insights/trials/", trials.trial_list, name="trial_list"),
    path("insights/trials/new/", trials.new_trial, name="new_trial"),
    path("insights/trials/<int:pk>/", trials.trial, name="trial"),
    path("insights/trials/<int:pk>/share/", trials.share_trial, name="share_trial"),
]
