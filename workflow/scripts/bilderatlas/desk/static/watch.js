// Asks for what was decided in other tabs and by other people, until the desk has ended.

import { ask, connection, say, Refusal } from "./api.js";

const ASKED_EVERY = 2000; // milliseconds
const PATIENCE = 10; // failures in a row after which the desk is taken to have ended
const element = (id) => document.getElementById(id);

export class Watch {
  // list: the worklist that takes what came
  constructor(list) {
    this.list = list;
    this.failures = 0;
    this.down = false; // is it the server of which the banner tells?
    element("reconnect").addEventListener("click", () => this.reconnect());
  }

  start() {
    // also where nobody looks (browsers do it less often there): a tab must learn that the desk ended
    setInterval(() => this.follow(), ASKED_EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.follow());
  }

  async follow() {
    if (this.asking || connection.lost) return;
    this.asking = true;
    const { list } = this;
    try {
      const mark = new URLSearchParams({ reading: list.reading, count: list.count });
      const told = await ask(`changes?${mark}`);
      // whoever answers otherwise is not the desk
      if (typeof told.reading !== "string") throw new Refusal(say("no_server"), 404);
      this.failures = 0;
      element("open").hidden = !told.open;
      if (this.down) {
        this.down = false;
        list.tell("");
      }
      const keys = Object.keys(told.standing);
      if (keys.length || told.whole) {
        list.take(told);
        list.changed(told.whole ? null : keys);
      }
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.fail(refusal);
    } finally {
      this.asking = false;
    }
  }

  fail({ message, status }) {
    this.down = status === 0;
    if (element("banner").hidden) this.list.tell(message);
    if (status === 422) return; // a table that is broken; the desk is well
    this.failures = status === 404 ? PATIENCE : this.failures + 1;
    if (this.failures < PATIENCE) return;
    connection.lost = true;
    this.list.tell("");
    document.querySelector("link[rel=icon]")?.remove(); // the browser would ask for it again
    element("lost").hidden = false;
  }

  async reconnect() {
    connection.lost = false;
    this.failures = PATIENCE - 1; // one more try
    element("lost").hidden = true;
    await this.follow();
    const { current } = this.list;
    if (!connection.lost && current) this.list.go(current);
  }
}
