"""How a template takes a figure out of a report."""

from django import template

register = template.Library()


@register.filter
def named(report, name):
    return report.figure(name)


@register.filter
def in_each_currency(report, name):
    return report.in_each_currency(name)
