from django.urls import path

from . import views

app_name = "staff"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/tokens/", views.token_list, name="token_list"),
    path("me/tokens/<int:pk>/revoke/", views.revoke, name="revoke_token"),
    path("choose/theme/", views.choose_theme, name="choose_theme"),
    path("choose/language/", views.choose_language, name="choose_language"),
]
