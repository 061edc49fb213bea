// What the page of crops tells of a scan and of the box on it.

import { number, say } from "./api.js";
import { turnedSize, EDGES } from "./geometry.js";

const OFF = 0.05; // share by which a box may differ from the record before it is pointed at
const element = (id) => document.getElementById(id);

// state: as in crop_state.js; fits: is the proposal for a scan of this size; undoable: is there a decision
// that could be taken back
export function showFacts(item, record, state, fits, undoable) {
  const size = [state.box[2] - state.box[0], state.box[3] - state.box[1]];
  const [wide, high] = turnedSize(state.turn, ...size);
  const rows = [
    ["box", say(state.half ? "box_half" : `box_${state.touched ? "hand" : state.from}`)],
    ["kept", `${number(wide, 0)} × ${number(high, 0)} px`],
    ["scan_size", `${number(state.width, 0)} × ${number(state.height, 0)} px`],
    ["edge", say(`edge_${EDGES[state.active] ?? "all"}`)],
  ];
  if (state.turn) rows.push(["turned", `${state.turn}°`]);
  rows.push(["aspect", number(wide / high, 3)]);
  const { expected } = item;
  if (expected) {
    const off = Math.abs(wide / high / expected - 1);
    const words = `${number(expected, 3)} (${say("off", { percent: number(100 * off, 1) })})`;
    rows.push(["expected", words, off > OFF]);
  }
  if (item.note) rows.push(["reason", item.note]);
  if (!fits) rows.push(["reason", say("other_size"), true]);
  for (const name of ["date", "makers", "size", "technique"]) {
    if (record[name]) rows.push([`field_${name}`, record[name]]);
  }
  element("facts").replaceChildren(...rows.flatMap(([name, text, off]) => {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = say(name);
    told.textContent = text;
    if (off) told.className = "off";
    return [term, told];
  }));
  element("undo").disabled = !(state.half || state.history.length || undoable);
  element("proposal").disabled = state.isProposal;
}
