// What every page asks of the server, and the words that it shows.

export const settings = JSON.parse(document.getElementById("settings").textContent);

// words of labels.csv, with {name} filled in
export function say(key, values = {}) {
  return (settings.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function number(value, digits = 2) {
  return value.toLocaleString(settings.language, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
}

export class Refusal extends Error {
  constructor(message, status, told) {
    super(message);
    this.status = status; // 0: no answer
    this.told = told;
  }
}

// The address is a secret: once the desk has ended, its port may be another user's, and nothing
// more is sent there until a person says that the desk is back.
export const connection = { lost: false };

export async function ask(address, body) {
  if (connection.lost) throw new Refusal(say("no_server"), 0);
  const options = body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", ...options });
  } catch {
    throw new Refusal(say("no_server"), 0);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(told.error ?? say("no_server"), answer.status, told);
  return told;
}

const KEPT = 6;
const pictures = new Map(); // address -> promise of an ImageBitmap; the last used are kept

// The preview of a picture as an ImageBitmap; the side is a number of screen pixels.
export function picture(id, stamp, side, ahead = false) {
  const fitting = settings.sides.find((one) => one >= side) ?? settings.sides.at(-1);
  const address = `../picture?${new URLSearchParams({ id, side: fitting, stamp })}`;
  const kept = pictures.get(address);
  pictures.delete(address);
  const promise = kept ?? load(address, ahead);
  pictures.set(address, promise);
  for (const oldest of pictures.keys()) {
    if (pictures.size <= KEPT) break;
    pictures.delete(oldest);
  }
  promise.catch(() => pictures.delete(address));
  return promise;
}

async function load(address, ahead) {
  if (connection.lost) throw new Refusal(say("no_server"), 0);
  let answer;
  try {
    answer = await fetch(address + (ahead ? "&ahead" : ""));
  } catch {
    throw new Refusal(say("no_server"), 0);
  }
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Refusal(told.error ?? say("no_picture"), answer.status);
  }
  return createImageBitmap(await answer.blob());
}

const looks = new Map();

// size, state and record of a picture
export function look(id) {
  if (!looks.has(id)) {
    const promise = ask(`../look?${new URLSearchParams({ id })}`);
    promise.catch(() => looks.delete(id));
    looks.set(id, promise);
  }
  return looks.get(id);
}

export function forget(id) {
  looks.delete(id);
}
