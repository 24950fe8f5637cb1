from django.urls import path

from . import views

app_name = "incidents"

urlpatterns = [
    path("incidents/", views.incident_list, name="incident_list"),
    path("incidents/<int:pk>/change/", views.change, name="change"),
    path("incidents/<int:pk>/guests/", views.add_a_guest, name="add_guest"),
    path("incidents/<int:pk>/photos/", views.add_a_photo, name="add_photo"),
    path("photos/<int:pk>/", views.photo, name="photo"),
    path("photos/<int:pk>/small/", views.thumbnail, name="thumbnail"),
    path("photos/<int:pk>/remove/", views.take_photo_down, name="remove_photo"),
]
