from django.urls import path

from . import views

app_name = "recognition"

urlpatterns = [
    path("thanks/", views.thanks_list, name="thanks_list"),
    path("thanks/<int:pk>/withdraw/", views.withdraw, name="withdraw_thanks"),
    path("incidents/<int:pk>/thank/", views.thank, name="thank"),
]
