"use strict";

const settings = readData("settings");
const pictures = readData("pictures");
const figure = readData("figure");

for (const strip of document.querySelectorAll("[data-strip]")) {
  for (const id of JSON.parse(strip.dataset.strip)) {
    const picture = pictures[id];
    if (!picture || !picture.picture) continue;
    const image = makeImage(picture.picture);
    image.title = [id, picture.title, picture.date].filter(Boolean).join("\n");
    strip.append(image);
  }
}

if (figure && hasPlotly(settings)) {
  figure.layout.separators = settings.separators;
  const plot = document.getElementById("plot");
  Plotly.newPlot(plot, figure.data, narrowed(figure.layout, plot), settings.config);
  plot.on("plotly_hover", (event) => showCard(pictures, event.points[0].customdata));
}
