// Keeps a group's counts up to date while its page is looked at. Without it, reloading does the same.
const live = document.querySelector("[data-live]");

const refresh = async () => {
  if (document.hidden) return;
  try {
    const reply = await fetch(live.dataset.live, { redirect: "error", signal: AbortSignal.timeout(10000) });
    if (!reply.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").body;
    if (fresh.textContent.trim() === live.textContent.trim()) return; // or a screen reader would read the same again
    live.replaceChildren(...fresh.childNodes);
    document.querySelector("[data-changed]").hidden = false;
  } catch {
    // No connection: the next round tries again.
  }
};

if (live) setInterval(refresh, 5000);
