"""Daily work is cut into small transactions, so that no visitor's save waits for it."""

from __future__ import annotations

# Rows in one transaction. SQLite looks again after 1, 2, 5, 10, 15, 20, 25 ms and so on
# whether it may write, in the end every tenth of a second. A hundred rows take less
# than 0.05 s, so a save that waits for them still looks often.
SLICE = 100
# Seconds between two transactions: longer than a save sleeps between two looks.
PAUSE = 0.05
