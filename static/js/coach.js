// Keeps the counts and tables of the workspace up to date. Reloading does the same.
const live = document.querySelector("[data-live]");

const put = (fresh) => {
  const old = document.getElementById(fresh.id);
  if (old.innerHTML === fresh.innerHTML) return; // otherwise a screen reader repeats it
  const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const open = [...old.querySelectorAll("details")].map((details) => details.open);
  old.replaceChildren(...fresh.childNodes);
  old.querySelectorAll("details").forEach((details, place) => { details.open = open[place] ?? details.open; });
  if (!focused) return;
  const same = [...old.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused);
  (same ?? old).focus({ preventScroll: true });
};

const refresh = async () => {
  if (document.hidden) return true;
  try {
    const reply = await fetch(live.dataset.live, { redirect: "manual", signal: AbortSignal.timeout(10000) });
    if (reply.ok) [...new DOMParser().parseFromString(await reply.text(), "text/html").body.children].forEach(put);
    else if (reply.status < 500) {
      document.querySelector("[data-ended]").hidden = false;
      return false;
    }
  } catch {
    // No connection: the next refresh tries again.
  }
  return true;
};

const follow = async () => { if (await refresh()) setTimeout(follow, 5000); };
if (live) setTimeout(follow, 5000);

// On the wall, the keys of a presenter turn to the other view and back.
const turning = ["ArrowLeft", "ArrowRight", "PageDown", "PageUp"];
addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !turning.includes(event.key)) return;
  document.querySelector("[data-turn]")?.click();
});

// What is chosen and not shown yet would not be on the paper.
const pages = document.querySelector("form[data-pages]");
pages?.addEventListener("change", () => { pages.querySelector("[data-print]").hidden = true; });
