from django.urls import path

from .views import dashboard

app_name = "insights"

urlpatterns = [
    path("insights/", dashboard.dashboard, name="dashboard"),
]
