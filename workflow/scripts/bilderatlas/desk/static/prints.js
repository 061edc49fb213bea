// The page of prints: a pair of pictures, and what they are to each other.

import { look, number, picture, say } from "./api.js";
import { Compare, VIEWS } from "./compare.js";
import { giveBackFocus, isForPage, quit } from "./keys.js";
import { showRecords } from "./records.js";
import { Worklist } from "./worklist.js";

const element = (id) => document.getElementById(id);
const compare = new Compare(element("pair"));
let now = null;

const of = (...relations) => (item) => relations.includes(item.relation);
const list = new Worklist({
  filters: [
    ["filter_pairs", of("print", "variant", "")],
    ["filter_open_pairs", (item, decision) => !decision && of("print", "variant", "")(item)],
    ["filter_prints", of("print")],
    ["filter_variants", of("variant")],
    ["filter_same_file", of("same_file")],
    ["filter_series", of("series")],
    ["filter_done", (item, decision) => Boolean(decision)],
    ["filter_all", () => true],
  ],
  note(item, decision) {
    const word = decision?.relation ?? item.relation;
    const score = item.score === null || decision ? "" : ` ${Math.round(100 * item.score)} %`;
    return [`${item.a} · ${item.b}`, (word ? say(`relation_${word}`) : "") + score];
  },
  show,
  changed(keys) {
    if (!now || (keys && !keys.includes(now.item.key))) return;
    const decision = list.decision(now.item);
    tellDecision();
    list.tell(decision ? say("decided_elsewhere", { by: decision.by }) : "");
  },
});

async function show(item) {
  const mine = { item, ready: false };
  now = mine;
  list.tell("");
  wait(say("loading"));
  compare.set(null);
  showRecords(item, {}, {});
  tellDecision();
  enable(false);
  try {
    const seen = await Promise.all([look(item.a), look(item.b)]);
    if (now !== mine) return;
    showRecords(item, seen[0].record, seen[1].record);
    const side = element("pair").clientWidth * Math.min(2, window.devicePixelRatio || 1) * 0.75;
    const bitmaps = await Promise.all(seen.map((one) => picture(one.id, one.stamp, side)));
    if (now !== mine) return;
    now.ready = true;
    tellDecision();
    const pictures = seen.map((one, index) => ({ bitmap: bitmaps[index], ...one }));
    compare.set(pictures, item.transform, item.mirrored, element("mirrored").checked);
    enable(true);
    tellAlignment();
    wait("");
    list.status(`${item.a}, ${item.b}`);
    for (const next of list.ahead(1)) {
      for (const id of [next.a, next.b]) {
        look(id).then((one) => picture(id, one.stamp, side, true)).catch(() => {});
      }
    }
  } catch (fault) {
    if (now === mine) wait(fault.message);
  }
}

// what stands: a decision of a person, else the word of the rule
function tellDecision() {
  const { item } = now;
  const decision = list.decision(item);
  const standing = decision ?? item;
  element("mirrored").checked = standing.mirrored;
  element("cut").checked = standing.cut;
  mirror(standing.mirrored);
  for (const button of element("relations").children) {
    const is = button.dataset.relation;
    button.setAttribute("aria-pressed", String(decision?.relation === is));
    button.classList.toggle("told", !decision && item.relation === is);
  }
  element("undo").disabled = !list.undoable();
  element("word").textContent = decision
    ? say("decided_by", { by: decision.by, at: decision.at.slice(0, 10) })
    : ruleWord(item);
}

function mirror(mirrored) {
  compare.mirror(mirrored);
  tellAlignment();
}

function tellAlignment() {
  element("aligned").textContent = now.ready ? compare.words() : "";
}

// nobody decides on a pair that is not there yet
function enable(ready) {
  for (const button of element("relations").children) button.disabled = !ready;
  for (const id of ["mirrored", "cut"]) element(id).disabled = !ready;
}

