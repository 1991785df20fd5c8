"""The SQL statements that a call sends."""

from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

TRANSACTION = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET )")


def asked(call: object) -> list[str]:
    """The statements that a call sends, transaction statements left out."""
    with CaptureQueriesContext(connection) as found:
        call()
    return [query["sql"] for query in found if not TRANSACTION.match(query["sql"])]
