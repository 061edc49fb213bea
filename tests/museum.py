"""A museum's web server on this machine: image services, manifests, pages, and its bad days."""

import io
import json
import re
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

FULL = (4000, 3000)
SIZES = [(500, 375), (1000, 750), (2000, 1500)]


def jpeg(width, height, tone=90):
    """The bytes of a grey picture with a slope, so that it does not shrink to nothing."""
    slope = Image.linear_gradient("L").resize((width, height)).point(lambda p: (p + tone) % 256)
    store = io.BytesIO()
    slope.save(store, "JPEG", quality=85)
    return store.getvalue()


def info(version, level, base, **more):
    """An info.json as servers of that version and level write it."""
    width, height = FULL
    sizes = [{"width": w, "height": h} for w, h in SIZES]
    found = {"width": width, "height": height, "protocol": "http://iiif.io/api/image"}
    if version == 3:
        found |= {"@context": "http://iiif.io/api/image/3/context.json", "id": base}
        found |= {"type": "ImageService3", "profile": f"level{level}"}
    else:
        found |= {"@context": "http://iiif.io/api/image/2/context.json", "@id": base}
        found |= {
            "profile": [f"http://iiif.io/api/image/2/level{level}.json", {"formats": ["jpg"]}]
        }
    return found | ({"sizes": sizes} if level == 0 else {}) | more


class Museum:
    """Serves ``/iiif/{version}/{level}/{name}/…`` by the rules, and what is put into ``answers``.

    Attributes:
        asked: how often each path was asked for.
        answers: path to (bytes, media type), or to a function of the handler.
        infos: what the info.json of a service says beside the usual, by its path.
    """

    def __init__(self):
        self.asked = Counter()
        self.answers = {}
        self.infos = {}
        self.headers = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # the standard library prescribes this name
                outer.asked[self.path] += 1
                outer.headers.append(dict(self.headers))
                found = outer.answers.get(self.path) or outer.image(self.path)
                if callable(found):
                    return found(self)
                return self.give(*found) if found else self.give(b"", "text/plain", 404)

            def give(self, content, kind="image/jpeg", status=200, length=None, **headers):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content) if length is None else length))
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, path, content, kind="image/jpeg"):
        """Serve bytes, or a thing as JSON, at a path; its address."""
        if isinstance(content, dict):
            content, kind = json.dumps(content).encode(), "application/ld+json;profile=x"
        self.answers[path] = (content, kind)
        return self.base + path

    def image(self, path):
        """What an image service gives, as strict as the compliance documents allow."""
        found = re.fullmatch(r"(/iiif/([23])/([012])/[^/]+)/(.*)", path)
        if not found:
            return None
        service, version, level = found[1], int(found[2]), int(found[3])
        said = info(version, level, self.base + service, **self.infos.get(service, {}))
        if found[4] == "info.json":
            return json.dumps(said).encode(), "application/ld+json"
        asked = re.fullmatch(r"full/([^/]+)/0/default\.jpg", found[4])
        size = asked and self.size(asked[1], version, level, said)
        return (jpeg(*size), "image/jpeg") if size else None

    @staticmethod
    def size(asked, version, level, said):
        width, height = said["width"], said["height"]
        most = min(said.get("maxWidth", width), width)
        whole = {3: ("max",), 2: ("full",)}[version]
        if asked in whole:
            return most, height * most // width
        if level == 0:
            listed = {f"{w},{h}": (w, h) for w, h in SIZES} if "sizes" in said else {}
            return listed.get(asked)
        if re.fullmatch(r"\d+,", asked) and int(asked[:-1]) <= most:
            return int(asked[:-1]), height * int(asked[:-1]) // width
        return None

    def close(self):
        """Stop serving."""
        self.http.shutdown()
        self.http.server_close()
