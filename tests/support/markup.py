"""Pages as tests compare them: where a template breaks its lines says nothing."""

from __future__ import annotations

import re

BOXES = (
    "article|body|button|caption|dd|div|dl|dt|fieldset|footer|form|h[1-6]|header|li"
    "|main|nav|ol|p|section|table|tbody|td|th|thead|tr|ul"
)
SPACE = re.compile(r"[ \t\r\n\f]+")  # not the no-break space
BESIDE_BOX = re.compile(rf" ?(</?(?:{BOXES})\b[^>]*>) ?")


def flat(page: str) -> str:
    """White space collapsed, and none in or beside a tag where browsers show none."""
    return BESIDE_BOX.sub(r"\1", SPACE.sub(" ", page).replace(" >", ">"))
