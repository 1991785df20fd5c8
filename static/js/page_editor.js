// Lets editors arrange blocks without a mouse: buttons move them, a list adds them.
// The library orders blocks with hidden “-ordering” fields and with CSS `order`. This
// script keeps both, and the order in the document, in step.
document.addEventListener("content-editor:ready", () => {
  const { ContentEditor } = window;
  const machine = document.querySelector(".order-machine");
  const ordering = (block) => block.querySelector(".order-machine-ordering");
  const heading = (block) => block.querySelector("[name$='-heading']");
  const called = (block) => `“${heading(block).value || "New block"}”`;
  const blocks = () => [...machine.querySelectorAll(".inline-related:not(.empty-form)")].sort((a, b) => ordering(a).value - ordering(b).value);

  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  machine.after(status);

  // The library groups blocks by kind in the document, and Tab and screen readers follow
  // the document.
  const arrange = (sorted) => {
    const focused = document.activeElement;
    let next = null;
    for (const block of sorted.toReversed()) {
      if (block.nextElementSibling !== next) machine.insertBefore(block, next);
      next = block;
    }
    if (document.activeElement !== focused) focused.focus();
  };

  const show = () => {
    const sorted = blocks();
    arrange(sorted);
    sorted.forEach((block, place) => {
      for (const button of block.querySelectorAll(":scope > .block-moves button")) {
        const end = button.dataset.by < 0 ? 0 : sorted.length - 1;
        button.setAttribute("aria-disabled", place === end); // not `disabled`, which would lose the focus
        button.setAttribute("aria-label", `${button.textContent} ${called(block)}`);
      }
    });
  };

  const move = (block, by) => {
    const sorted = blocks(), place = sorted.indexOf(block), to = place + by;
    if (!sorted[to]) {
      status.textContent = `${called(block)} is already ${by < 0 ? "first" : "last"}.`;
      return;
    }
    [sorted[place], sorted[to]] = [sorted[to], block];
    sorted.forEach((other, index) => { ordering(other).value = other.style.order = 10 * (index + 1); });
    show();
    block.scrollIntoView({ block: "nearest" });
    status.textContent = `${called(block)} is now block ${to + 1} of ${sorted.length}.`;
  };

  const addButtons = (block) => {
    const group = document.createElement("div");
    group.className = "block-moves";
    for (const [words, by] of [["Move up", -1], ["Move down", 1]]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: words, onclick: () => move(block, by) });
      button.dataset.by = by;
      group.append(button);
    }
    block.querySelector("h3").after(group);
    heading(block).addEventListener("change", show);
  };

  blocks().forEach(addButtons);
  show();
  // A refused page comes back with its ticks; the library colors a block on a click alone.
  for (const box of machine.querySelectorAll(".delete > input:checked")) box.closest(".inline-related").classList.add("for-deletion");
  machine.addEventListener("drop", show);
  document.addEventListener("formset:added", (event) => {
    if (!machine.contains(event.target)) return;
    addButtons(event.target);
    show();
    heading(event.target).focus();
    status.textContent = `A block was added. It is block ${blocks().indexOf(event.target) + 1} of ${blocks().length}.`;
  });
  // Django renumbers the remaining forms by their place in the document, and saved forms
  // must come first.
  machine.addEventListener("click", (event) => {
    if (!event.target.closest(".inline-deletelink")) return;
    const number = (block) => +block.id.split("-").pop();
    arrange([...blocks()].sort((a, b) => number(a) - number(b)));
    setTimeout(() => {
      show();
      status.textContent = "The new block was removed.";
    });
  }, true);

  document.querySelector(".order-machine-help").textContent = "To move several blocks at once, hold Ctrl and click their headings, then drag one of them.";

  const menu = document.createElement("div");
  menu.className = "block-add";
  menu.innerHTML = '<label for="block-kind">Kind of block</label> <select id="block-kind"></select> <button type="button" class="button">Add at the end</button>';
  const [, kinds, add] = menu.children;
  for (const { title, prefix } of ContentEditor.plugins) kinds.add(new Option(title, prefix));
  add.onclick = () => {
    ContentEditor._insertBefore = null; // otherwise the block goes to the last drop
    ContentEditor.addContent(kinds.value);
  };
  document.querySelector(".order-machine-help").after(menu);

  for (const link of document.querySelectorAll(".findings a")) {
    link.addEventListener("click", (event) => {
      const block = document.querySelector(link.hash).closest(".order-machine .inline-related");
      if (!block) return;
      event.preventDefault(); // following the link would lose the focus
      block.classList.remove("collapsed");
      heading(block).focus();
    });
  }
});
