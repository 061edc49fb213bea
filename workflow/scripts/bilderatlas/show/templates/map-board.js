"use strict";

const settings = readData("settings");
const board = readData("board");
const pictures = window.BILDERATLAS_PICTURES || {};
const words = board.words;
const chosen = {};
const plot = document.getElementById("plot");

const asPlain = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const solid = () => chosen.method.endsWith("3");
const marker = (colour, symbol, size) => ({
  color: colour,
  symbol: symbol,
  size: size,
  opacity: 1,
  // an open symbol is all edge, and the edge must keep the colour
  line: symbol.endsWith("open") ? { width: solid() ? 0 : 1.4 } : { color: "#303030", width: 0.7 },
});

function fill(name, options, wanted) {
  const select = document.getElementById(name);
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  const known = options.map(([value]) => value);
  chosen[name] = known.includes(wanted) ? wanted : known[0];
  select.value = chosen[name];
}

// The choices stand in the address, so that a view can be kept and sent on.
function readAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

function fillAll(wanted) {
  fill("population", board.populations.map((one) => [one.name, one.words]), wanted.population);
  const population = board.populations.find((one) => one.name === chosen.population);
  const methods = Object.keys(population.maps).map((name) => [name, words.methods[name] || name]);
  fill("method", methods, wanted.method);
  const colours = board.colours.filter((one) => one.name in population.colours);
  fill("colour", colours.map((one) => [one.name, one.words]), wanted.colour);
  return population;
}

function traces(population) {
  const [xs, ys, zs] = population.maps[chosen.method];
  const colour = board.colours.find((one) => one.name === chosen.colour);
  const values = population.colours[chosen.colour];
  const size = (solid() ? 4.5 : 9) * (population.ids.length > 1000 ? 0.6 : 1);
  const parts = board.parts.filter((_, part) => population.parts.includes(part));
  const made = [];
  const add = (rows, name, style, group) =>
    made.push({
      type: solid() ? "scatter3d" : "scatter",
      mode: "markers",
      x: rows.map((row) => xs[row]),
      y: rows.map((row) => ys[row]),
      ...(solid() ? { z: rows.map((row) => zs[row]) } : {}),
      customdata: rows.map((row) => [population.ids[row], row]),
      text: rows.map((row) => asPlain(population.ids[row])),
      hovertemplate: "%{text}<extra></extra>",
      showlegend: false,
      legendgroup: group,
      marker: style,
      name: name,
    });
  const addKey = (name, style, more) =>
    made.push({
      type: solid() ? "scatter3d" : "scatter",
      mode: "markers",
      x: [null],
      y: [null],
      ...(solid() ? { z: [null] } : {}),
      name: asPlain(name),
      hoverinfo: "skip",
      marker: style,
      ...more,
    });

  const all = population.ids.map((_, row) => row).filter((row) => xs[row] !== null);
  const numbers = (rows) => " (" + rows.length.toLocaleString(settings.config.locale) + ")";
  for (const part of parts) {
    const of = all.filter((row) => board.parts[population.parts[row]] === part);
    if (colour.scale) {
      const dated = of.filter((row) => values[row] !== null);
      const style = marker(dated.map((row) => values[row]), part.symbol, size);
      add(dated, part.words, { ...style, coloraxis: "coloraxis" });
      const undated = of.filter((row) => values[row] === null);
      if (undated.length) add(undated, part.words, marker(board.grey, part.symbol, size));
    } else {
      // the commonest kind lies beneath, so that it does not bury the rare ones
      colour.kinds.forEach((kind, index) => {
        const rows = of.filter((row) => values[row] === index);
        if (rows.length) add(rows, kind.name, marker(kind.colour, part.symbol, size), "k" + index);
      });
    }
  }
  if (!colour.scale) {
    colour.kinds.forEach((kind, index) => {
      const rows = all.filter((row) => values[row] === index);
      if (!rows.length) return;
      const style = marker(kind.colour, "circle", 9);
      addKey(kind.name + numbers(rows), style, { legendgroup: "k" + index });
    });
  }
  for (const part of parts) {
    const rows = all.filter((row) => board.parts[population.parts[row]] === part);
    addKey(part.words + numbers(rows), marker("#606060", part.symbol, 9), { legend: "legend2" });
  }
  return made;
}

