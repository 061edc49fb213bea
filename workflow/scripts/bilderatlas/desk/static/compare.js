// Two pictures: beside each other, or the second laid over the first as the rule aligned them.

import { say } from "./api.js";
import { isUsable, overlayMatrix, turned, turnMatrix } from "./geometry.js";

const GAP = 12;
const PERIOD = 650; // milliseconds that flicker shows one picture
export const VIEWS = ["beside", "overlay", "difference", "flicker"];

export class Compare {
  constructor(board) {
    this.board = board;
    this.view = "beside";
    this.behind = false;
    this.pictures = null;
    new ResizeObserver(() => this.draw()).observe(board);
  }

  // pictures: two of { bitmap, width, height, crop }, sizes in pixels of the scan, the crop as the run uses
  // it (for the rule aligned what the run sees) or null; transform: nine numbers or null; told: did the
  // rule flip the second one before it aligned them; mirrored: is it flipped here
  set(pictures, transform, told, mirrored) {
    const usable = isUsable(transform) ? transform : null;
    Object.assign(this, { pictures, told, mirrored, transform: usable });
    this.canvases = pictures?.map(cropped);
    this.board.replaceChildren(...(this.canvases ?? []));
    this.behind = false;
    this.draw();
  }

  show(view) {
    this.view = view;
    this.behind = false;
    clearInterval(this.timer);
    if (view === "flicker") this.timer = setInterval(() => this.swap(), PERIOD);
    this.draw();
  }

  // what the rule measured of one side of a picture says nothing of the other
  get aligned() {
    return this.mirrored === this.told ? this.transform : null;
  }

  mirror(mirrored) {
    this.mirrored = mirrored;
    this.draw();
  }

  // the second picture comes and goes; with hands, as often as somebody likes
  swap() {
    this.behind = !this.behind;
    this.board.classList.toggle("behind", this.behind && this.view !== "beside");
  }

  draw() {
    const { board, canvases, view } = this;
    board.className = view === "flicker" ? "" : view;
    board.classList.toggle("behind", this.behind && view !== "beside");
    if (!canvases) return;
    const { clientWidth, clientHeight } = board;
    const [a, b] = canvases;
    if (view === "beside") {
      const width = (clientWidth - 3 * GAP) / 2;
      this.place(a, [GAP, GAP, width, clientHeight - 2 * GAP], false);
      this.place(b, [2 * GAP + width, GAP, width, clientHeight - 2 * GAP], this.mirrored);
      return;
    }
    const frame = [GAP, GAP, clientWidth - 2 * GAP, clientHeight - 2 * GAP];
    const [left, top, width, height] = this.place(a, frame, false);
    const homography = this.aligned ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const matrix = overlayMatrix(homography, this.mirrored, [width, height], [b.width, b.height]);
    b.style.width = `${b.width}px`;
    b.style.height = `${b.height}px`;
    b.style.transform = `translate(${left}px, ${top}px) ${matrix}`;
  }

  // a picture as large as fits into a frame; where it lies
  place(canvas, [x, y, width, height], mirrored) {
    const scale = Math.min(width / canvas.width, height / canvas.height);
    const [wide, high] = [canvas.width * scale, canvas.height * scale];
    const [left, top] = [x + (width - wide) / 2, y + (height - high) / 2];
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
    canvas.style.transform = mirrored
      ? `translate(${left + wide}px, ${top}px) scaleX(-1)`
      : `translate(${left}px, ${top}px)`;
    return [left, top, wide, high];
  }

  // how far the overlay can be trusted
  words() {
    return say(this.aligned ? "aligned" : "not_aligned");
  }
}

// what of a scan the run sees, as a canvas
function cropped({ bitmap, width, height, crop }) {
  const { box, turn } = crop ?? { box: [0, 0, width, height], turn: 0 };
  const shown = turned(box, turn, width, height);
  const scale = bitmap.width / width;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round((shown[2] - shown[0]) * scale));
  canvas.height = Math.max(1, Math.round((shown[3] - shown[1]) * scale));
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.translate(-shown[0], -shown[1]);
  pen.transform(...turnMatrix(turn, width, height));
  pen.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}
