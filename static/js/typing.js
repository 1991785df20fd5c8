// Keeps what staff and coaches type: asks before unsaved text is left, saves forms that
// ask for it, and takes the text of the page's other forms along. Pages work without it.
const plain = /(^|-)(seen|id|csrfmiddlewaretoken)$|_FORMS$/;
// `apart`: the fields that a form does not save by itself, though it saves others.
const texts = (one, apart = false) => JSON.stringify([...new FormData(one.form)].filter(([name]) => !plain.test(name) && one.apart.has(name) === apart));
const kept = `typed ${location.pathname}`;
const words = {
  contested: "Not saved: this was changed elsewhere. Press the save button to compare.",
  invalid: "Not saved yet: something is missing or wrong. Press the save button to see what.",
  deleted: "Not saved: this was deleted. Press the save button to copy your text.",
  "signed-out": "Not saved: you’re signed out. ",
};

// A sign-in in another tab makes a new token.
const renew = (form) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  if (token && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = token[1];
};

const refused = document.querySelector(".errornote, .error-summary"); // the page holds unsaved text
const all = [...document.querySelectorAll("form:has(input[name=seen]), form[data-typed], form[data-kept]")].map((form) => {
  const seen = form.querySelector("input[name=seen]");
  const apart = new Set([...form.querySelectorAll(":scope [data-typed] [name]")].map(({ name }) => name));
  return { form, apart, saves: seen && "savesItself" in seen.dataset, touched: false, sent: false, running: null };
});
const dirty = (one) => !one.sent && ("kept" in one.form.dataset || refused || (one.touched && (texts(one) !== one.saved || texts(one, true) !== one.drawn)));

const say = (one, text, bad = true) => {
  one.status ??= one.form.querySelector("[data-saved]");
  if (!one.status) {
    one.status = Object.assign(document.createElement("span"), { className: "saved", role: "status" });
    [...one.form.querySelectorAll(".submit-row")].pop()?.append(one.status);
  }
  one.status.classList.toggle("unsaved", bad);
  if (one.status.textContent !== text) one.status.textContent = text;
};

// A row that is saved is no longer removed from the page but deleted with a box.
const deletable = (input) => {
  const link = input.closest(".inline-related")?.querySelector(".inline-deletelink");
  if (!link) return;
  const name = input.name.replace(/id$/, "DELETE");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name, id: `id_${name}` });
  const label = Object.assign(document.createElement("label"), { htmlFor: box.id, textContent: "Delete" });
  const both = Object.assign(document.createElement("span"), { className: "delete" });
  both.append(box, label);
  link.parentElement.replaceWith(both);
};

const post = async (one) => {
  const { form } = one;
  renew(form);
  const data = new FormData(form), sent = texts(one);
  for (const name of [...data.keys()]) if (name.endsWith("-DELETE")) data.delete(name); // deleting waits for the button
  const inputs = new Map([...form.elements].map((input) => [input.name, input]));
  try {
    const reply = await fetch(form.getAttribute("action") || location.href, {
      method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(10000),
    });
    if (reply.type === "opaqueredirect" || reply.status >= 500) throw new Error();
    const { saved, fields, theirs, problem, words: said = {} } = await reply.json();
    if (problem) {
      say(one, words[problem] ?? words.invalid);
      if (problem === "signed-out") {
        one.status.append(Object.assign(document.createElement("a"), { href: "/accounts/login/", target: "_blank", textContent: "Sign in (opens a new tab)" }), ", then press the save button.");
      }
      return;
    }
    for (const [name, value] of Object.entries(fields)) {
      const input = inputs.get(name);
      if (!input) continue;
      if (name.endsWith("-id") && !input.value) deletable(input);
      input.value = value;
    }
    for (const [name, text] of Object.entries(said)) for (const element of form.querySelectorAll(`[data-words=${name}]`)) element.textContent = text;
    one.saved = sent;
    const time = new Date(saved).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    say(one, `Saved ${time}.${theirs.length ? ` Changed elsewhere: ${theirs.join(", ")}.` : ""}`, false);
  } catch {
    say(one, "Not saved yet: no connection. We’ll keep trying.");
    one.timer = setTimeout(save, 10000, one);
  }
};
const save = async (one) => {
  clearTimeout(one.timer);
  await one.running; // one at a time: each needs what the one before has answered
  one.running = post(one);
  await one.running;
  one.running = null;
};

for (const one of all) {
  const typed = () => {
    one.touched = true;
    if (!one.saves || (!one.running && texts(one) === one.saved)) return;
    clearTimeout(one.timer);
    one.timer = setTimeout(save, 3000, one);
  };
  one.form.addEventListener("input", typed);
  one.form.addEventListener("change", typed);
  for (const kind of ["click", "drop"]) one.form.addEventListener(kind, () => { one.touched = true; });
}
// Other scripts of the page fill in fields while it loads.
const settle = () => all.forEach((one) => { if (!one.touched) [one.saved, one.drawn] = [texts(one), texts(one, true)]; });
settle();
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, settle, { capture: true, once: true });
addEventListener("load", settle);

const waited = new WeakSet();
document.addEventListener("submit", async (event) => {
  const form = event.target, own = all.find((one) => one.form === form);
  renew(form);
  if (own) clearTimeout(own.timer);
  const others = all.filter((one) => one !== own && dirty(one));
  const saving = [...others.filter((one) => one.saves), ...all.filter((one) => one === own && one.running)];
  if (saving.length && !waited.has(form)) {
    event.preventDefault();
    event.stopPropagation();
    waited.add(form);
    await Promise.all(saving.map((one) => (one === own ? one.running : save(one))));
    setTimeout(() => form.requestSubmit(event.submitter)); // a form is not submitted while this event is under way
    return;
  }
  waited.delete(form);
  if (own) own.sent = true;
  const short = all.filter((one) => one !== own && "typed" in one.form.dataset && !one.saves && dirty(one));
  if (short.length) sessionStorage.setItem(kept, JSON.stringify(short.map((one) => [one.form.getAttribute("action"), [...new FormData(one.form)].filter(([name]) => !plain.test(name))])));
  short.forEach((one) => { one.sent = true; });
}, true);
addEventListener("pageshow", (event) => { if (event.persisted) all.forEach((one) => { one.sent = false; }); });

for (const [action, fields] of JSON.parse(sessionStorage.getItem(kept) ?? "[]")) {
  const one = all.find(({ form }) => form.getAttribute("action") === action);
  if (!one) continue;
  for (const [name, value] of fields) if (one.form.elements[name]) one.form.elements[name].value = value;
  one.form.closest("details")?.setAttribute("open", "");
  one.touched = true;
  one.saved = "";
}
sessionStorage.removeItem(kept);

addEventListener("beforeunload", (event) => { if (all.some(dirty)) event.preventDefault(); });
