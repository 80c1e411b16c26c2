"""URLs that are read once, and texts without what tells who acted."""

import pytest

from score_model.features._texts import address_of, mask_identities, url_texts


def test_an_address_says_where_it_leads_and_what_it_asks_for() -> None:
    """Origin, seed, decoded path and texts come from one reading; the seed is no text, a slash in a part stays."""
    url = " HTTP://Host:80/long-tide/a%2Fb?seed=007&q=Marrow+Hill&empty= "
    address = address_of(url)
    assert (address.origin, address.seed) == ("http://host:80", "7")
    assert address.path == "/long-tide/a/b?seed=007&q=Marrow+Hill&empty="
    assert url_texts(url.strip()) == ("long tide", "a/b", "Marrow Hill")


@pytest.mark.parametrize("url", ["http://[broken/?seed=1", None, ""])
def test_what_is_no_url_leads_nowhere(url: str | None) -> None:
    """A URL that can't be parsed, or is missing, has neither origin nor seed nor texts."""
    assert address_of(url).origin is None
    assert address_of(url).seed is None
    assert url_texts(url) == ()


def test_too_many_parameters_are_not_read() -> None:
    """Beyond the bound a query gives no seed and no texts, but the address keeps its origin."""
    url = "http://h/x?seed=1&" + "a=1&" * 200
    assert address_of(url).origin == "http://h"
    assert address_of(url).seed is None
    assert url_texts(url) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NewUser80 and user_7", "NewUser# and user#"),
        ("superuser80", "superuser80"),
        ("agent-abcdef012345", "agent#"),
        ("agent-0123456789ab", "agent#"),
        ("x?seed=12 reseed=12", "x?seed=# reseed=12"),
        ("id 12345678-1234-1234-1234-123456789abc.", "id #."),
        ("deadbeefdead deadbeefdeadx", "# deadbeefdeadx"),
    ],
)
def test_who_acted_is_masked(text: str, shown: str) -> None:
    """Numbers of accounts, opaque ids and seeds are masked where they stand as words of their own."""
    assert mask_identities(text) == shown
