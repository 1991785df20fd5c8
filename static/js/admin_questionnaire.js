// Improves pages that work without it: shows the progress of a rehearsal, copies the
// address of a rating link.
const form = document.querySelector("form[data-rehearse]");
if (form) {
  const progress = form.querySelector("progress");
  const status = form.querySelector("[role=status]");
  const place = document.getElementById("rehearsed");
  let running = false;

  const show = (line) => {
    if (line.people) { progress.max = line.people; progress.value = line.done; }
    if (!line.html) return;
    place.innerHTML = line.html; // our own template, which escapes everything
    place.hidden = false;
    status.textContent = "Done. See below what would happen.";
    document.getElementById("rehearsal").focus();
  };

  const rehearse = async () => {
    progress.removeAttribute("value");
    progress.hidden = false;
    place.hidden = true;
    status.textContent = "Rehearsing. This takes a few seconds.";
    const reply = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/x-ndjson" }, redirect: "manual",
    });
    // A redirect: the page of the draft says why it cannot be rehearsed. An error has a
    // page of its own.
    if (reply.type === "opaqueredirect") { location.reload(); return; }
    if (!reply.ok) { form.submit(); return; }
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (text + value).split("\n");
      text = lines.pop();
      lines.forEach((line) => show(JSON.parse(line)));
    }
    if (place.hidden) throw new Error("the server has stopped in the middle");
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running) return;
    running = true;
    try {
      await rehearse();
    } catch {
      status.textContent = "The rehearsal stopped early. Nothing has changed. Press the button again.";
    }
    progress.hidden = true;
    running = false;
  });
}

document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 3000);
  });
});
