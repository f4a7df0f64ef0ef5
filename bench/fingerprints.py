"""How many failures a core can group in a second, beside the least that any such function must do."""

import re
import time
from collections.abc import Callable

from dashboard.fingerprint import fingerprint_of
from tests.failures import rendered
from tests.failures.templates_ours import TEMPLATES
from tests.failures.templates_pipeline import TEMPLATES as TEMPLATES_OF_A_PIPELINE

MESSAGES = 10_000
_DIGITS = re.compile(r"\d+")


def fingerprints(cluster: str | None, is_quick: bool) -> dict[str, float]:
    """Generated messages, each another one; the reference only replaces their digits. CPU time of one core."""
    templates = (*TEMPLATES, *TEMPLATES_OF_A_PIPELINE)
    texts = [message.text for message in rendered(templates, MESSAGES // 5 if is_quick else MESSAGES)]
    per_second = _per_second(fingerprint_of, texts)
    reference = _per_second(lambda text: _DIGITS.sub("#", text), texts)
    return {"fingerprints": per_second, "re.sub of the digits / fingerprints": reference / per_second}


def _per_second(work: Callable[[str], object], texts: list[str]) -> float:
    """The best of three turns: others may work on this machine."""
    return max(_turn(work, texts) for _ in range(3))


def _turn(work: Callable[[str], object], texts: list[str]) -> float:
    started = time.process_time()
    for text in texts:
        work(text)
    return len(texts) / (time.process_time() - started)
