from django.urls import path

from . import views

app_name = "policies"

urlpatterns = [
    path("me/deputies/", views.away, name="away"),
    path("me/deputies/name/", views.name, name="name_deputy"),
    path("me/deputies/<int:pk>/end/", views.end_deputy, name="end_deputy"),
    path("me/on-call/", views.enter, name="put_on_call"),
    path("me/on-call/<int:pk>/end/", views.end_call, name="end_turn"),
]
