"""Words that are code, where a sentence has them between backticks."""

import re
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_CODE = re.compile("`([^`]+)`")


@register.filter
def coded(text: str) -> SafeString:
    """``Give `ipfs`.`` as HTML: what stands between backticks as <code>, all else escaped."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  escaped
