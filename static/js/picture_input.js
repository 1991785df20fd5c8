// Sends a chosen picture by itself, as soon as it is chosen, and puts its key into the
// form of the page.
document.addEventListener("change", async ({ target }) => {
  const input = target.closest(".picture-input");
  if (!input || target.type !== "file" || !target.files.length) return;
  const said = input.querySelector(".picture-said"), [file] = target.files;
  const say = (words, wrong) => {
    said.textContent = words;
    said.classList.toggle("errornote", wrong);
  };
  if (file.size > +input.dataset.max) {
    say("This file is larger than 10 MB. Save the picture smaller, for example 1,600 pixels wide, then choose it again.", true);
    return;
  }
  say("Uploading…", false);
  const body = new FormData();
  body.append("file", file);
  body.append("csrfmiddlewaretoken", document.querySelector("[name='csrfmiddlewaretoken']").value);
  try {
    const answer = await fetch(input.dataset.address, { method: "POST", body });
    if (answer.status !== 201 && answer.status !== 422) throw new Error(answer.status);
    const { picture, thumbnail, error } = await answer.json();
    if (error) {
      say(error, true);
      return;
    }
    const key = input.querySelector("[type='hidden']"), shown = input.querySelector("img");
    key.value = picture;
    key.dispatchEvent(new Event("input", { bubbles: true })); // the page has unsaved changes
    Object.assign(shown, { src: thumbnail, hidden: false });
    say("Picture uploaded. Save the page to keep it.", false);
  } catch {
    say("The picture didn’t upload. Your text isn’t lost. Check your connection, make sure you’re signed in, and choose the picture again.", true);
  }
});
