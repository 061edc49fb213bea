// The first page: the letter or number of a page opens it; nothing else happens here.
const links = [...document.querySelectorAll("article h2 a")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = links[Number(event.key) - 1];
  if (link) link.click();
});
links[0]?.focus();
