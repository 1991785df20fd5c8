"""The link for the clarity call: one a result, a summary, and only its owner's."""

from __future__ import annotations

import pytest

from assessments.actions.share_links import (
    NotShareable,
    make_call_link,
    make_share_link,
    revoke_share_link,
)
from assessments.queries.share_links import CALL_LABEL, call_link
from tests.support.taker import Taker

pytestmark = pytest.mark.database


def test_call_link_is_made_once_while_it_works(visitor: Taker) -> None:
    visitor.take("clear_project")
    result = visitor.result()
    assert call_link(result) is None
    first = make_call_link(result)
    assert (call_link(result), make_call_link(result)) == (first, first)
    revoke_share_link(first)
    assert call_link(result) is None
    assert make_call_link(result) != first


def test_wider_link_with_the_same_label_is_not_the_one_for_the_call(
    visitor: Taker,
) -> None:
    visitor.take("clear_project")
    result = visitor.result()
    make_share_link(result, scope="answers", label=CALL_LABEL, days=7)
    assert call_link(result) is None
    assert make_call_link(result).scope == "summary"


def test_careless_result_has_no_link_for_the_call(visitor: Taker) -> None:
    visitor.take("careless")
    with pytest.raises(NotShareable):
        make_call_link(visitor.result())
