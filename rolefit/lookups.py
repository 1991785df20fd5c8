"""Lookups that no number from outside can break."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In


@IntegerField.register_lookup
class InRange(In):
    """`in`, without numbers that the column cannot hold.

    Django leaves these out of `exact` and `lt`. In `in`, they reach SQLite, which
    raises OverflowError: for the rows that a form of the admin names, for example.
    """

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if self.rhs_is_direct_value():
            least, most = connection.ops.integer_field_range(
                self.lhs.output_field.get_internal_type()
            )
            self.rhs = [
                value
                for value in self.rhs
                if not isinstance(value, int) or least <= value <= most
            ]
        return super().process_rhs(compiler, connection)
