"""What Django's debug page and its error reports may show of the variables at hand: never a key."""

import re
from collections.abc import ItemsView
from types import FrameType, TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

_SECRET = re.compile(
    r"key|secret|password|passwd|token|sealed|header|contents|connection|given|used|told|cleaned|body|args|options"
)


class Discreet(SafeExceptionReporterFilter):
    """Hides what is marked as sensitive also where DEBUG is on, and everywhere what by its name may hold a secret."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType | TracebackType
    ) -> ItemsView[str, Any]:
        shown = super().get_traceback_frame_variables(request, tb_frame)
        return {name: self.cleansed_substitute if _SECRET.search(name) else value for name, value in shown}.items()
