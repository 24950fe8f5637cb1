"""The API's router, and how an error looks in the API."""

urlpatterns = []
