"""The schema and its readable form. Both are open to anybody: they hold nothing of anyone."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

Schema = SpectacularAPIView.as_view()
Docs = SpectacularSwaggerSplitView.as_view(url_name="schema")
