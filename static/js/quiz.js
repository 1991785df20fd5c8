// Improves pages that work without it: saves choices, copies and shares links, prints,
// saves a picture, and reads a key from the #.
const all = (selector, action) => document.querySelectorAll(selector).forEach(action);
document.querySelector(".error-summary")?.focus();

const form = document.querySelector("form[data-autosave]");
if (form) {
  const status = form.querySelector("[data-saved]");
  const tried = {}; // question -> values sent from this page, not from another window
  // failed: the last save did not reach the server or its database, and is tried again.
  let running = false, wanted = false, failed = false, wait = 1000, leaving = null, timer;
  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("unsaved", text.startsWith("Not"));
  };
  const was = (question) => form.elements[`was-${question}`];

  const save = async () => {
    if (running) { wanted = true; return; }
    running = true; wanted = false;
    clearTimeout(timer);
    const data = new FormData(form);
    data.set("action", "autosave");
    for (const [name, value] of data) if (was(name)) (tried[name] ??= new Set()).add(value);
    try {
      const reply = await fetch(location.pathname, {
        method: "POST", body: data, keepalive: true, redirect: "manual", signal: AbortSignal.timeout(10000),
      });
      if (!reply.ok) throw Object.assign(new Error(), { refused: reply.status < 500 });
      const { stored, of, contested } = await reply.json();
      for (const question of Object.keys(stored)) {
        const ours = data.get(question) === stored[question] || tried[question]?.has(stored[question]);
        if (!contested.includes(question) || ours) was(question).value = stored[question];
        if (contested.includes(question) && ours) wanted = true;
      }
      wait = 1000;
      failed = false;
      say(contested.length && !wanted
        ? "Another window has a different answer. Press a button below to choose."
        : `${Object.keys(stored).length} of ${of} answers saved.`);
    } catch (error) {
      failed = !error.refused;
      if (error.refused) say("Not saved yet. Press a button below to save.");
      else {
        const why = error instanceof TypeError ? "no connection" : "our server is having trouble";
        say(`Not saved yet: ${why}. We’ll keep trying.`);
        timer = setTimeout(save, wait);
        wait = Math.min(wait * 2, 30000);
      }
    }
    running = false;
    if (failed) return;
    if (wanted) save();
    else if (leaving) form.requestSubmit(leaving);
  };

  // Seconds between two answers while the page was visible, added to earlier visits.
  const spent = {}; // question -> seconds
  let active = 0, since = performance.now(), inSight = !document.hidden;
  const count = () => {
    const now = performance.now();
    if (inSight) active += (now - since) / 1000;
    since = now;
    inSight = !document.hidden;
  };
  document.addEventListener("visibilitychange", count);
  form.addEventListener("change", ({ target }) => {
    count();
    spent[target.name] = (spent[target.name] ?? Number(target.closest("fieldset").dataset.seconds ?? 0)) + active;
    active = 0;
  });
  form.addEventListener("formdata", ({ formData }) => {
    for (const question in spent) formData.set(`time-${question}`, spent[question].toFixed(1));
  });

  form.addEventListener("change", save);
  // Wait for a running save: it changes the stored answers, and the server would take this
  // form for an old one. After a failed one, stay until the choices are saved.
  form.addEventListener("submit", (event) => {
    if (!running && !failed) return;
    event.preventDefault();
    leaving = event.submitter;
    if (!running) save();
  });
  addEventListener("beforeunload", (event) => { if (failed) event.preventDefault(); });
  addEventListener("online", () => { if (status.textContent.startsWith("Not saved")) save(); });
}

all("[data-print]", (button) => {
  button.hidden = false;
  button.onclick = () => {
    if (button.dataset.print === "summary") all(".working", (working) => { working.open = false; });
    print();
  };
});

// The share sheet, and the card as a picture. Nothing is sent.
if (navigator.share) all("[data-share]", (button) => {
  button.hidden = false;
  button.onclick = () => navigator.share({ url: button.dataset.share }).catch(() => {});
});
all("[data-picture]", (button) => {
  button.hidden = false;
  button.onclick = async () => {
    const image = new Image();
    const card = document.querySelector("[data-card]").content.lastElementChild;
    image.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(card));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 1200;
    canvas.height = 630;
    canvas.getContext("2d").drawImage(image, 0, 0);
    const link = document.createElement("a");
    link.href = canvas.toDataURL();
    link.download = button.dataset.picture;
    link.click();
  };
});

all("[data-copy]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const word = button.firstElementChild;
  button.onclick = async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      word.textContent = "Copied";
    } catch {
      if (source.select) source.select();
      else getSelection().selectAllChildren(source);
      word.textContent = "Selected. Now copy it.";
    }
    setTimeout(() => { word.textContent = "Copy"; }, 3000);
  };
});
addEventListener("beforeprint", () => all("details:not(.working, .qr-fold)", (details) => { details.open = true; }));

const keyForm = document.querySelector("form[data-key]");
if (keyForm && location.hash.length > 1) {
  keyForm.elements.key.value = location.hash.slice(1).replaceAll("%20", " ");
  history.replaceState(null, "", location.pathname);
}
