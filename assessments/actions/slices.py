"""Daily work is cut into small transactions, so that no visitor's save waits for it."""

from __future__ import annotations

# Rows in one transaction.
SLICE = 500
# Seconds between two transactions. SQLite looks again every tenth of a second whether
# it may write, so a shorter pause could pass unseen.
PAUSE = 0.12