function layout(population) {
  const kind = chosen.method.split("-")[0];
  const axis = (number) => ({
    title: { text: words.axes[kind === "pca" ? "component" : "projection"][number] },
    showticklabels: kind === "pca",
    zeroline: false,
    gridcolor: "#E4E4E4",
    linecolor: "#999999",
  });
  const colour = board.colours.find((one) => one.name === chosen.colour);
  const key = { x: 1, xanchor: "right", bgcolor: "rgba(255,255,255,.85)" };
  const wide = 0.74;
  const made = {
    template: {},
    separators: settings.separators,
    font: { family: "system-ui, sans-serif", size: 13, color: "#202020" },
    hoverlabel: { bgcolor: "#FFFFFF", font: { color: "#202020" } },
    showlegend: true,
    legend: { ...key, y: 0.94, maxheight: 0.74, title: { text: colour.words } },
    legend2: {
      ...key, y: 0, yanchor: "bottom", title: { text: words.part },
      itemclick: false, itemdoubleclick: false,
    },
    coloraxis: {
      // Viridis without its palest end, which would be lost on white
      colorscale: [[0, "#440154"], [0.3, "#3b528b"], [0.55, "#21918c"], [0.8, "#5ec962"], [1, "#b5de2b"]],
      cmin: board.years.low,
      cmax: board.years.high,
      colorbar: {
        title: { text: colour.words }, x: 0.78, len: 0.7, y: 0.94, yanchor: "top",
        tickvals: board.years.at, ticktext: board.years.words,
      },
    },
  };
  if (solid()) {
    const plain = { showbackground: false, showspikes: false };
    made.margin = { l: 0, r: 0, t: 0, b: 0 };
    made.scene = {
      xaxis: { ...axis(0), ...plain },
      yaxis: { ...axis(1), ...plain },
      zaxis: { ...axis(2), ...plain },
      aspectmode: "data",
      camera: { eye: { x: 1.7, y: 1.7, z: 1.1 }, center: { x: 0, y: 0, z: -0.12 } },
      domain: { x: [0, wide] },
    };
  } else {
    made.margin = { l: 60, r: 10, t: 15, b: 50 };
    made.xaxis = { ...axis(0), domain: [0, wide] };
    // one scale for both directions: a distance is the same whichever way it runs
    made.yaxis = { ...axis(1), scaleanchor: "x", constrain: "domain" };
  }
  return made;
}

function draw(wanted) {
  const population = fillAll(wanted);
  history.replaceState(null, "", "#" + new URLSearchParams(chosen));
  for (const link of document.querySelectorAll("a[data-keep]")) link.hash = location.hash;
  const said = [words.misleads[chosen.method.split("-")[0]]];
  const kinds = board.colours.find((one) => one.name === chosen.colour).kinds || [];
  // noise is grey and has no part in this
  if (new Set(kinds.map((kind) => kind.colour)).size < kinds.length) said.push(words.repeated);
  document.getElementById("misleads").textContent = said.join(" ");
  // drawn anew: a chart that turns from two dimensions to three keeps too much of the old one
  Plotly.purge(plot);
  Plotly.newPlot(plot, traces(population), narrowed(layout(population), plot), settings.config);
  plot.on("plotly_hover", (event) => {
    const [id, row] = event.points[0].customdata;
    const part = board.parts[population.parts[row]].words;
    const cluster = board.colours
      .filter((one) => !one.scale && one.cluster && one.name in population.colours)
      .map((one) => one.words + ": " + one.kinds[population.colours[one.name][row]].name);
    showCard(pictures, id, [words.part + ": " + part, ...cluster]);
  });
}

if (hasPlotly(settings)) {
  for (const name of ["population", "method", "colour"]) {
    document.getElementById(name).addEventListener("change", (event) => {
      draw({ ...chosen, [name]: event.target.value });
    });
  }
  window.addEventListener("hashchange", () => draw({ ...chosen, ...readAddress() }));
  draw({ ...board.first, ...readAddress() });
}
