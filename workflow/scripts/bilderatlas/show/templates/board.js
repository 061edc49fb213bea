"use strict";
// What both kinds of pages share: reading data, the card of a picture, plotly's words.

function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Titles come from catalogues: they are set as text, never as HTML.
function addLine(parent, name, text) {
  if (!text) return;
  const line = document.createElement("div");
  line.className = name;
  line.textContent = text;
  parent.append(line);
}

function makeImage(address) {
  const image = document.createElement("img");
  image.src = address;
  image.alt = "";
  return image;
}

function showCard(pictures, id, extra) {
  const card = document.getElementById("card");
  const picture = pictures[id] || {};
  card.replaceChildren();
  if (picture.picture) card.append(makeImage(picture.picture));
  addLine(card, "id", id);
  addLine(card, "title", picture.title);
  addLine(card, "date", picture.date);
  addLine(card, "author", picture.author);
  for (const text of extra || []) addLine(card, "extra", text);
}

// Where there is no room beside the map, the keys go beneath it.
function narrowed(layout, plot) {
  if (plot.clientWidth >= 640) return layout;
  const bottom = { orientation: "h", x: 0, xanchor: "left", yanchor: "top" };
  Object.assign(layout.legend, bottom, { y: 0.24 });
  Object.assign(layout.legend2, bottom, { y: 0.04 });
  for (const key of [layout.legend, layout.legend2]) key.title.side = "top";
  const places = { x: [0, 1], y: [0.32, 1] };
  if (layout.coloraxis) {
    Object.assign(layout.coloraxis.colorbar, { orientation: "h", x: 0.5, y: 0.25, len: 0.9 });
    layout.coloraxis.colorbar.title.side = "top";
  }
  if (layout.scene) {
    layout.scene.domain = places;
  } else {
    layout.xaxis.domain = places.x;
    layout.yaxis.domain = places.y;
  }
  return layout;
}

// The library lies beside the pages; a page sent on its own comes without it.
function hasPlotly(settings) {
  if (!window.Plotly) {
    document.getElementById("no-plotly").hidden = false;
    for (const part of document.querySelectorAll(".board, .controls")) part.hidden = true;
    return false;
  }
  Plotly.register({
    moduleType: "locale",
    name: settings.config.locale,
    dictionary: settings.dictionary,
    format: {},
  });
  return true;
}
