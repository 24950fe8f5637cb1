from django.urls import path

from . import views

app_name = "staff"

urlpatterns = [
    path("", views.home, name="home"),
    path("choose/theme/", views.choose_theme, name="choose_theme"),
    path("choose/language/", views.choose_language, name="choose_language"),
]
