// Boxes on a scan and its quarter turns. A box is [left, top, right, bottom] in pixels, right and
// bottom exclusive, so its numbers are the lines between pixels. "Turned" is as it lies on the screen.

export const EDGES = ["left", "top", "right", "bottom"];

// the box of a scan of width x height, turned clockwise by 0, 90, 180 or 270 degrees
export function turned([left, top, right, bottom], turn, width, height) {
  if (turn === 90) return [height - bottom, left, height - top, right];
  if (turn === 180) return [width - right, height - bottom, width - left, height - top];
  if (turn === 270) return [top, width - right, bottom, width - left];
  return [left, top, right, bottom];
}

export function unturned(box, turn, width, height) {
  const [wide, high] = turnedSize(turn, width, height);
  return turned(box, (360 - turn) % 360, wide, high);
}

export function turnedSize(turn, width, height) {
  return turn % 180 ? [height, width] : [width, height];
}

// the canvas transform that draws a scan turned
export function turnMatrix(turn, width, height) {
  if (turn === 90) return [0, 1, -1, 0, height, 0];
  if (turn === 180) return [-1, 0, 0, -1, width, height];
  if (turn === 270) return [0, -1, 1, 0, 0, width];
  return [1, 0, 0, 1, 0, 0];
}

// the box between two corners, whole pixels inside the scan, or null where it has no area
export function boxBetween([x0, y0], [x1, y1], width, height) {
  const box = [
    clamp(Math.round(Math.min(x0, x1)), 0, width), clamp(Math.round(Math.min(y0, y1)), 0, height),
    clamp(Math.round(Math.max(x0, x1)), 0, width), clamp(Math.round(Math.max(y0, y1)), 0, height),
  ];
  return box[0] < box[2] && box[1] < box[3] ? box : null;
}

// one edge (0 to 3) moved to a line; it stops one pixel before its opposite
export function withEdge(box, edge, line, width, height) {
  const moved = [...box];
  const end = edge % 2 ? height : width;
  const [low, high] = edge < 2 ? [0, box[edge + 2] - 1] : [box[edge - 2] + 1, end];
  moved[edge] = clamp(Math.round(line), low, high);
  return moved;
}

// the whole box moved, its size kept
export function shifted([left, top, right, bottom], across, down, width, height) {
  const x = clamp(Math.round(across), -left, width - right);
  const y = clamp(Math.round(down), -top, height - bottom);
  return [left + x, top + y, right + x, bottom + y];
}

// edges near a point (one, or two that meet at a corner); reach in pixels of the scan
export function edgesAt(box, [x, y], reach) {
  const within = (value, low, high) => value >= low - reach && value <= high + reach;
  const near = [];
  const across = within(y, box[1], box[3]);
  const along = within(x, box[0], box[2]);
  const [left, right] = [Math.abs(x - box[0]), Math.abs(x - box[2])];
  const [top, bottom] = [Math.abs(y - box[1]), Math.abs(y - box[3])];
  if (across && Math.min(left, right) <= reach) near.push(left <= right ? 0 : 2);
  if (along && Math.min(top, bottom) <= reach) near.push(top <= bottom ? 1 : 3);
  return near;
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

export function sameBox(one, other) {
  return Boolean(one && other) && one.every((value, index) => value === other[index]);
}

// A homography takes normalised coordinates of picture b (flipped left-right first where it is
// mirrored) to those of picture a. This is the CSS matrix that lays b, shown at size b, over a, shown
// at size a; both sizes are [width, height] in pixels of the screen.
export function overlayMatrix(homography, mirrored, [aw, ah], [bw, bh]) {
  const flip = mirrored ? [-1, 0, 1, 0, 1, 0, 0, 0, 1] : [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const m = product(
    product([aw, 0, 0, 0, ah, 0, 0, 0, 1], homography),
    product(flip, [1 / bw, 0, 0, 0, 1 / bh, 0, 0, 0, 1]),
  );
  const css = [m[0], m[3], 0, m[6], m[1], m[4], 0, m[7], 0, 0, 1, 0, m[2], m[5], 0, m[8]];
  return `matrix3d(${css.map((value) => value.toPrecision(12)).join(", ")})`;
}

// Can a homography be shown? One that tears the picture open (its horizon runs through it) or shrinks it
// to a splinter is no alignment, whatever the rule that found it says.
export function isUsable(homography) {
  if (!homography) return false;
  const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => {
    const [u, v, w] = [0, 3, 6].map((row) => homography[row] * x + homography[row + 1] * y + homography[row + 2]);
    return [u / w, v / w, w];
  });
  const depths = corners.map(([, , w]) => w / homography[8]);
  if (!depths.every((depth) => depth > 0.2 && depth < 5)) return false;
  const area = corners.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % 4];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
  return area > 0.02 && area < 50;
}

function product(a, b) {
  const result = [];
  for (let row = 0; row < 3; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      let sum = 0;
      for (let k = 0; k < 3; k += 1) sum += a[3 * row + k] * b[3 * k + column];
      result.push(sum);
    }
  }
  return result;
}
