from django.urls import path

from . import views

app_name = "devices"

urlpatterns = [
    path("devices/", views.device_list, name="device_list"),
    path("devices/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("devices/<int:pk>/unlock/", views.unlock, name="unlock"),
    path("devices/people/<int:pk>/unlock/", views.unlock_person, name="unlock_person"),
    path("devices/people/<int:pk>/code/", views.issue_code, name="issue_code"),
    path("devices/sign-in/", views.sign_in, name="sign_in"),
    path("devices/first-time/", views.first_time, name="first_time"),
    path("devices/hand-over/", views.hand_over, name="hand_over"),
    path("devices/stay/", views.stay, name="stay"),
    path("me/pin/", views.own_pin, name="own_pin"),
]
