from typing import Any

import pytest

from .asking import Asker, ask_with_asyncio, ask_with_threads


@pytest.fixture(params=[ask_with_asyncio, ask_with_threads], ids=["asyncio", "threads"])
def ask(request: Any) -> Asker:
    """Asks with the async client, then with the sync one."""
    return Asker(request.param)
