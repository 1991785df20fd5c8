// Sends a chosen picture by itself, as soon as it is chosen, and puts its key into the
// form of the page. The form waits for pictures that are on their way.
const uploads = new Set();

// Whether the picture has arrived.
const upload = async (input, file) => {
  const said = input.querySelector(".picture-said");
  const say = (words, wrong) => {
    said.textContent = words;
    said.classList.toggle("errornote", wrong);
    if (wrong) said.scrollIntoView({ block: "nearest" });
    return !wrong;
  };
  if (file.size > +input.dataset.max) {
    return say("This file is larger than 10 MB. Save the picture smaller, for example 1,600 pixels wide, then choose it again.", true);
  }
  say("Uploading…", false);
  const body = new FormData();
  body.append("file", file);
  body.append("csrfmiddlewaretoken", document.querySelector("[name='csrfmiddlewaretoken']").value);
  try {
    const answer = await fetch(input.dataset.address, { method: "POST", body });
    if (answer.status !== 201 && answer.status !== 422) throw new Error(answer.status);
    const { picture, thumbnail, error } = await answer.json();
    if (error) return say(error, true);
    const key = input.querySelector("[type='hidden']"), shown = input.querySelector("img");
    key.value = picture;
    key.dispatchEvent(new Event("input", { bubbles: true })); // the page has unsaved changes
    Object.assign(shown, { src: thumbnail, hidden: false });
    return say("Picture uploaded. Save the page to keep it.", false);
  } catch {
    return say("The picture didn’t upload. Your text isn’t lost. Check your connection, make sure you’re signed in, and choose the picture again.", true);
  }
};

document.addEventListener("change", async ({ target }) => {
  const input = target.closest(".picture-input");
  if (!input || target.type !== "file" || !target.files.length) return;
  const running = upload(input, target.files[0]);
  uploads.add(running);
  await running;
  uploads.delete(running);
});

// Registered before the listener of typing.js, which counts the form as sent.
let waits = false;
document.addEventListener("submit", async (event) => {
  if (!uploads.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (waits) return;
  waits = true;
  const arrived = await Promise.all(uploads);
  waits = false;
  if (arrived.every(Boolean)) event.target.requestSubmit(event.submitter);
}, true);
