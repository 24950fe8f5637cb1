from django.urls import path

from .views import dashboard, trials

app_name = "insights"

urlpatterns = [
    path("insights/", dashboard.dashboard, name="dashboard"),
    path("insights/trials/", trials.trial_list, name="trial_list"),
    path("insights/trials/new/", trials.new_trial, name="new_trial"),
    path("insights/trials/<int:pk>/", trials.trial, name="trial"),
    path("insights/trials/<int:pk>/share/", trials.share_trial, name="share_trial"),
]
