"""Pages in a real Chromium: the one on the PATH, driven by playwright, with nothing fetched."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Error

from tests.chromium import find_chromium
from tests.desk_server import Collection, DeskServer

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="package")  # its event loop would be in the way of other tests
def chromium():
    """The browser; tests/conftest.py leaves these tests out where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    """A browser that knows nothing yet; what its pages complain of fails the test."""
    context = chromium.new_context(viewport=SIZE)
    context.set_default_timeout(15_000)
    context.faults = []
    context.on("weberror", lambda error: context.faults.append(str(error.error)))
    context.on("console", lambda message: _note(context.faults, message))
    yield context
    context.close()
    assert not context.faults


def _note(faults, message):
    # a server that is killed, and a decision that is refused, are part of some tests
    expected = ("Failed to load resource", "net::ERR_")
    if message.type == "error" and not any(words in message.text for words in expected):
        faults.append(message.text)


@pytest.fixture
def draw(tmp_path):
    """Draw a scan: a bright photograph with structure on dark ground; gives its file."""

    def draw(name: str, width: int = 900, height: int = 600, box=None) -> Path:
        left, top, right, bottom = box or (width // 5, height // 6, width - 40, height - 50)
        rng = np.random.default_rng(len(name) + width)
        scan = np.full((height, width, 3), 40, np.uint8)
        slope = np.linspace(120, 240, right - left)[None, :, None]
        grain = rng.normal(0, 9, (bottom - top, right - left, 3))
        scan[top:bottom, left:right] = (slope + grain).clip(0, 255)
        folder = tmp_path / "pictures"
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.jpg"
        Image.fromarray(scan).save(file, quality=92)
        return file

    return draw


@pytest.fixture
def serve():
    """Start the desk of a collection; whatever is left running is ended."""
    servers = []

    def serve(collection: Collection, *options: str) -> DeskServer:
        servers.append(DeskServer(collection, *options).start())
        return servers[-1]

    yield serve
    for server in servers:
        server.stop()


@pytest.fixture
def open_page(context):
    """Open a page of a desk in a tab of its own, and wait until its first item is there."""

    def open_page(server: DeskServer, name: str):
        page = context.new_page()
        page.goto(server.address + name + "/")
        return ready(page)

    return open_page


def until(page, expression: str, arg=None, seconds: float = 15) -> None:
    """Wait until an expression is true in a page.

    Playwright's own wait evaluates text in the page, which the desk's policy forbids, as it should.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            if page.evaluate(f"arg => Boolean({expression})", arg):
                return
        except Error as error:  # the page is just being left
            if "context was destroyed" not in str(error):
                raise
        assert time.monotonic() < end, f"never true: {expression} ({arg})"
        page.wait_for_timeout(40)


def ready(page):
    """Wait until the current item is on the stage."""
    until(page, "window.desk?.now && (desk.now.state || desk.now.ready)")
    return page


def current(page) -> str:
    """The key of the item that a page shows."""
    return page.evaluate("desk.now.item.key")


def shows(page, key: str) -> None:
    """Wait until a page shows an item."""
    until(page, "window.desk?.now?.item.key === arg && (desk.now.state || desk.now.ready)", key)
