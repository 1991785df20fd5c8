// The rich-text editors leave their fields without a name for screen readers.
function nameFields() {
  for (const region of document.querySelectorAll(".inline_move_to_region")) {
    region.setAttribute("aria-label", "Region");
  }
  for (const editor of document.querySelectorAll(".ProseMirror")) {
    const label = editor.closest(".form-row")?.querySelector("label");
    editor.setAttribute("aria-label", label ? label.textContent.replace(":", "") : "Text");
  }
}
new MutationObserver(nameFields).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", nameFields);
