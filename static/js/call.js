// Counts that a visitor followed the link to the call, and on which page. It sends
// nothing else, and the link works without it.
addEventListener("click", ({ target }) => {
  const link = target.closest("[data-call]");
  if (link) navigator.sendBeacon("/call/", new URLSearchParams({ place: link.dataset.call || location.pathname }));
});
