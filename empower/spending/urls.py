from django.urls import path

from .views import giving, incident, links, news, own, phone, queue

app_name = "spending"

urlpatterns = [
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("sw.js", phone.worker, name="worker"),
    path("phone/", phone.on_this_phone, name="on_this_phone"),
    path("phone/outbox/", phone.outbox, name="outbox"),
    path("today/", own.today, name="today"),
    path("me/", own.own_page, name="own_page"),
    path("me/to-finish/", own.to_finish, name="to_finish"),
    path("me/record/", own.own_record, name="own_record"),
    path("incidents/log/", giving.log_and_give, name="log_and_give"),
    path("incidents/log/guests/", giving.find_guests, name="find_guests"),
    path("incidents/<int:pk>/", incident.incident_page, name="incident_page"),
    path("incidents/<int:pk>/give/", giving.give, name="give"),
    path("incidents/<int:pk>/resolve/", incident.resolve, name="resolve"),
    path("incidents/<int:pk>/reopen/", incident.reopen, name="reopen"),
    path("incidents/<int:pk>/void/", incident.void, name="void"),
    path("incidents/<int:pk>/follow-up/", incident.follow_up, name="follow_up"),
    path("spends/<int:pk>/withdraw/", incident.withdraw, name="withdraw"),
    path("spends/<int:pk>/reverse/", incident.reverse_gift, name="reverse"),
    path("spends/<int:pk>/given/", incident.hand_over, name="hand_over"),
    path("approvals/", queue.queue, name="queue"),
    path("approvals/link/<str:secret>/", links.request_link, name="request_link"),
    path("approvals/answers/", news.answers, name="answers"),
    path("approvals/waiting/", news.waiting_count, name="waiting_count"),
    path("approvals/<int:pk>/", queue.request_page, name="request_page"),
    path("approvals/<int:pk>/answer/", queue.answer, name="answer"),
    path("approvals/<int:pk>/similar/", queue.similar, name="similar"),
    path("approvals/<int:pk>/reply/", incident.reply, name="reply"),
]
