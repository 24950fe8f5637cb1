"""The schema and its readable form. Both are open to anybody: they hold nothing of anyone."""

from functools import lru_cache
from threading import Lock

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


@lru_cache(maxsize=16)
def _drawn(_language, version):
    return SchemaGenerator(api_version=version).get_schema(request=None, public=True)


# drf-spectacular finds its extensions while it draws, and is not made for two threads that do so at once.
_drawing = Lock()


class _Once(SchemaGenerator):
    """Draws the schema once in each process and language: it takes seconds, and only a new release changes it."""

    def get_schema(self, request=None, public=False):
        with _drawing:
            return _drawn(get_language(), self.api_version)


Schema = SpectacularAPIView.as_view(generator_class=_Once)
Docs = SpectacularSwaggerSplitView.as_view(url_name="schema")
