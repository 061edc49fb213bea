// What the page of crops tells of a scan and of the box on it.

import { number, say } from "./api.js";
import { sameBox, turnedSize, EDGES } from "./geometry.js";

const OFF = 0.05; // share by which a box may differ from the record before it is pointed at
const element = (id) => document.getElementById(id);

// now: the box as crops.js has it; undoable: is there a decision that could be taken back
export function showFacts(now, undoable) {
  const size = [now.box[2] - now.box[0], now.box[3] - now.box[1]];
  const [wide, high] = turnedSize(now.turn, ...size);
  const rows = [
    ["box", say(now.half ? "box_half" : `box_${now.touched ? "hand" : now.from}`)],
    ["kept", `${number(wide, 0)} × ${number(high, 0)} px`],
    ["scan_size", `${number(now.width, 0)} × ${number(now.height, 0)} px`],
    ["edge", say(`edge_${EDGES[now.active] ?? "all"}`)],
  ];
  if (now.turn) rows.push(["turned", `${now.turn}°`]);
  rows.push(["aspect", number(wide / high, 3)]);
  const { expected } = now.item;
  if (expected) {
    const off = Math.abs(wide / high / expected - 1);
    const words = `${number(expected, 3)} (${say("off", { percent: number(100 * off, 1) })})`;
    rows.push(["expected", words, off > OFF]);
  }
  if (now.item.reason) rows.push(["reason", now.item.reason]);
  if (!now.fits) rows.push(["reason", say("other_size"), true]);
  for (const name of ["date", "makers", "size", "technique"]) {
    if (now.record[name]) rows.push([`field_${name}`, now.record[name]]);
  }
  element("facts").replaceChildren(...rows.flatMap(([name, text, off]) => {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = say(name);
    told.textContent = text;
    if (off) told.className = "off";
    return [term, told];
  }));
  element("undo").disabled = !(now.half || now.history.length || undoable);
  const { box, turn } = now.proposal;
  element("proposal").disabled = sameBox(box, now.box) && turn === now.turn;
}
