// The page of crops: a scan, a proposed box, two clicks, Space.

import { look, forget, picture, say } from "./api.js";
import { showFacts } from "./facts.js";
import {
  boxBetween, sameBox, shifted, turned, turnedSize, unturned, withEdge,
} from "./geometry.js";
import { Loupe } from "./loupe.js";
import { Stage } from "./stage.js";
import { giveBackFocus, isForPage, quit, Worklist } from "./worklist.js";

const FINEST = 4096; // the preview that the loupe shows
const element = (id) => document.getElementById(id);

// what is on the stage: the box lies in the scan as it is, whatever its turn
let now = null;
const decided = []; // items of this visit, so that Backspace finds the way back

const stage = new Stage(element("stage"), {
  click(point) {
    if (!now?.ready) return;
    if (now.half) {
      const box = boxBetween(now.half, point, ...turnedNow());
      now.half = null;
      if (box) change(box);
    } else {
      now.half = inside(point);
    }
    draw([point]);
  },
  drag(point, edges, from) {
    if (!now?.ready) return;
    now.before ??= { box: now.box, turn: now.turn };
    now.half = null;
    let box = seen();
    if (edges.length) {
      for (const edge of edges) box = withEdge(box, edge, point[edge % 2], ...turnedNow());
      now.active = edges[0];
    } else {
      box = boxBetween(inside(from), point, ...turnedNow()) ?? box;
    }
    now.box = unturned(box, now.turn, now.width, now.height);
    draw([point]);
  },
  dragged() {
    if (!now?.before) return;
    if (!sameBox(now.before.box, now.box)) now.history.push(now.before);
    now.before = null;
    now.touched = true;
    draw();
  },
  back,
  hover(point) {
    if (now?.ready) loupeAt([point]);
  },
});
const loupe = new Loupe(element("loupe"));

const list = new Worklist({
  filters: [
    ["filter_all", () => true],
    ["filter_open", (item, decision) => !decision],
    ["filter_done", (item, decision) => Boolean(decision)],
  ],
  note(item, decision) {
    if (decision) return [item.id, decision.by];
    return [item.id, item.confidence === null ? "" : `${Math.round(100 * item.confidence)} %`];
  },
  show,
  changed(keys) {
    if (!now || (keys && !keys.includes(now.item.key))) return;
    const decision = list.decision(now.item);
    // a box that somebody is drawing is not taken out of their hands
    if (!now.touched && !now.half && now.ready) start(now.item, now.seen);
    if (decision) {
      list.tell(say("decided_elsewhere", { by: decision.by }));
    }
    draw();
  },
});

async function show(item) {
  now = { item, ready: false, half: null, history: [] };
  list.tell("");
  element("title").textContent = item.title || say("untitled");
  element("id").textContent = item.id;
  element("facts").replaceChildren();
  stage.set(null, {});
  wait(say("loading"));
  const mine = now;
  try {
    const seen = await look(item.id);
    const bitmap = await picture(item.id, seen.stamp, stage.side());
    if (now !== mine) return;
    now.bitmap = bitmap;
    start(item, seen);
    wait("");
    draw();
    list.status(`${item.id}, ${item.title}`);
  } catch (fault) {
    if (now === mine) wait(fault.message);
    return;
  }
  for (const next of list.ahead(2)) {
    look(next.id).then((seen) => picture(next.id, seen.stamp, stage.side(), true)).catch(() => {});
  }
  setTimeout(() => now === mine && finer(mine), 250);
}

// the box to begin with: what was decided, else what the rule proposes, else the whole scan
function start(item, seen) {
  const { width, height } = seen;
  const decision = list.decision(item);
  const fits = item.width === null || (item.width === width && item.height === height);
  let from = "whole";
  let [box, turn] = [[0, 0, width, height], 0];
  if (item.box && fits) [box, turn, from] = [item.box, item.turn, "proposed"];
  const proposal = { box, turn };
  if (decision) [box, turn, from] = [decision.box, decision.turn, "decided"];
  Object.assign(now, {
    seen, width, height, box, turn, from, proposal, fits, ready: true, touched: false, active: 0,
    history: [], half: null, record: seen.record,
  });
}

// a sharper picture for the loupe, once nobody waits for another one
async function finer(mine) {
  if (Math.max(mine.width, mine.height) <= Math.max(mine.bitmap.width, mine.bitmap.height)) return;
  try {
    mine.fine = await picture(mine.item.id, mine.seen.stamp, FINEST, true);
  } catch {
    return; // the loupe goes on with what the stage has
  }
  if (now === mine) loupeAt();
}

const turnedNow = () => turnedSize(now.turn, now.width, now.height);
const seen = () => turned(now.box, now.turn, now.width, now.height);

function inside([x, y]) {
  const [width, height] = turnedNow();
  return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
}

// a new box, as it lies on the screen
function change(box) {
  now.history.push({ box: now.box, turn: now.turn });
  now.box = unturned(box, now.turn, now.width, now.height);
  now.touched = true;
}

function put(box, turn) {
  if (sameBox(box, now.box) && turn === now.turn && !now.half) return;
  now.history.push({ box: now.box, turn: now.turn });
  Object.assign(now, { box, turn, half: null, touched: true });
  draw();
}

