"""What Google Docs and Word put on the clipboard as HTML, in their own markup.

The words are invented. Both samples say the same, so both have to become TEXT.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
SAMPLES = {
    "Google Docs": (FOLDER / "google_docs.html").read_text(),
    "Word": (FOLDER / "word.html").read_text(),
    "Word on the web": (FOLDER / "word_online.html").read_text(),
}
# As the editor keeps it.
TEXT = (
    "<h3>The first week</h3>"
    "<p>A project manager <strong>plans the work</strong> and "
    "<em>keeps the dates</em>.</p>"
    '<p>Read more in <a href="https://example.org/weeks?a=1&amp;b=2">the notes</a>.</p>'
    "<ul><li><p>Meet the team</p></li>"
    "<li><p>List the <strong>risks</strong></p>"
    "<ul><li><p>Late parts</p></li><li><p>Sick leave</p></li></ul></li>"
    "<li><p>Agree on a date</p></li></ul>"
    "<h3>Then</h3>"
    '<ol data-type="decimal"><li><p>Write it down</p></li><li><p>Send it</p></li></ol>'
    "<p>Role | Task</p><p>Project | Plan</p>"
    "<p>That’s all.</p>"
)
