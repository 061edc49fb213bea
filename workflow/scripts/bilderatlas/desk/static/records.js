// Two records beside each other, and what they say differently.

import { say, settings } from "./api.js";

const element = (id) => document.getElementById(id);

export function showRecords(item, one, other) {
  element("id_a").textContent = item.a;
  element("id_b").textContent = item.b;
  const rows = settings.fields
    .filter((name) => one[name] || other[name])
    .map((name) => {
      const row = document.createElement("tr");
      const differs = one[name] !== other[name];
      if (differs) row.className = "differs";
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = say(`field_${name}`);
      row.append(head, cell(one[name], differs && other[name]), cell(other[name], differs && one[name]));
      return row;
    });
  document.querySelector("#records tbody").replaceChildren(...rows);
}

// a text, in which the words that the other one has not are marked
function cell(text, other) {
  const made = document.createElement("td");
  if (other === false) {
    made.textContent = text;
    return made;
  }
  const known = new Set(words(other));
  for (const part of (text || "–").split(/(\s+)/)) {
    if (!part.trim() || words(part).every((word) => known.has(word))) {
      made.append(part);
    } else {
      const mark = document.createElement("mark");
      mark.textContent = part;
      made.append(mark);
    }
  }
  return made;
}

function words(text) {
  return (text || "").toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
