// The box on one scan: what is set, half set, and how to get back. It knows nothing of the page.
// `box` lies in the scan as it is; points and `shown` as they lie on the screen, turned.

import {
  boxBetween, clamp, sameBox, shifted, turned, turnedSize, unturned, withEdge,
} from "./geometry.js";

export const ALL = 4; // the active edge that means the whole box

export class CropState {
  // from: where the box comes from (whole, proposed, decided); proposal: what P goes back to
  constructor({ width, height, box, turn, from, proposal }) {
    Object.assign(this, { width, height, box, turn, from, proposal });
    this.history = [];
    this.half = null; // the first of two corners
    this.active = 0; // the edge that the keys move: 0 to 3, or ALL
    this.before = null; // where a drag began
  }

  get size() {
    return turnedSize(this.turn, this.width, this.height);
  }

  get shown() {
    return turned(this.box, this.turn, this.width, this.height);
  }

  get touched() {
    return this.history.length > 0 || Boolean(this.before);
  }

  get isProposal() {
    return sameBox(this.proposal.box, this.box) && this.proposal.turn === this.turn;
  }

  inside([x, y]) {
    const [width, height] = this.size;
    return [clamp(x, 0, width), clamp(y, 0, height)];
  }

  // the first click is half a box, the second one makes it whole
  click(point) {
    const corner = this.inside(point);
    if (!this.half) {
      this.half = corner;
      return;
    }
    const box = boxBetween(this.half, corner, ...this.size);
    this.half = null;
    if (box) this.change(box);
  }

  drag(point, edges, from) {
    this.before ??= { box: this.box, turn: this.turn };
    this.half = null;
    let box = this.shown;
    if (edges.length) {
      for (const edge of edges) box = withEdge(box, edge, point[edge % 2], ...this.size);
      [this.active] = edges;
    } else {
      box = boxBetween(this.inside(from), this.inside(point), ...this.size) ?? box;
    }
    this.box = unturned(box, this.turn, this.width, this.height);
  }

  dragged() {
    if (this.before && !sameBox(this.before.box, this.box)) this.history.push(this.before);
    this.before = null;
  }

  change(shown) {
    this.history.push({ box: this.box, turn: this.turn });
    this.box = unturned(shown, this.turn, this.width, this.height);
  }

  put(box, turn) {
    this.half = null;
    if (sameBox(box, this.box) && turn === this.turn) return;
    this.history.push({ box: this.box, turn: this.turn });
    Object.assign(this, { box, turn });
  }

  whole() {
    this.put([0, 0, this.width, this.height], this.turn);
  }

  propose() {
    this.put(this.proposal.box, this.proposal.turn);
  }

  // clockwise by 90 or 270; the active edge stays the same edge of the scan
  turnBy(degrees) {
    if (this.active !== ALL) this.active = (this.active + degrees / 90) % 4;
    this.put(this.box, (this.turn + degrees) % 360);
  }

  // An arrow key: it moves the active edge along, or chooses the edge that lies that way. A key that is
  // held down is one change.
  arrow([across, down], step, held) {
    let box = this.shown;
    if (this.active === ALL) {
      box = shifted(box, across * step, down * step, ...this.size);
    } else {
      const by = this.active % 2 ? down : across;
      if (!by) {
        this.active = across < 0 ? 0 : across > 0 ? 2 : down < 0 ? 1 : 3;
        return;
      }
      box = withEdge(box, this.active, box[this.active] + by * step, ...this.size);
    }
    if (sameBox(box, this.shown)) return;
    this.half = null;
    if (held && this.history.length) this.box = unturned(box, this.turn, this.width, this.height);
    else this.change(box);
  }

  // One step back; false where there is none.
  undo() {
    if (this.half) {
      this.half = null;
      return true;
    }
    if (!this.history.length) return false;
    Object.assign(this, this.history.pop());
    return true;
  }

  // both ends of the active edge: a scan that lies askew shows there
  ends() {
    const [left, top, right, bottom] = this.shown;
    return [
      [[left, top], [left, bottom]], [[left, top], [right, top]],
      [[right, top], [right, bottom]], [[left, bottom], [right, bottom]],
      [[left, top], [right, bottom]],
    ][this.active];
  }
}
