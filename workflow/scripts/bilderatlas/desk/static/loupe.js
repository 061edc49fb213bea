// The loupe: what lies under the pointer, or at both ends of the edge that the keys move.

import { drawScan, line, sized } from "./stage.js";

const GAP = 2;

export class Loupe {
  constructor(canvas) {
    this.canvas = canvas;
    this.last = null;
    new ResizeObserver(() => this.last && this.draw(...this.last)).observe(canvas);
  }

  // scan: as on the stage, its bitmap the finest there is; points: one or two, of the turned scan
  draw(scan, box, points, scale) {
    this.last = [scan, box, points, scale];
    const pen = sized(this.canvas);
    if (!scan?.bitmap) return;
    const { clientWidth, clientHeight } = this.canvas;
    const width = (clientWidth - GAP * (points.length - 1)) / points.length;
    pen.fillStyle = "#3c3c3c";
    if (points.length > 1) pen.fillRect(width, 0, GAP, clientHeight);
    points.forEach((point, index) => {
      this.patch(pen, scan, box, point, [index * (width + GAP), 0, width, clientHeight], scale);
    });
  }

  patch(pen, scan, box, [x, y], [left, top, width, height], scale) {
    // a pixel of the scan for one of the screen, or up to four times what the stage shows
    const zoom = Math.max(1, Math.min(4 * scale, 4));
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    pen.translate(left + width / 2, top + height / 2);
    pen.scale(zoom, zoom);
    pen.translate(-x, -y);
    drawScan(pen, scan);
    pen.restore();
    pen.save();
    pen.beginPath();
    pen.rect(left, top, width, height);
    pen.clip();
    const to = (px, py) => [left + width / 2 + (px - x) * zoom, top + height / 2 + (py - y) * zoom];
    if (box) {
      const corners = [to(box[0], box[1]), to(box[2], box[1]), to(box[2], box[3]), to(box[0], box[3])];
      corners.forEach((corner, index) => line(pen, corner, corners[(index + 1) % 4], 1, false));
    } else {
      line(pen, [left + width / 2, top], [left + width / 2, top + height], 1, false);
      line(pen, [left, top + height / 2], [left + width, top + height / 2], 1, false);
    }
    pen.restore();
  }
}
