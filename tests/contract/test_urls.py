"""The origin of a URL: one spelling for what browsers, services and users mean by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract.urls import origin_of, origins_of_host, read_origin
from score_model.errors import ContractError


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://localhost:8012/?seed=17", "http://localhost:8012"),
        ("  HTTP://LocalHost:8012#x\n", "http://localhost:8012"),
        ("http://localhost:80/", "http://localhost"),
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:80/", "https://a.example:80"),
        ("http://user:secret@a_b.example./x", "http://a_b.example."),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("http://[FE80::1%25eth0]/x", "http://[fe80::1%25eth0]"),
    ],
)
def test_an_origin_has_one_spelling(url: str, origin: str) -> None:
    """Lower case, no default port, no path and no user; an origin is its own origin."""
    assert read_origin(url) == origin_of(url) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "http://"),
        ("localhost:8001", "http://"),
        ("/book/5", "http://"),
        ("//a.example/x", "http://"),
        ("file:///etc/passwd", "http://"),
        ("ws://localhost:8001/", "http://"),
        ("javascript:alert(1)", "http://"),
        ("http://", "host"),
        ("http://:8001", "host"),
        ("http://.example/", "host"),
        ("http://localhost:0/", "host"),
        ("http://a b/", "host"),
        ("http://a*b/", "host"),
        ("http://a,b/", "host"),
        ("http://a%2eb/", "host"),
        ("http://b\u00fccher.example/", "host"),
        ("http://" + "a" * 254, "host"),
        ("http://localhost:99999", "not a URL"),
        ("http://localhost:abc", "not a URL"),
        ("http://[::1", "not a URL"),
    ],
)
def test_what_names_no_origin_is_refused(url: str, said: str) -> None:
    """Other schemes, hosts that no browser sends and ports that no server has are refused with a reason."""
    assert origin_of(url) is None
    with pytest.raises(ContractError, match=said):
        read_origin(url)


@pytest.mark.parametrize(
    ("host", "origins"),
    [
        ("LocalHost:8001", {"http://localhost:8001", "https://localhost:8001"}),
        ("a.example:443", {"http://a.example:443", "https://a.example"}),
        ("", set()),
        ("a.example/x", set()),
        ("user@a.example", set()),
        ("a.example\\", set()),
        (" a.example", set()),
    ],
)
def test_a_host_can_mean_two_origins(host: str, origins: set[str]) -> None:
    """A `Host` header says no scheme; what is more than a host and a port says nothing."""
    assert origins_of_host(host) == origins


@given(st.text(max_size=60) | st.builds("http://{}{}".format, st.text(max_size=20), st.text(max_size=20)))
def test_any_text_has_an_origin_or_none(url: str) -> None:
    """Nothing else is ever raised, and what comes out is printable and its own origin."""
    origin = origin_of(url)
    assert origin is None or (origin.isascii() and origin.isprintable() and origin_of(origin) == origin)
