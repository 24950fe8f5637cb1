from django.urls import path

from . import views

app_name = "notices"

urlpatterns = [
    path("me/mail/", views.choose, name="choose_mail"),
    path("mail/stop/<str:secret>/", views.stop, name="stop_mail"),
]