function draw(points) {
  if (!now?.ready) return;
  const { bitmap, width, height, turn, half, active } = now;
  stage.set({ bitmap, width, height, turn }, { box: seen(), half, active });
  loupeAt(points);
  showFacts(now, list.decision(now.item) || decided.length);
}

let loupePoints = null;

function loupeAt(points) {
  loupePoints = points ?? (now.half ? loupePoints : null) ?? ends();
  const scan = { bitmap: now.fine ?? now.bitmap, width: now.width, height: now.height, turn: now.turn };
  loupe.draw(scan, now.half ? null : seen(), loupePoints, stage.scale);
}

// both ends of the edge that the keys move: a scan that lies askew shows there
function ends() {
  const [left, top, right, bottom] = seen();
  return [
    [[left, top], [left, bottom]], [[left, top], [right, top]],
    [[right, top], [right, bottom]], [[left, bottom], [right, bottom]],
    [[left, top], [right, bottom]],
  ][now.active];
}

async function accept() {
  if (!now?.ready || now.asking || now.half) {
    if (now?.half) list.tell(say("half_first"));
    return;
  }
  const mine = now;
  mine.asking = true;
  const { item, box, turn } = mine;
  const kept = await list.decide({ key: item.key, box, turn, stamp: mine.seen.stamp });
  mine.asking = false;
  if (!kept) {
    forget(item.key);
    return;
  }
  decided.push(item);
  if (now !== mine) return;
  if (!list.next()) {
    start(item, mine.seen);
    draw();
    list.tell(say("all_done"));
  }
}

// Backspace and the right button: the first corner, then the last change, then the last decision.
async function back() {
  if (!now || now.asking) return;
  if (now.half) {
    now.half = null;
    draw();
  } else if (now.history.length) {
    Object.assign(now, now.history.pop());
    now.touched = now.history.length > 0;
    draw();
  } else {
    const item = list.decision(now.item) ? now.item : decided.at(-1);
    if (!item || !list.decision(item)) return;
    const mine = now;
    mine.asking = true;
    const taken = await list.decide({ key: item.key, box: null });
    mine.asking = false;
    if (!taken) return;
    const place = decided.lastIndexOf(item);
    if (place >= 0) decided.splice(place, 1);
    list.go(item);
    list.tell(say("taken_back", { id: item.id }));
  }
}

function skip(by) {
  if (by > 0) list.next() || list.step(1);
  else list.step(by);
}

function turnBy(degrees) {
  if (!now?.ready) return;
  // the edge that is at work stays the same edge of the scan
  if (now.active < 4) now.active = (now.active + (degrees === 90 ? 1 : 3)) % 4;
  put(now.box, (now.turn + degrees) % 360);
}

function whole() {
  if (now?.ready) put([0, 0, now.width, now.height], now.turn);
}

function propose() {
  if (now?.ready) put(now.proposal.box, now.proposal.turn);
}

const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

// one pixel of the screen; Shift: ten; Alt: one pixel of the scan
function move(event) {
  const [across, down] = ARROWS[event.key];
  const screen = Math.max(1, Math.round(1 / stage.scale));
  const step = event.altKey ? 1 : screen * (event.shiftKey ? 10 : 1);
  let box = seen();
  if (now.active === 4) {
    box = shifted(box, across * step, down * step, ...turnedNow());
  } else {
    const by = now.active % 2 ? down : across;
    if (!by) {
      // an arrow across the edge chooses the edge that lies there
      now.active = across < 0 ? 0 : across > 0 ? 2 : down < 0 ? 1 : 3;
      draw();
      return;
    }
    box = withEdge(box, now.active, box[now.active] + by * step, ...turnedNow());
  }
  if (sameBox(box, seen())) return;
  now.half = null;
  const going = event.repeat && now.history.length;
  if (going) now.box = unturned(box, now.turn, now.width, now.height);
  else change(box);
  draw();
}

const KEYS = {
  " ": accept, Enter: accept, Backspace: back, Escape: quit, w: whole, p: propose,
  n: () => skip(1), b: () => skip(-1), PageDown: () => list.step(1), PageUp: () => list.step(-1),
  e: (event) => now && choose((now.active + (event.shiftKey ? 4 : 1)) % 5),
  r: (event) => turnBy(event.shiftKey ? 270 : 90),
};

function choose(edge) {
  if (!now?.ready) return;
  now.active = edge;
  draw();
}

document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  if (ARROWS[event.key]) {
    if (now?.ready) move(event);
  } else if (/^[1-5]$/.test(event.key)) {
    choose(Number(event.key) - 1);
  } else {
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.altKey || (event.repeat && act === accept)) return;
    act(event);
  }
  event.preventDefault();
});

for (const [id, act] of Object.entries({
  accept, undo: back, turn: () => turnBy(90), whole, proposal: propose, next: () => skip(1),
})) {
  element(id).addEventListener("click", act);
}
giveBackFocus(element("stage"));

function wait(text) {
  element("wait").textContent = text;
  element("wait").hidden = !text;
}

window.desk = { stage, list, get now() { return now; } }; // for whoever looks into the page
element("stage").focus({ preventScroll: true });
list.load().then(
  () => list.lacking && list.tell(say("lacking_crops_command", { command: list.lacking })),
  (fault) => list.tell(fault.message),
);
