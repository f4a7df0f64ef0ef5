"""Looking at a page as it is drawn: axe, and what axe does not see, in both themes and at all widths."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = (HERE / "axe.min.js").read_text()
DRAWN = (HERE / "drawn.js").read_text()
WIDTHS = {320: 640, 390: 844, 820: 1180, 1440: 900}
AXE_WIDTHS = (390, 1440)
RUN = """([rules, but]) => axe
    .run({ exclude: but ? [but] : [] }, { resultTypes: ["violations"], preload: false, ...rules })
    .then((found) => found.violations.map((violation) =>
    `${violation.id}: ${violation.nodes.slice(0, 5).map((node) => node.target.join(" ")).join(" | ")}`))"""


def look_at(page: Page, but: str = "") -> list[str]:
    """Everything that is wrong with the page at some width or in some theme. Axe leaves out what `but` selects."""
    flaws = []
    page.evaluate(AXE)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        flaws += [f"{width} px: {flaw}" for flaw in page.evaluate(DRAWN)]
        if width in AXE_WIDTHS:
            flaws += [f"{width} px, {flaw}" for flaw in _violations(page, but)]
    return [f"{page.url} at {flaw}" for flaw in flaws]


def _violations(page: Page, but: str) -> list[str]:
    """Everything in the light, then colours alone in the dark: the page is the same but for them."""
    everything: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
    found = []
    for scheme, rules in (("light", everything), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{scheme}: {violation}" for violation in page.evaluate(RUN, [rules, but])]
    return found
