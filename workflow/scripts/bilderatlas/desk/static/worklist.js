// The worklist at the left, progress and time left, and the decisions as the disk has them: what all
// pages share. Decisions of other tabs and of other people come in by way of watch.js.

import { ask, number, say, Refusal } from "./api.js";
import { Watch } from "./watch.js";

const ROW = 40; // pixels, as in desk.css
const element = (id) => document.getElementById(id);

export class Worklist {
  // filters: [[name of the words, test(item)], ...]; note(item): [text, text] under a title;
  // show(item) is called for a new current item, changed(keys) when decisions came from elsewhere
  constructor({ filters, note, show, changed }) {
    Object.assign(this, { filters, note, show, changed });
    this.items = [];
    this.listed = [];
    this.index = new Map();
    this.made = []; // items decided in this visit, so that undo finds the way back
    this.watch = new Watch(this);
    this.standing = {};
    this.current = null;
    this.reading = "";
    this.count = 0;
    this.pace = null;
    this.list = element("list");
    this.rows = document.createElement("div");
    this.list.append(this.rows);
    this.list.addEventListener("scroll", () => this.drawList());
    new ResizeObserver(() => this.drawList()).observe(this.list);
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.go(this.listed[Number(row.dataset.index)]);
    });
    const select = element("filter");
    for (const [name] of filters) select.add(new Option(say(name), name));
    select.addEventListener("change", () => this.refilter(true));
  }

  async load() {
    const told = await ask("items");
    this.items = told.items;
    this.index = new Map(this.items.map((item, index) => [item.key, index]));
    this.lacking = told.lacking;
    this.take(told);
    this.refilter(false);
    const wanted = this.index.get(decodeURIComponent(location.hash.slice(1)));
    const first = this.items[wanted] ?? this.undecidedAfter(-1) ?? this.listed[0];
    if (first) this.go(first);
    this.watch.start();
  }

  decision(item) {
    return this.standing[item.key]?.decision ?? null;
  }

  rowsOf(item) {
    return this.standing[item.key]?.rows ?? 0;
  }

  // what undo takes back: the decision on the current item, else the last of this visit that stands
  undoable() {
    if (this.current && this.decision(this.current)) return this.current;
    while (this.made.length && !this.decision(this.made.at(-1))) this.made.pop();
    return this.made.at(-1) ?? null;
  }

  undone(item) {
    const place = this.made.lastIndexOf(item);
    if (place >= 0) this.made.splice(place, 1);
  }

  go(item) {
    this.current = item;
    history.replaceState(null, "", `#${encodeURIComponent(item.key)}`);
    const place = this.listed.indexOf(item);
    if (place >= 0) {
      const top = place * ROW;
      const { scrollTop, clientHeight } = this.list;
      if (top < scrollTop || top + 2 * ROW > scrollTop + clientHeight) {
        this.list.scrollTop = top - clientHeight / 3;
      }
    }
    this.drawList();
    this.show(item);
  }

  // the next item that is to be decided, from there on and then from the start
  undecidedAfter(place) {
    const count = this.listed.length;
    for (let step = 1; step <= count; step += 1) {
      const item = this.listed[(place + step + count) % count];
      if (!this.decision(item) && item !== this.current) return item;
    }
    return null;
  }

  place() {
    const found = this.listed.indexOf(this.current);
    if (found >= 0) return found;
    // decided, and therefore no longer among those listed: stay where it stood
    const index = this.index.get(this.current?.key) ?? -1;
    const after = this.listed.findIndex((item) => this.index.get(item.key) > index);
    return (after < 0 ? this.listed.length : after) - 1;
  }

  next() {
    const item = this.undecidedAfter(this.place());
    if (item) this.go(item);
    return Boolean(item);
  }

  ahead(count) {
    const found = [];
    const place = this.place();
    for (let step = 1; step <= this.listed.length && found.length < count; step += 1) {
      const item = this.listed[place + step];
      if (!item) break;
      if (!this.decision(item)) found.push(item);
    }
    return found;
  }

  step(by) {
    const item = this.listed[this.place() + by];
    if (item) this.go(item);
  }

  // One decision. True once it is on the disk; else the page stays, and the banner says why.
  async decide(body) {
    try {
      this.take(await ask("decide", { ...body, reading: this.reading, count: this.count }));
      this.tell("");
      return true;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (refusal.told?.reading) this.take(refusal.told);
      this.tell(refusal.status ? refusal.message : say("not_kept"));
      this.watch.down = refusal.status === 0;
      return false;
    }
  }

  take(told) {
    if (told.whole) this.standing = {};
    Object.assign(this.standing, told.standing);
    this.reading = told.reading;
    this.count = told.count;
    this.pace = told.pace;
    element("open").hidden = !told.open;
    if (told.faults.length) this.tell(told.faults[0]);
    this.refilter(false);
  }

  refilter(jump) {
    const select = element("filter");
    const [, test] = this.filters[Math.max(0, select.selectedIndex)];
    this.listed = this.items.filter((item) => test(item, this.decision(item)));
    this.drawList();
    this.drawProgress();
    if (jump && !this.listed.includes(this.current)) {
      const first = this.undecidedAfter(-1) ?? this.listed[0];
      if (first) this.go(first);
    }
  }

  drawProgress() {
    const counted = this.items.filter((item) => item.counts);
    const done = counted.filter((item) => this.decision(item)).length;
    const left = counted.length - done;
    element("bar").max = Math.max(1, counted.length);
    element("bar").value = done;
    const values = { done: number(done, 0), count: number(counted.length, 0) };
    const tally = element("tally");
    tally.replaceChildren(say("tally_of", values));
    if (left && this.pace) {
      const time = document.createElement("b");
      time.textContent = say("time_left", { time: duration(left * this.pace) });
      tally.append(" · ", time);
    }
  }

  // only the rows in sight are in the page: a list of 16,000 scrolls as one of ten
  drawList() {
    const { scrollTop, clientHeight } = this.list;
    const from = Math.max(0, Math.floor(scrollTop / ROW) - 4);
    const to = Math.min(this.listed.length, Math.ceil((scrollTop + clientHeight) / ROW) + 4);
    this.rows.style.height = `${this.listed.length * ROW}px`;
    this.rows.replaceChildren(
      ...this.listed.slice(from, to).map((item, index) => this.row(item, from + index)),
    );
  }

  row(item, index) {
    const row = document.createElement("button");
    row.className = "row";
    row.tabIndex = -1;
    row.dataset.index = index;
    row.style.top = `${index * ROW}px`;
    if (item === this.current) row.setAttribute("aria-current", "true");
    const decision = this.decision(item);
    const mark = span("mark", decision ? "✓" : "·");
    const title = span("title", item.title || item.id || item.a);
    const note = span("note", "");
    const notes = this.note(item, decision);
    note.append(...notes.map((text) => span("", text)));
    row.title = `${item.title}\n${notes[0]}`;
    row.append(mark, title, note);
    return row;
  }

  tell(text) {
    const banner = element("banner");
    banner.textContent = text;
    banner.hidden = !text;
  }

  status(text) {
    element("status").textContent = text;
  }
}

export function span(name, text) {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

export function duration(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
