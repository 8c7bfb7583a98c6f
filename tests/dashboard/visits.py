"""A visit to a page in a real browser, and what it must never do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Response

from observatory.dashboard.server import Server

Theme = Literal["light", "dark"]
DESKTOP, PHONE = (1280, 900), (320, 720)


@dataclass
class Visit:
    """One page, what it said on the console, and what it asked for."""

    page: Page
    server: Server
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def go(self, path: str) -> None:
        """Open a page of the site and wait until nothing more is asked for."""
        self.page.goto(f"{self.server.address}site/{path}")
        self.page.wait_for_load_state("networkidle")

    def check(self) -> None:
        """Fail on any error, refused load, script that ran from a name, or request elsewhere."""
        assert self.errors == []
        assert self.foreign == []

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    @property
    def transferred(self) -> int:
        """Bytes of bodies that came over the wire, as they were packed."""
        return sum(self.sizes.values())


@contextmanager
def visit(
    browser: Browser,
    server: Server,
    *,
    size: tuple[int, int] = DESKTOP,
    theme: Theme = "light",
    scripts: bool = True,
) -> Iterator[Visit]:
    """A visit in a profile of its own."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=theme,
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(20_000)
    made = Visit(context.new_page(), server)
    own = urlsplit(server.address).netloc

    def asked(request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https", "ws", "wss"):
            made.foreign += [request.url] if urlsplit(request.url).netloc != own else []

    def answered(response: Response) -> None:
        made.sizes[response.url] = int(response.headers.get("content-length", 0))
        if response.status >= 400 and not response.url.endswith("/nothing.html"):
            made.errors.append(f"{response.status} {response.url}")

    page = made.page
    page.on("request", asked)
    page.on("response", answered)
    page.on("pageerror", lambda error: made.errors.append(str(error)))
    page.on("dialog", lambda dialog: made.errors.append(f"a dialog: {dialog.message}"))
    page.on("console", lambda said: made.errors.append(said.text) if said.type == "error" else None)
    try:
        yield made
    finally:
        context.close()
