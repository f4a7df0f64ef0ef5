"""Which tests stay together when processes share them (pytest-xdist, `-n 3`)."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class FileByFile(LoadScopeScheduling):
    """The tests of a file run in one process, one after the other, for they may share fixtures. Those of the browser
    are as one file: they share Chromium and an installation. What has the most tests begins first."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return BROWSER if file.startswith(BROWSER) else file


@pytest.hookimpl(optionalhook=True)  # with `-p no:xdist` nobody asks
def pytest_xdist_make_scheduler(config: Any, log: Any) -> FileByFile:
    return FileByFile(config, log)
