"""The prompts for coaches on a new site; staff change the words later."""

from __future__ import annotations

PROMPTS = {
    "contradiction": (
        "Tell me about a time for each of these two answers. What was different "
        "about it?"
    ),
    "split": (
        "What do people usually come to you for? And which of those things would "
        "you keep if you could choose?"
    ),
    "tipping": (
        "Would you answer these the same way again? What were you thinking of when "
        "you chose?"
    ),
    "skipped": "What made these hard to answer? Have you tried anything like them?",
    "interest": (
        "You’d enjoy this but chose something else. What keeps you from doing more of "
        "it?"
    ),
}
