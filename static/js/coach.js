// Keeps the counts and tables of the workspace up to date. Reloading does the same.
const live = document.querySelector("[data-live]");

const put = (fresh) => {
  const old = document.getElementById(fresh.id);
  if (old.innerHTML === fresh.innerHTML) return; // otherwise a screen reader repeats it
  const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const open = old.querySelector("[open]");
  old.replaceChildren(...fresh.childNodes);
  if (open) (old.querySelector("details") ?? open).open = true;
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

// The wall turns with a presenter's keys.
addEventListener("keydown", (press) => {
  if (/^(Arrow[LR]|Page)/.test(press.key) && !press.altKey) document.querySelector("[data-turn]")?.click();
});
