"""The desk as a web application: its first page, its pages, pictures, and what they ask for."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bilderatlas.desk.guard import Guard
from bilderatlas.desk.holdings import FIELDS, Holdings
from bilderatlas.desk.page import Page, Standing
from bilderatlas.desk.previews import SIDES, Previews
from bilderatlas.desk.registry import PAGES
from bilderatlas.desk.saying import ConflictError, SaidError
from bilderatlas.errors import InputError
from bilderatlas.show.labels import label, read_labels
from bilderatlas.show.pages import data_text

HERE = Path(__file__).parent


class Desk:
    """All that the addresses of the desk answer.

    Raises:
        InputError: the collection has not been read, or a table of decisions is none.
    """

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.previews = Previews(holdings.resources / "desk" / "previews")
        holdings.pictures  # noqa: B018  a collection that is not there is said before the server starts
        self.pages: dict[str, Page] = {page.name: page(holdings, self.previews) for page in PAGES}
        self.standing = {name: Standing(page) for name, page in self.pages.items()}
        for name, page in self.pages.items():
            page.journal.mend()
            self.standing[name].since()
        # what is checked against the rows so far and the row that is added belong together
        self.deciding = threading.Lock()
        self.templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=True,
        )
        self.templates.globals.update(data=data_text, say=self.say)

    def say(self, key: str, **values: object) -> str:
        """Words of the desk, in its language."""
        return label(key, self.holdings.language, **values)

    def told(self, error: Exception) -> str:
        """The sentence of an error, in the desk's language where it is one of the desk's."""
        said = isinstance(error, SaidError)
        return error.say(self.holdings.language) if said else str(error)

    def input_error(self, _: Request, error: Exception) -> Response:
        """What is wrong with a file that a page asked for."""
        return JSONResponse({"error": self.told(error)}, 422)

    def words(self) -> dict[str, str]:
        """All words that scripts may need, with ``{name}`` still in them."""
        return {
            key.removeprefix("desk."): words[self.holdings.language]
            for key, words in read_labels().items()
            if key.startswith("desk.")
        }

    def render(self, template: str, **values: Any) -> HTMLResponse:
        """A page of HTML."""
        settings = {
            "words": self.words(), "fields": FIELDS, "sides": SIDES, "by": self.holdings.by,
            "language": self.holdings.language, "collection": self.holdings.collection,
        }  # fmt: skip
        page = self.templates.get_template(template)
        return HTMLResponse(
            page.render(
                holdings=self.holdings,
                language=self.holdings.language,
                settings=settings,
                **values,
            )
        )

    def page_of(self, request: Request) -> Page:
        """The page that an address names."""
        try:
            return self.pages[request.path_params["page"]]
        except KeyError:
            raise HTTPException(404, self.say("desk.refused_page")) from None

    def file_of(self, request: Request) -> Path:
        """The file of the picture that an address names by its id."""
        try:
            return self.holdings.pictures[request.query_params.get("id", "")]
        except KeyError:
            raise HTTPException(404, self.say("desk.refused_nobody")) from None

    def first(self, request: Request) -> Response:
        """The first page: which pages there are, and how far each is."""
        listed = []
        for name, page in self.pages.items():
            items, lacking = page.items()
            counted = {item["key"] for item in items if item["counts"]}
            listed.append(
                {
                    "name": name, "count": len(counted), "lacking": lacking,
                    "decided": len(counted & self.standing[name].decided()),
                    "taken": self.holdings.command(page.taken_over),
                    "file": self.holdings.target(page.journal.path),
                }
            )  # fmt: skip
        return self.render("first.html.j2", pages=listed, name="first", base="")

    def page(self, request: Request) -> Response:
        """A page without its worklist."""
        name = self.page_of(request).name
        return self.render(f"{name}.html.j2", name=name, base="../")

    def items(self, request: Request) -> Response:
        """A page's worklist and all that is decided so far."""
        page = self.page_of(request)
        items, lacking = page.items()
        standing = self.standing[page.name].since()
        return JSONResponse({"items": items, "lacking": lacking} | standing)

    def changes(self, request: Request) -> Response:
        """What was decided after a mark (``reading`` and ``count``)."""
        asked = request.query_params
        try:
            count = int(asked.get("count", "0"))
        except ValueError:
            count = 0
        standing = self.standing[self.page_of(request).name]
        return JSONResponse(standing.since(asked.get("reading", ""), count))

    async def decide(self, request: Request) -> Response:
        """Take one decision; it is on the disk before this answers."""
        page = self.page_of(request)
        try:
            asked = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise HTTPException(400, self.say("desk.refused_json")) from None
        if not isinstance(asked, dict):
            raise HTTPException(400, self.say("desk.refused_json"))
        return await run_in_threadpool(self._decide, page, asked)

    def _decide(self, page: Page, asked: dict[str, Any]) -> Response:
        standing = self.standing[page.name]
        reading, count = str(asked.get("reading", "")), asked.get("count")
        count = count if isinstance(count, int) else 0
        with self.deciding:
            try:
                row = page.row(asked, standing.history)
                if row is not None:
                    page.journal.append(row)
            except SaidError as refused:
                status = 409 if isinstance(refused, ConflictError) else 422
                told = {"error": self.told(refused)} | standing.since(reading, count)
                return JSONResponse(told, status)
        return JSONResponse(standing.since(reading, count))

    def look(self, request: Request) -> Response:
        """Size, state, record and crop of a picture; the crop as the run uses it, or null."""
        image_id = request.query_params.get("id", "")
        seen = self.previews.look(self.file_of(request))
        crop = self.holdings.crop_of(image_id)
        fits = crop is not None and (crop.width, crop.height) == (seen.width, seen.height)
        return JSONResponse(
            {
                "id": image_id, "width": seen.width, "height": seen.height, "stamp": seen.stamp,
                "record": self.holdings.record(image_id),
                "crop": {"box": crop.box, "turn": crop.turn} if fits else None,
            }
        )  # fmt: skip

    async def picture(self, request: Request) -> Response:
        """A picture, scaled."""
        try:
            side = int(request.query_params.get("side", ""))
            ahead = "ahead" in request.query_params
            data = await self.previews.get(self.file_of(request), side, ahead)
        except ValueError:
            raise HTTPException(400, self.say("desk.refused_side", sides=SIDES)) from None
        # the page names the picture's state in the address: another state, another address
        headers = {"cache-control": "private, max-age=86400"}
        return Response(data, media_type="image/jpeg", headers=headers)

    def routes(self) -> list[BaseRoute]:
        """All addresses, behind the token."""
        return [
            Route("/", self.first),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/look", self.look),
            Route("/picture", self.picture),
            Route("/{page}/", self.page),
            Route("/{page}/items", self.items),
            Route("/{page}/changes", self.changes),
            Route("/{page}/decide", self.decide, methods=["POST"]),
        ]


def make_app(holdings: Holdings, token: str) -> Guard:
    """The whole desk of one collection, as an ASGI application that asks for the token."""
    desk = Desk(holdings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.previews.close()

    app = Starlette(
        routes=desk.routes(),
        lifespan=lifespan,
        exception_handlers={InputError: desk.input_error, HTTPException: _http_error},
    )
    app.router.redirect_slashes = False
    return Guard(app, token)


def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)
