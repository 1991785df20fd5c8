// Counts that the offer of a call was followed and from which page, nothing else. Without it the link works all the same.
addEventListener("click", ({ target }) => {
  const link = target.closest("[data-call]");
  if (link) navigator.sendBeacon("/call/", new URLSearchParams({ place: link.dataset.call || location.pathname }));
});
