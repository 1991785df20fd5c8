"""Real browsers, and the servers that they look at."""

# Milliseconds until a page must show what it was asked for. A busy machine needs some.
MAX_WAIT = 60_000
