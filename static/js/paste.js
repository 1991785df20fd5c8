// What is pasted from Google Docs or Word becomes plain paragraphs, lists, bold, italics,
// links and subheadings. The editor would look at the style of each element; our
// Content-Security-Policy leaves it empty, so this script reads styles as text.
{
  const BOLD = /(^|[;\s])font-weight:\s*(bold|[6-9]00)/i;
  const NOT_BOLD = /(^|[;\s])font-weight:\s*(normal|[1-5]00)/i;
  const ITALIC = /(^|[;\s])font-style:\s*italic/i;
  const LIST = /mso-list:\s*\S+\s+level(\d)/i;
  const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, ul, ol, table, blockquote, div, pre";

  const style = (element) => element.dataset.style || "";
  const unwrap = (element) => element.replaceWith(...element.childNodes);
  const wrap = (element, tag) => {
    const inner = element.ownerDocument.createElement(tag);
    inner.append(...element.childNodes);
    element.append(inner);
  };
  const rename = (element, tag) => {
    const other = element.ownerDocument.createElement(tag);
    other.append(...element.childNodes);
    element.replaceWith(other);
    return other;
  };

  // Bold and italics that stand in a style, and bold that its style takes back: Docs puts
  // everything into <b style="font-weight:normal">.
  const marks = (body) => {
    for (const bold of body.querySelectorAll("b, strong")) {
      if (NOT_BOLD.test(style(bold)) || bold.querySelector(BLOCKS)) unwrap(bold);
    }
    for (const element of body.querySelectorAll("span, a, p")) {
      if (BOLD.test(style(element)) && !element.closest("b, strong")) wrap(element, "strong");
      if (ITALIC.test(style(element)) && !element.closest("i, em")) wrap(element, "em");
    }
  };

  // Word on the web writes each entry as a list of its own. Here it becomes a paragraph
  // as Word on a computer writes it.
  const apart = (body) => {
    for (const item of body.querySelectorAll("li[data-aria-level]")) {
      const entry = item.ownerDocument.createElement("p"), list = item.parentElement;
      entry.dataset.style = `mso-list: web level${item.dataset.ariaLevel}`;
      entry.dataset.tag = list.localName;
      for (const block of item.querySelectorAll("p")) unwrap(block);
      entry.append(...item.childNodes);
      item.remove();
      (list.closest(".ListContainerWrapper") || list).before(entry);
    }
    for (const wrapper of body.querySelectorAll(".ListContainerWrapper")) if (!wrapper.textContent.trim()) wrapper.remove();
  };

  // Word writes each entry of a list as a paragraph, with the bullet or number as text.
  const lists = (body) => {
    const open = []; // the lists around the next entry, outermost first
    let before = null;
    for (const entry of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
      const found = LIST.exec(style(entry));
      if (!found) continue;
      const sign = [...entry.querySelectorAll("[data-style]")].find((part) => /mso-list:\s*ignore/i.test(style(part)));
      const tag = entry.dataset.tag || (/^\W?[\da-z]{1,4}[.)]/i.test(sign?.textContent.trim() || "") ? "ol" : "ul");
      sign?.remove();
      if (!before || entry.previousElementSibling !== before) open.length = 0;
      const level = Math.min(+found[1], open.length + 1);
      open.length = Math.min(open.length, level);
      if (open.length === level && open[level - 1].localName !== tag) open.length = level - 1;
      if (open.length < level) {
        const list = entry.ownerDocument.createElement(tag);
        if (open.length) open.at(-1).lastElementChild.append(list);
        else entry.before(list);
        open.push(list);
      }
      const item = entry.ownerDocument.createElement("li");
      open.at(-1).append(item);
      item.append(entry);
      before = open[0];
    }
    // Docs puts a list into a list, and not into its entry.
    for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
  };

  const tables = (body) => {
    for (const table of [...body.querySelectorAll("table")].reverse()) {
      const rows = [...table.rows].map((row) => {
        const paragraph = row.ownerDocument.createElement("p");
        [...row.cells].forEach((cell, place) => {
          if (place) paragraph.append(" | ");
          for (const block of [...cell.querySelectorAll(BLOCKS)].slice(1)) block.before(" ");
          for (const block of [...cell.querySelectorAll(BLOCKS)].reverse()) unwrap(block);
          paragraph.append(...cell.childNodes);
        });
        return paragraph;
      });
      table.replaceWith(...rows);
    }
  };

  // The heading of the block is above, so each heading is one of its subheadings.
  const headings = (body) => {
    for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5, h6, [role='heading'], [class^='MsoHeading'], [class^='MsoTitle']")) {
      for (const mark of heading.querySelectorAll("b, strong, i, em")) unwrap(mark);
      const inItem = heading.closest("li");
      rename(heading, inItem ? "p" : "h3");
    }
  };

  // A space that does not break stays where an author set it, between two words.
  const gaps = (body) => {
    body.normalize();
    const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/\s{2,}|[\t\r\n]/g, " ");
    for (const block of body.querySelectorAll("p, h3, li")) {
      if (!block.textContent.trim()) block.remove();
      else if (block.lastChild.nodeType === Node.TEXT_NODE) block.lastChild.data = block.lastChild.data.trimEnd();
    }
    for (const list of body.querySelectorAll("ul, ol")) if (!list.firstElementChild) list.remove();
    for (const line of body.querySelectorAll(":scope > br")) line.remove();
  };

  const clean = (html) => {
    if (html.includes("data-pm-slice")) return html; // from the editor itself
    const text = html
      .replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<xml[\s\S]*?<\/xml>|<!--[\s\S]*?-->|<!\[[\s\S]*?\]>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style=").replace(/\son\w+\s*=/gi, " data-script="));
    const { body } = new DOMParser().parseFromString(text, "text/html");
    for (const step of [apart, lists, tables, marks, headings]) step(body);
    for (const part of [...body.querySelectorAll("span, font, div, section, article")].reverse()) unwrap(part);
    for (const part of [...body.querySelectorAll("*")]) if (part.localName.includes(":")) unwrap(part); // <o:p>
    gaps(body);
    for (const part of body.querySelectorAll("*")) {
      for (const { name } of [...part.attributes]) if (name !== "href") part.removeAttribute(name);
    }
    return body.innerHTML;
  };

  document.addEventListener("prose-editor:ready", ({ detail }) => {
    detail.editor.setOptions({ editorProps: { transformPastedHTML: clean } });
  });
}
