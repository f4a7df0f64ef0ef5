"""In which orders tasks are listed, and how a place in one is told."""

import pytest

from dashboard.models.listing import UnreadableCursor
from dashboard.models.order import NEWEST, Order, Place, Sort


@pytest.mark.parametrize(
    ("text", "order", "shortest"),
    [
        ("", NEWEST, ""),
        ("updated", NEWEST, ""),
        ("-updated", NEWEST, ""),
        ("updated.asc", Order(Sort.UPDATED, False), "updated.asc"),
        ("title", Order(Sort.TITLE, False), "title"),
        ("title.asc", Order(Sort.TITLE, False), "title"),
        ("-title", Order(Sort.TITLE, True), "-title"),
        ("title.desc", Order(Sort.TITLE, True), "-title"),
        ("duration", Order(Sort.TOOK, True), "duration"),
        ("-retries", Order(Sort.RETRIES, True), "retries"),
        ("progress.asc", Order(Sort.PROGRESS, False), "progress.asc"),
        ("-title.asc", NEWEST, ""),
        ("id; DROP TABLE", NEWEST, ""),
    ],
)
def test_an_order_is_read_generously_and_written_as_short_as_can_be(text: str, order: Order, shortest: str) -> None:
    assert Order.read(text) == order
    assert str(order) == shortest
    assert Order.read(shortest) == order


@pytest.mark.parametrize(
    ("sort", "place"),
    [
        (Sort.UPDATED, Place(1732, 15)),
        (Sort.TOOK, Place(-1, 3)),
        (Sort.PROGRESS, Place(1e-07, 3)),
        (Sort.PROGRESS, Place(0.1 + 0.2, 3)),
        (Sort.TITLE, Place("a-b 日本 - ", 3)),
        (Sort.TITLE, Place("", 3)),
    ],
)
def test_a_place_survives_its_way_through_a_link(sort: Sort, place: Place) -> None:
    assert Place.read(str(place), Order(sort)) == place


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        (Sort.UPDATED, ""),
        (Sort.UPDATED, "12"),
        (Sort.UPDATED, "12-"),
        (Sort.UPDATED, "-12"),
        (Sort.UPDATED, "1.5-12"),
        (Sort.UPDATED, "1_0-12"),
        (Sort.UPDATED, f"{2**63}-12"),
        (Sort.UPDATED, f"12-{2**63}"),
        (Sort.UPDATED, "٣-١"),
        (Sort.PROGRESS, "nan-1"),
        (Sort.PROGRESS, "inf-1"),
        (Sort.TITLE, "a\0b-1"),
        (Sort.TITLE, "a" * 500 + "-1"),
        (Sort.TITLE, "\ud800-1"),
    ],
)
def test_a_place_that_no_page_gave_out_cannot_be_read(sort: Sort, text: str) -> None:
    with pytest.raises(UnreadableCursor):
        Place.read(text, Order(sort))
