// The page of crops: a scan, a proposed box, two clicks, Space.

import { ask, forget, look, picture, say } from "./api.js";
import { ALL, CropState } from "./crop_state.js";
import { showFacts } from "./facts.js";
import { giveBackFocus, isForPage, quit } from "./keys.js";
import { Loupe } from "./loupe.js";
import { Stage } from "./stage.js";
import { Worklist } from "./worklist.js";

const FINEST = 4096; // the preview that the loupe shows
const element = (id) => document.getElementById(id);

let now = null; // { item, seen, state, bitmap, fine }: what is on the stage; state once it is there
let under = null; // the point or points that the loupe shows

const loupe = new Loupe(element("loupe"));
const stage = new Stage(element("stage"), {
  click(point) {
    now?.state?.click(point);
    draw([point]);
  },
  drag(point, edges, from) {
    now?.state?.drag(point, edges, from);
    draw([point]);
  },
  dragged() {
    now?.state?.dragged();
    draw();
  },
  hover(point) {
    if (now?.state) drawLoupe([point]);
  },
  back,
});

const list = new Worklist({
  filters: [
    ["filter_all", () => true],
    ["filter_open", (item, decision) => !decision],
    ["filter_done", (item, decision) => Boolean(decision)],
  ],
  note(item, decision) {
    if (decision) return [item.id, decision.by];
    return [item.id, item.confidence === null ? "" : `${Math.min(99, Math.round(100 * item.confidence))} %`];
  },
  show,
  changed(keys) {
    if (!now?.state || (keys && !keys.includes(now.item.key))) return;
    const decision = list.decision(now.item);
    // a box that somebody is drawing is not taken out of their hands
    if (!now.state.touched && !now.state.half) now.state = begin(now.item, now.seen);
    if (decision) list.tell(say("decided_elsewhere", { by: decision.by }));
    draw();
  },
});

async function show(item) {
  const mine = { item };
  now = mine;
  list.tell("");
  element("title").textContent = item.title || say("untitled");
  element("id").textContent = item.id;
  element("facts").replaceChildren();
  stage.set(null, {});
  wait(say("loading"));
  try {
    const seen = await look(item.id);
    const bitmap = await picture(item.id, seen.stamp, stage.side());
    if (now !== mine) return;
    Object.assign(now, { seen, bitmap, state: begin(item, seen) });
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
function begin(item, { width, height }) {
  const decision = list.decision(item);
  let from = "whole";
  let [box, turn] = [[0, 0, width, height], 0];
  if (item.box && fits(item, width, height)) [box, turn, from] = [item.box, item.turn, "proposed"];
  const proposal = { box, turn };
  if (decision) [box, turn, from] = [decision.box, decision.turn, "decided"];
  return new CropState({ width, height, box, turn, from, proposal });
}

function fits(item, width, height) {
  return item.width === null || (item.width === width && item.height === height);
}

// a sharper picture for the loupe, once nobody waits for another one
async function finer(mine) {
  const { bitmap, item, seen } = mine;
  if (Math.max(seen.width, seen.height) <= Math.max(bitmap.width, bitmap.height)) return;
  try {
    mine.fine = await picture(item.id, seen.stamp, FINEST, true);
  } catch {
    return; // the loupe goes on with what the stage has
  }
  if (now === mine) drawLoupe();
}

function draw(points) {
  if (!now?.state) return;
  const { bitmap, item, seen, state } = now;
  const { width, height, turn, shown, half, active } = state;
  stage.set({ bitmap, width, height, turn }, { box: shown, half, active });
  drawLoupe(points);
  showFacts(item, seen.record, state, fits(item, width, height), list.undoable());
}

function drawLoupe(points) {
  const { state } = now;
  under = points ?? (state.half ? under : null) ?? state.ends();
  const { width, height, turn } = state;
  const scan = { bitmap: now.fine ?? now.bitmap, width, height, turn };
  loupe.draw(scan, state.half ? null : state.shown, under, stage.scale);
}

async function accept() {
  if (!now?.state || now.asking) return;
  if (now.state.half) {
    list.tell(say("half_first"));
    return;
  }
  const mine = now;
  const { item, seen, state: { box, turn } } = mine;
  mine.asking = true;
  const kept = await list.decide({ key: item.key, box, turn, stamp: seen.stamp });
  mine.asking = false;
  if (!kept) {
    forget(item.key);
    return;
  }
  list.made.push(item);
  if (now !== mine || list.next()) return;
  mine.state = begin(item, seen);
  draw();
  list.tell(say("all_done"));
}

// Backspace and the right button: the first corner, then the last change, then the last decision.
async function back() {
  if (!now || now.asking) return;
  if (now.state?.undo()) {
    draw();
    return;
  }
  const item = list.undoable();
  if (!item) return;
  const mine = now;
  mine.asking = true;
  const taken = await list.decide({ key: item.key, undo: true, rows: list.rowsOf(item) });
  mine.asking = false;
  if (!taken) {
    if (now === mine && mine.state && !mine.state.touched) mine.state = begin(mine.item, mine.seen);
    draw();
    return;
  }
  list.undone(item);
  list.go(item);
  list.tell(say("taken_back", { id: item.id }));
}

// something that is done to the box
const change = (act) => (event) => {
  if (!now?.state) return;
  act(now.state, event);
  draw();
};

function skip() {
  if (!list.next()) list.step(1);
}

const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

// one pixel of the screen; Shift: ten; Alt: one pixel of the scan
const move = change((state, event) => {
  const screen = Math.max(1, Math.round(1 / stage.scale));
  const step = event.altKey ? 1 : screen * (event.shiftKey ? 10 : 1);
  state.arrow(ARROWS[event.key], step, event.repeat);
});
const whole = change((state) => state.whole());
const propose = change((state) => state.propose());
const turn = change((state, event) => state.turnBy(event.shiftKey ? 270 : 90));
const edge = change((state, event) => {
  state.active = (state.active + (event.shiftKey ? ALL : 1)) % (ALL + 1);
});
const numbered = change((state, event) => { state.active = Number(event.key) - 1; });

const KEYS = {
  " ": accept, Enter: accept, Backspace: back, Escape: quit, w: whole, p: propose, e: edge, r: turn,
  n: skip, b: () => list.step(-1), PageDown: () => list.step(1), PageUp: () => list.step(-1),
};
for (const key of Object.keys(ARROWS)) KEYS[key] = move;
for (const key of "12345") KEYS[key] = numbered;

document.addEventListener("keydown", (event) => {
  if (!isForPage(event)) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (event.altKey && act !== move)) return;
  event.preventDefault();
  if (!event.repeat || act === move) act(event);
});
for (const [id, act] of Object.entries({ accept, undo: back, turn, whole, proposal: propose, skip })) {
  element(id).addEventListener("click", act);
}
giveBackFocus(element("stage"));

function wait(text) {
  element("wait").textContent = text;
  element("wait").hidden = !text;
}

window.desk = { ask, list, stage, get now() { return now; } }; // for whoever looks into the page
element("stage").focus({ preventScroll: true });
list.load().then(
  () => list.lacking && list.tell(say("lacking_crops_command", { command: list.lacking })),
  (fault) => list.tell(fault.message),
);
