"""The domain: what a hotel's people do, in their words. Each app is a room; they look down, never up.

Models say what is stored, querysets what is asked, services what is done, permissions who may.
Everything else (forms, serializers, filters, views, viewsets, admin, commands) is a door to them.
"""
