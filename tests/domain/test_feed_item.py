"""An item of a feed is known again by guid, address or content, and a guid used twice is two items."""

from __future__ import annotations

import pytest

from monitor.domain.feed_item import ItemKeys, ItemState, Known, KnownItem

BEFORE = KnownItem(ItemKeys("guid", "link", "content"), "identity", ItemState.READ)


@pytest.mark.parametrize(
    "keys",
    [
        ItemKeys("guid", "link", "content"),
        ItemKeys("guid", "link", "edited"),
        ItemKeys("guid", "other link", "content"),
        ItemKeys("changed guid", "link", "content"),
        ItemKeys("changed guid", "link", "edited"),
        ItemKeys("changed guid", "other link", "content"),
        ItemKeys(None, "link", None),
        ItemKeys("guid", None, "content"),
        ItemKeys("guid", None, None),
    ],
)
def test_what_shares_an_address_a_content_or_an_unambiguous_guid_is_the_same_item(keys):
    assert Known([BEFORE]).same(keys) == BEFORE


@pytest.mark.parametrize(
    "keys",
    [
        ItemKeys("guid", "other link", "other content"),
        ItemKeys("guid", "other link", None),
        ItemKeys("guid", None, "other content"),
        ItemKeys("other guid", "other link", "other content"),
        ItemKeys(None, None, None),
    ],
)
def test_a_guid_used_again_for_another_address_and_content_is_a_new_item(keys):
    assert Known([BEFORE]).same(keys) is None


def test_of_two_items_with_one_guid_the_one_with_the_same_address_is_meant():
    second = KnownItem(ItemKeys("guid", "other link", "other content"), "second", ItemState.READ)
    known = Known([BEFORE, second])
    assert known.same(ItemKeys("guid", "link", "edited")) == BEFORE
    assert known.same(ItemKeys("guid", "other link", "edited too")) == second


def test_items_without_a_key_are_never_the_same_as_each_other():
    nameless = KnownItem(ItemKeys(None, None, None), "nameless", ItemState.READ)
    assert Known([nameless]).same(ItemKeys(None, None, None)) is None
