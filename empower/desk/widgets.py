"""What a form of the desk is made of: django-unfold's where that is installed, else Django's own."""

from django import forms
from django.apps import apps

if apps.is_installed("unfold"):
    from unfold import widgets
    from unfold.admin import ModelAdmin, TabularInline

    TextWidget, PasswordWidget = widgets.UnfoldAdminTextInputWidget, widgets.UnfoldAdminPasswordWidget
    CheckboxesWidget = widgets.UnfoldAdminCheckboxSelectMultipleWidget
else:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.admin.widgets import AdminTextInputWidget

    TextWidget, PasswordWidget, CheckboxesWidget = (
        AdminTextInputWidget,
        forms.PasswordInput,
        forms.CheckboxSelectMultiple,
    )

__all__ = ["CheckboxesWidget", "ModelAdmin", "PasswordWidget", "TabularInline", "TextWidget"]
