// The scan on its canvas with the box over it. It draws and tells what the pointer does; what a click
// means is decided in crops.js. All boxes and points here are turned: as they lie on the screen.

import { edgesAt, turnedSize, turnMatrix } from "./geometry.js";

const REACH = 8; // pixels of the screen within which an edge is caught
const CLICK = 3; // pixels of the screen that a click may move
const MARGIN = 24;
const ACCENT = "#f0a92e";

export class Stage {
  // handlers: click(point), drag(point, edges, from), dragged(), back(), hover(point, edges)
  constructor(canvas, handlers) {
    this.canvas = canvas;
    this.handlers = handlers;
    this.scan = null;
    this.pointer = null;
    this.pressed = null;
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", () => { this.pressed = null; });
    canvas.addEventListener("pointerleave", () => { this.pointer = null; this.draw(); });
    canvas.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      handlers.back();
    });
  }

  // scan: { bitmap, width, height, turn }, sizes in pixels of the scan; state: { box, half, active }
  set(scan, state) {
    this.scan = scan;
    this.state = state;
    this.draw();
  }

  // pixels of the screen, in both directions, that the preview has to fill
  side() {
    const { clientWidth, clientHeight } = this.canvas;
    return Math.max(clientWidth, clientHeight) * Math.min(2, window.devicePixelRatio || 1);
  }

  // pixels of the screen for one of the scan
  get scale() {
    if (!this.scan) return 1;
    const [width, height] = turnedSize(this.scan.turn, this.scan.width, this.scan.height);
    const { clientWidth, clientHeight } = this.canvas;
    return Math.min((clientWidth - 2 * MARGIN) / width, (clientHeight - 2 * MARGIN) / height);
  }

  origin() {
    const [width, height] = turnedSize(this.scan.turn, this.scan.width, this.scan.height);
    const { clientWidth, clientHeight } = this.canvas;
    return [(clientWidth - width * this.scale) / 2, (clientHeight - height * this.scale) / 2];
  }

  // where a point of the turned scan lies in the page: for tests and for nothing else
  pageOf([x, y]) {
    const place = this.canvas.getBoundingClientRect();
    const [left, top] = this.origin();
    return [place.left + left + x * this.scale, place.top + top + y * this.scale];
  }

  pointOf(event) {
    const place = this.canvas.getBoundingClientRect();
    const [left, top] = this.origin();
    return [
      (event.clientX - place.left - left) / this.scale,
      (event.clientY - place.top - top) / this.scale,
    ];
  }

  down(event) {
    if (!this.scan || event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const point = this.pointOf(event);
    const { box, half } = this.state;
    const edges = box && !half ? edgesAt(box, point, REACH / this.scale) : [];
    this.pressed = { point, edges, at: [event.clientX, event.clientY], moved: false };
  }

  move(event) {
    if (!this.scan) return;
    this.pointer = this.pointOf(event);
    const { pressed } = this;
    if (pressed) {
      const far = Math.hypot(event.clientX - pressed.at[0], event.clientY - pressed.at[1]);
      pressed.moved ||= far > CLICK;
      if (pressed.moved) this.handlers.drag(this.pointer, pressed.edges, pressed.point);
    }
    const { box, half } = this.state;
    const edges = pressed?.edges
      ?? (box && !half ? edgesAt(box, this.pointer, REACH / this.scale) : []);
    this.canvas.style.cursor = cursor(edges);
    this.handlers.hover(this.pointer, edges);
    this.draw();
  }

  up(event) {
    const { pressed } = this;
    this.pressed = null;
    if (!pressed) return;
    if (pressed.moved) this.handlers.dragged();
    else this.handlers.click(this.pointOf(event));
  }

  draw() {
    const pen = sized(this.canvas);
    if (!this.scan?.bitmap) return;
    const [left, top] = this.origin();
    const { scale } = this;
    const [width, height] = turnedSize(this.scan.turn, this.scan.width, this.scan.height);
    pen.save();
    pen.translate(left, top);
    pen.scale(scale, scale);
    drawScan(pen, this.scan);
    const { box, half, active } = this.state;
    const rubber = half && this.pointer
      ? [Math.min(half[0], this.pointer[0]), Math.min(half[1], this.pointer[1]),
        Math.max(half[0], this.pointer[0]), Math.max(half[1], this.pointer[1])]
      : null;
    const shown = half ? rubber : box;
    if (shown) {
      pen.fillStyle = "rgba(24, 24, 24, .62)";
      pen.beginPath();
      pen.rect(0, 0, width, height);
      pen.rect(shown[0], shown[1], shown[2] - shown[0], shown[3] - shown[1]);
      pen.fill("evenodd");
    }
    pen.restore();
    const to = ([x, y]) => [left + x * scale, top + y * scale];
    if (half) {
      const [x, y] = to(half);
      line(pen, [x, 0], [x, this.canvas.clientHeight], 1, true);
      line(pen, [0, y], [this.canvas.clientWidth, y], 1, true);
    }
    if (shown) drawBox(pen, [...to(shown), ...to(shown.slice(2))], half ? null : active);
  }
}

// a scan in its own pixels, turned
export function drawScan(pen, { bitmap, width, height, turn }) {
  pen.save();
  pen.imageSmoothingQuality = "high";
  pen.transform(...turnMatrix(turn, width, height));
  pen.drawImage(bitmap, 0, 0, width, height);
  pen.restore();
}

// the canvas as large as it is shown, cleared; its pen draws in pixels of the page
export function sized(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return pen;
}

function drawBox(pen, [left, top, right, bottom], active) {
  const sides = [
    [[left, top], [left, bottom]], [[left, top], [right, top]],
    [[right, top], [right, bottom]], [[left, bottom], [right, bottom]],
  ];
  sides.forEach(([from, to], edge) => {
    const strong = active === 4 || active === edge;
    line(pen, from, to, strong ? 3 : 1.5, false);
  });
  for (const x of [left, right]) {
    for (const y of [top, bottom]) {
      pen.fillStyle = ACCENT;
      pen.fillRect(x - 3, y - 3, 6, 6);
    }
  }
}

// a line that is seen on light and on dark
export function line(pen, [x0, y0], [x1, y1], width, dashed) {
  for (const [colour, wide] of [["rgba(0, 0, 0, .6)", width + 2], [ACCENT, width]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = wide;
    pen.setLineDash(dashed && colour === ACCENT ? [6, 4] : []);
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function cursor(edges) {
  if (!edges.length) return "crosshair";
  if (edges.length === 2) return edges.includes(0) === edges.includes(1) ? "nwse-resize" : "nesw-resize";
  return edges[0] % 2 ? "ns-resize" : "ew-resize";
}
