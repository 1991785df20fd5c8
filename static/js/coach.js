// Keeps the counts and tables of the workspace up to date. Reloading does the same.
const live = document.querySelector("[data-live]");

// Whether the old part is held: no row moves under a pointer, and no focus is lost.
const put = (fresh) => {
  const old = document.getElementById(fresh.id);
  if (old.innerHTML === fresh.innerHTML) return false; // or a screen reader repeats it
  if (old.matches(":has(:focus-visible), :hover:has(tbody a)")) return true;
  const open = old.querySelector("[open]");
  old.replaceChildren(...fresh.childNodes);
  if (open) old.querySelector("details")?.toggleAttribute("open");
  return false;
};

const refresh = async () => {
  if (document.hidden || document.querySelector("[data-stop]:checked")) return true;
  try {
    const reply = await fetch(live.dataset.live, { redirect: "manual", signal: AbortSignal.timeout(10000) });
    if (reply.ok) {
      const parts = new DOMParser().parseFromString(await reply.text(), "text/html").body.children;
      live.toggleAttribute("data-held", [...parts].filter(put).length);
    } else if (reply.status < 500) {
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
