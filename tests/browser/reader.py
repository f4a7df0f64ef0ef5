"""Somebody at a browser: a page of their own, everything it logged, everything it asked for."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

LIVE = "[hx-trigger^='every']"
POLL = re.compile(r"/(list|live)/\?")
SLACK_MS = 50


class Reader:
    """A fresh context. Whatever lands in its console, or asks another origin, must have been expected.

    With `clock` the page's clock runs as usual but can be moved forward, so that nobody waits for a timer.
    """

    def __init__(
        self, browser: Browser, origin: str, session: str = "", clock: bool = False, **options: object
    ) -> None:
        self.origin = origin
        options = {"reduced_motion": "reduce", **options}  # a beating dot keeps a core of the machine busy
        self.context: BrowserContext = browser.new_context(base_url=origin, **options)
        self.context.set_default_timeout(10_000)
        self.problems: list[str] = []
        self.requests: list[Request] = []
        self._expected: list[str] = []
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.problems.append(str(error.error)))
        self.context.on("request", lambda request: self.requests.append(request))
        if session:
            self.context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
        if clock:
            self.context.clock.install()
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def expects(self, pattern: str) -> None:
        """Something that matches may be logged in this test."""
        self._expected.append(pattern)

    def poll(self) -> Response:
        """The live region's next look at the server, now instead of at its next tick. What came of it."""
        with self.page.expect_response(lambda response: bool(POLL.search(response.url))) as looked:
            self.page.evaluate(f"htmx.trigger(document.querySelector(\"{LIVE}\"), 'every')")
        looked.value.finished()
        return looked.value

    def later(self, seconds: float) -> None:
        """Moves the page's clock forward; timers that are due on the way fire once."""
        self.page.clock.fast_forward(int(seconds * 1000) + SLACK_MS)

    def stop_clock(self) -> None:
        """Time on the page passes by `later` alone, until `page.clock.resume()`."""
        self.page.clock.pause_at(self.page.evaluate("Date.now() / 1000 + 0.1"))

    @property
    def interval(self) -> float:
        """Seconds between two looks, as the page has it."""
        trigger = self.page.locator(LIVE).first.get_attribute("hx-trigger") or ""
        return float(trigger.removeprefix("every ").removesuffix("s"))

    @property
    def polls(self) -> list[Request]:
        return [request for request in self.requests if POLL.search(request.url)]

    def close(self) -> None:
        """Fails if the console holds anything unexpected or another origin was asked."""
        self.context.close()
        unexpected = [text for text in self.problems if not any(re.search(p, text) for p in self._expected)]
        assert not unexpected, "\n".join(unexpected)
        strangers = {r.url for r in self.requests if not r.url.startswith((f"{self.origin}/", "data:", "blob:"))}
        assert not strangers, strangers

    def _note_console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        self.problems.append(f"{message.type}: {message.text} ({where})")


Visit = Callable[..., Reader]
