"""What Django's debug page and its error reports may show of the variables at hand: never a key."""

import re
from collections.abc import ItemsView
from types import FrameType, TracebackType
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.views.debug import SafeExceptionReporterFilter

_SECRET = re.compile(
    r"key|secret|password|passwd|token|sealed|header|contents|connection|given|used|told|cleaned|body|args|options"
    r"|clear|link|context"
)


class Discreet(SafeExceptionReporterFilter):
    """Hides what is marked as sensitive also where DEBUG is on, and everywhere what by its name may hold a secret."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> MultiValueDict[str, Any]:
        """The names alone: a value may be a password, whatever its field is called."""
        return self.get_cleansed_multivaluedict(request, request.POST) if request else MultiValueDict()

    def get_cleansed_multivaluedict(self, request: HttpRequest | None, multivaluedict: Any) -> Any:
        hidden = multivaluedict.copy()
        for name in hidden:
            hidden[name] = self.cleansed_substitute
        return hidden

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType | TracebackType
    ) -> ItemsView[str, Any]:
        shown = super().get_traceback_frame_variables(request, tb_frame)
        return {name: self.cleansed_substitute if _SECRET.search(name) else value for name, value in shown}.items()
