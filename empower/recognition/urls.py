from django.urls import path

from .views import line_up, stories, thanks

app_name = "recognition"

urlpatterns = [
    path("line-up/", line_up.line_up, name="line_up"),
    path("line-up.pdf", line_up.line_up_pdf, name="line_up_pdf"),
    path("line-up/stories/", stories.story_list, name="story_list"),
    path("stories/<int:pk>/", stories.change, name="change_story"),
    path("stories/<int:pk>/choose/", stories.choose, name="choose_story"),
    path("stories/<int:pk>/withdraw/", stories.withdraw, name="withdraw_story"),
    path("incidents/<int:pk>/nominate/", stories.nominate, name="nominate"),
    path("thanks/", thanks.thanks_list, name="thanks_list"),
    path("thanks/<int:pk>/withdraw/", thanks.withdraw, name="withdraw_thanks"),
    path("incidents/<int:pk>/thank/", thanks.thank, name="thank"),
]