function ruleWord(item) {
  if (!item.relation) return "";
  const relation = say(`relation_${item.relation}`);
  const parts = [say(item.source === "hand" ? "hand_says" : "rule_says", { relation })];
  if (item.score !== null) parts.push(say("score", { score: number(item.score) }));
  if (item.inliers) parts.push(say("inliers", { count: number(item.inliers, 0) }));
  if (item.correlation !== null) parts.push(say("correlation", { value: number(item.correlation) }));
  return parts.join(" · ");
}

async function decide(relation) {
  if (!now?.ready || now.asking) return;
  const mine = now;
  const { item } = mine;
  mine.asking = true;
  const kept = await list.decide({
    a: item.a, b: item.b, relation,
    mirrored: element("mirrored").checked, cut: element("cut").checked,
  });
  mine.asking = false;
  if (!kept) return;
  list.made.push(item);
  if (now !== mine) return;
  if (!list.next()) {
    tellDecision();
    list.tell(say("all_done"));
  }
}

// Space takes the word of the rule
function confirm() {
  if (!now?.ready) return;
  const relation = list.decision(now.item)?.relation ?? now.item.relation;
  if (["print", "variant", "no", "same_file"].includes(relation)) decide(relation);
  else list.tell(say("no_word"));
}

// Backspace: the decision on this pair, else the last one of this visit
async function undo() {
  if (!now || now.asking) return;
  const item = list.undoable();
  if (!item) return;
  const mine = now;
  mine.asking = true;
  const taken = await list.decide({
    a: item.a, b: item.b, relation: "undo", rows: list.rowsOf(item),
  });
  mine.asking = false;
  if (!taken) {
    tellDecision();
    return;
  }
  list.undone(item);
  if (item !== now.item) list.go(item);
  else tellDecision();
  list.tell(say("taken_back", { id: `${item.a} · ${item.b}` }));
}

function showView(view) {
  compare.show(view);
  for (const button of element("views").children) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

function toggle(id) {
  if (!now?.ready) return;
  element(id).checked = !element(id).checked;
  if (id === "mirrored") mirror(element(id).checked);
}

const KEYS = {
  " ": confirm, Enter: confirm, Backspace: undo, Escape: quit,
  1: () => decide("print"), p: () => decide("print"),
  2: () => decide("variant"), v: () => decide("variant"),
  3: () => decide("no"), n: () => decide("no"),
  4: () => decide("same_file"), s: () => decide("same_file"),
  ArrowRight: () => list.step(1), ArrowLeft: () => list.step(-1),
  ArrowDown: () => list.step(1), ArrowUp: () => list.step(-1),
  x: () => compare.swap(), m: () => toggle("mirrored"), c: () => toggle("cut"),
};
for (const view of VIEWS) KEYS[view[0]] = () => showView(view);

document.addEventListener("keydown", (event) => {
  if (!isForPage(event) || event.altKey) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act || (event.repeat && !event.key.startsWith("Arrow"))) return;
  event.preventDefault();
  act();
});
element("relations").addEventListener("click", (event) => {
  const { relation } = event.target.dataset;
  if (relation) decide(relation);
});
element("views").addEventListener("click", (event) => {
  const { view } = event.target.dataset;
  if (view) showView(view);
});
element("undo").addEventListener("click", undo);
element("mirrored").addEventListener("change", () => mirror(element("mirrored").checked));
giveBackFocus(element("pair"));

function wait(text) {
  element("wait").textContent = text;
  element("wait").hidden = !text;
}

window.desk = { compare, list, get now() { return now; } }; // for whoever looks into the page
showView("beside");
element("pair").focus({ preventScroll: true });
list.load().then(
  () => {
    if (list.lacking) list.tell(say("lacking_prints_command", { command: list.lacking }));
    if (!list.items.length) wait(say("no_pairs"));
  },
  (fault) => list.tell(fault.message),
);
