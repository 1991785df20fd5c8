// The editor's dialog for links: a list of this site's pages, and a check of the address.
// It takes the place of the library's (rolefit/settings.py).
import { Link as LibraryLink } from "django-prose-editor/editor";

const ALLOWED = /^(https?:\/\/\S|mailto:\S|\/(?!\/)|#\S)/i;

const ask = (address) => new Promise((resolve) => {
  const dialog = document.querySelector("#link-dialog").content.firstElementChild.cloneNode(true);
  const form = dialog.querySelector("form"), { href, place } = form.elements;
  document.body.append(dialog);
  href.value = place.value = address || "";
  if (place.selectedIndex < 0) place.selectedIndex = 0;
  place.onchange = () => {
    if (place.value) href.value = place.value;
    href.setCustomValidity("");
  };
  href.oninput = () => href.setCustomValidity("");
  form.onsubmit = (event) => {
    event.preventDefault();
    href.value = href.value.trim();
    href.setCustomValidity(ALLOWED.test(href.value) ? "" : href.dataset.refusal);
    if (form.reportValidity()) dialog.close(href.value);
  };
  form.querySelector("[type='button']").onclick = () => dialog.close();
  dialog.onclose = () => {
    dialog.remove();
    resolve(dialog.returnValue);
  };
  dialog.showModal();
});

export const Link = LibraryLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const isLink = editor.isActive("link");
        if (editor.state.selection.empty && !isLink) return false;
        ask(editor.getAttributes("link").href).then((href) => {
          const chain = editor.chain().focus();
          if (href && isLink) chain.extendMarkRange("link").updateAttributes("link", { href }).run();
          else if (href) chain.setMark("link", { href }).run();
          else chain.run();
        });
        return true;
      },
    };
  },
});
