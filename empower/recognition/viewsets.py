"""Stories, thanks and improvements."""

from rest_framework.decorators import action

from empower.api_views import ReadingDoor, refuse_unless_matching, told_as_stale
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites

from . import services
from .filters import ImprovementFilterSet, StoryFilterSet, ThanksFilterSet
from .models import Improvement, Story, Thanks
from .serializers import (
    DayOfStory,
    ImprovementChange,
    ImprovementSerializer,
    NewImprovement,
    NewStory,
    NewThanks,
    Nothing,
    OfVersion,
    StoryChange,
    StorySerializer,
    ThanksSerializer,
    WhatWasDone,
    WhyDropped,
)


class _Told(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "recognition"

    def change_matching(self, service, subject):
        """PATCH: the named fields, of the version that If-Match names; stale also where somebody was quicker than us."""

        def change():
            row = self.get_object()
            refuse_unless_matching(self.request, row.version)
            changes = self.body(partial=True)
            with told_as_stale():
                return service(actor=self.request.user, version=row.version, **{subject: row}, **changes)

        return self.once(change)

    def verb(self, service, subject):
        """POST to a verb: the service, with what the body says."""
        return self.once(lambda: service(actor=self.request.user, **{subject: self.get_object()}, **self.body()))


class StoryDoor(_Told):
    """Resolved incidents worth telling, in words without names."""

    model = Story
    serializer_class = StorySerializer
    filterset_class = StoryFilterSet
    takes = {"create": NewStory, "partial_update": StoryChange, "choose": DayOfStory, "withdraw": OfVersion}

    def create(self, request):
        """Nominate a resolved incident that is not one's own."""
        return self.once(lambda: services.nominate_story(actor=request.user, **self.body()), status=201)

    def partial_update(self, request, pk):
        """Change the story's words: who nominated it, or a manager."""
        return self.change_matching(services.change_story, "story")

    @action(detail=True, methods=["post"])
    def choose(self, request, pk):
        """Choose it for the line-up of a day: the property's managers."""
        return self.verb(services.choose_story, "story")

    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """Withdraw it: it is told no more."""
        return self.verb(services.withdraw_story, "story")


class ThanksDoor(_Told):
    """Cards from one colleague to another."""

    model = Thanks
    serializer_class = ThanksSerializer
    filterset_class = ThanksFilterSet
    takes = {"create": NewThanks, "withdraw": Nothing}

    def create(self, request):
        """Thank a colleague for what they did on an incident."""
        return self.once(lambda: services.give_thanks(actor=request.user, **self.body()), status=201)

    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk):
        """Take a card back: its words are emptied."""
        return self.verb(services.withdraw_thanks, "thanks")


class ImprovementDoor(_Told):
    """Work on causes that recur, with how often they did before and do after."""

    model = Improvement
    serializer_class = ImprovementSerializer
    filterset_class = ImprovementFilterSet
    takes = {
        "create": NewImprovement,
        "partial_update": ImprovementChange,
        "finish": WhatWasDone,
        "drop": WhyDropped,
    }

    def create(self, request):
        """Begin work on a cause: the property's managers."""
        return self.once(lambda: services.open_improvement(actor=request.user, **self.body()), status=201)

    def partial_update(self, request, pk):
        """Change its aim, owner or due date."""
        return self.change_matching(services.change_improvement, "improvement")

    @action(detail=True, methods=["post"])
    def finish(self, request, pk):
        """Say that it is done: from then on its effect is counted."""
        return self.verb(services.finish_improvement, "improvement")

    @action(detail=True, methods=["post"])
    def drop(self, request, pk):
        """Give it up, and say why."""
        return self.verb(services.drop_improvement, "improvement")
