from django.urls import path

from . import views

app_name = "incidents"

urlpatterns = [
    path("incidents/", views.incident_list, name="incident_list"),
    path("incidents/<int:pk>/change/", views.change, name="change"),
    path("incidents/<int:pk>/guests/", views.add_a_guest, name="add_guest"),
]
