"""Which sites there are, and how users say where they run."""

import tomllib
from typing import Any

import pytest

from score_model.contract.websites import WEBSITE_BY_PORT
from score_model.errors import ContractError, UsageError
from score_model.replay._sites.site import Site
from score_model.replay._sites.site_map import SiteMap

_SETTINGS_FILE = """
[replay.sites.shop]
port = 9000
url = "https://shop.example/demo/"
event_service = "central"
events_url = "http://localhost:9090/events"
reset = "/reset/"
late_events_ms = 800
"""
_BAD_OVERRIDES = (
    "autodrive",
    "=http://localhost:8012",
    "autodrive=",
    "autodrive=localhost:8012",
    "autodrive=ftp://localhost/",
    "autodrive=http://",
    "autodrive=http://localhost:0",
    "autodrive=http://localhost:99999",
    "autodrive=http://user:secret@localhost:8012",
    "autodrive=http://localhost:8012/?seed=1",
    "autodrive=http://localhost:8012/#a",
    "autodrive=http://local host:8012",
    "autodrive=http://localhost,MAP * evil:8012",
    "autodrive=http://localhost:8012/a b",
    "autodrive=http://localhost:8012/a\nb",
    "autodrive=http://" + "a" * 3_000,
    "shop=http://localhost:9000",
    "no/name=http://localhost:9000",
)
_BAD_TABLES: tuple[tuple[Any, str], ...] = (
    ("text", "[replay.sites]"),
    ({"shop": "http://localhost:9000"}, "[replay.sites.shop]"),
    ({"shop": {}}, "port"),
    ({"shop": {"event_service": "none"}}, "port"),
    ({"shop": {"prot": 9000}}, "'prot'"),
    ({"shop": {"port": 0}}, "port"),
    ({"shop": {"port": "9000"}}, "port"),
    ({"shop": {"port": True}}, "port"),
    ({"shop": {"port": 9000, "origin": "http://localhost:9000"}}, "origin"),
    ({"shop": {"origin": "http://localhost:9000/shop"}}, "origin"),
    ({"shop": {"url": "http://localhost:9000/shop"}}, "origin"),
    ({"shop": {"port": 9000, "url": 5}}, "url"),
    ({"shop": {"port": 9000, "event_service": "own"}}, "event_service"),
    ({"shop": {"port": 9000, "event_service": ["site"]}}, "event_service"),
    ({"shop": {"port": 9000, "events_url": "localhost:8090"}}, "events_url"),
    ({"shop": {"port": 9000, "reset": "reset"}}, "reset"),
    ({"shop": {"port": 9000, "reset": "//evil.example/"}}, "reset"),
    ({"shop": {"port": 9000, "reset": "/a/../../b"}}, "reset"),
    ({"shop": {"port": 9000, "reset": "/a b"}}, "reset"),
    ({"shop": {"port": 9000, "reset": True}}, "reset"),
    ({"shop": {"port": 9000, "late_events_ms": -1}}, "late_events_ms"),
    ({"shop": {"port": 9000, "late_events_ms": 1.5}}, "late_events_ms"),
    ({"": {"port": 9000}}, "name"),
    ({"sh op": {"port": 9000}}, "name"),
    ({"shop": {"port": 9000}, "Shop": {"port": 9001}}, "twice"),
    ({"shop": {"port": 9000}, "store": {"port": 9000}}, "http://localhost:9000"),
    ({"autodrive": {"port": 8000}, "autocinema": {"reset": "/reset/"}}, "http://localhost:8000"),
)


def _site(sites: SiteMap, name: str) -> Site:
    site = sites.by_name(name)
    assert site is not None, name
    return site


def test_the_production_sites_are_built_in() -> None:
    """Fifteen sites at their ports; autocinema and autobooks keep their own events, the others share a service."""
    sites = SiteMap.build()
    assert {site.name: site.recorded_origin for site in sites.sites} == {
        name: f"http://localhost:{port}" for port, name in WEBSITE_BY_PORT.items()
    }
    assert len(sites.sites) == 15
    assert {site.name for site in sites.sites if site.event_service == "site"} == {"autobooks", "autocinema"}
    assert {site.event_service for site in sites.sites} == {"site", "central"}
    assert all(site.url == site.recorded_origin and site.reset is None for site in sites.sites)
    assert {site.events_url for site in sites.sites} == {"http://localhost:8090"}


def test_a_site_can_run_elsewhere() -> None:
    """`--site NAME=URL` moves a site and nothing else; scheme and prefix are kept, names are not case-sensitive."""
    sites = SiteMap.build(["autodrive=https://Demo.Example:443/drive/", "AutoStats=http://[::1]:3000"])
    assert _site(sites, "autodrive").url == "https://demo.example/drive"
    assert _site(sites, "autodrive").recorded_origin == "http://localhost:8012"
    assert _site(sites, "autofinance").url == "http://[::1]:3000"
    assert sites.by_name("autostats") == sites.by_name("autofinance")
    mapping = sites.mapping()
    assert len(mapping) == 15
    assert mapping["http://localhost:8012"] == "https://demo.example/drive"
    assert mapping["http://localhost:8000"] == "http://localhost:8000"
    assert sites.mapping(["autodrive"]) == {"http://localhost:8012": "https://demo.example/drive"}
    assert sites.mapping([]) == {}


def test_a_website_of_the_user_s_own() -> None:
    """A table of score_model.toml describes a site fully; `--site` still moves it."""
    tables = tomllib.loads(_SETTINGS_FILE)["replay"]["sites"]
    sites = SiteMap.build(tables=tables)
    shop = Site(
        name="shop",
        recorded_origin="http://localhost:9000",
        url="https://shop.example/demo",
        event_service="central",
        events_url="http://localhost:9090/events",
        reset="/reset/",
        late_events_ms=800,
    )
    assert sites.by_name("shop") == shop
    assert sites.by_url("http://LOCALHOST:9000/cart?seed=3#top") == shop
    moved = SiteMap.build(["shop=http://127.0.0.1:7000"], tables)
    assert _site(moved, "shop").url == "http://127.0.0.1:7000"
    assert _site(moved, "shop").reset == "/reset/"
    assert len(sites.sites) == 16


def test_the_least_that_a_description_needs() -> None:
    """A port, an origin or an address is enough; without a word on events there are none."""
    for table, origin in (
        ({"port": 9000}, "http://localhost:9000"),
        ({"origin": "https://shop.example:443/"}, "https://shop.example"),
        ({"url": "http://shop.example"}, "http://shop.example"),
    ):
        shop = _site(SiteMap.build(tables={"shop": table}), "shop")
        assert (shop.recorded_origin, shop.url, shop.event_service) == (origin, origin, "none"), table
    named = _site(SiteMap.build(tables={"shop": {"port": 9000, "events_url": "http://localhost:1"}}), "shop")
    assert named.event_service == "central"


def test_a_production_site_can_be_described_anew() -> None:
    """A table for a production site changes what it names and keeps the rest."""
    tables = {"autobooks": {"event_service": "central", "reset": "/reset/"}, "autozone": {"port": 3002}}
    sites = SiteMap.build(tables=tables, events_url="http://localhost:5000/")
    books = _site(sites, "autobooks")
    assert (books.event_service, books.events_url) == ("central", "http://localhost:5000")
    assert (books.reset, books.url) == ("/reset/", "http://localhost:8001")
    assert books.late_events_ms > 0
    assert sites.mapping(["autozone"]) == {"http://localhost:3002": "http://localhost:3002"}
    assert _site(sites, "automail").events_url == "http://localhost:5000"


def test_a_user_s_site_displaces_a_production_site() -> None:
    """A site that the user describes takes the port of a production site that nobody mentions."""
    sites = SiteMap.build(tables={"shop": {"port": 8000}})
    assert sites.by_name("autocinema") is None
    assert sites.find("http://localhost:8000/?seed=1", "autocinema").name == "shop"
    assert len(sites.sites) == 15


@pytest.mark.parametrize("override", _BAD_OVERRIDES)
def test_a_bad_override_is_one_line(override: str) -> None:
    """What `--site` can't mean is refused in one line of bearable length, without credentials."""
    with pytest.raises(UsageError) as refused:
        SiteMap.build([override])
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    assert "secret" not in str(refused.value)


def test_a_site_is_moved_once() -> None:
    """Two addresses for one site are a mistake, whatever they are."""
    with pytest.raises(UsageError, match="twice"):
        SiteMap.build(["autodrive=http://a", "AUTODRIVE=http://b"])


@pytest.mark.parametrize(("tables", "named"), _BAD_TABLES)
def test_a_bad_table_is_one_line(tables: Any, named: str) -> None:
    """What a table can't mean is refused in one line that names the table or the key."""
    with pytest.raises(UsageError) as refused:
        SiteMap.build(tables=tables)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_task_s_site_is_found() -> None:
    """By the origin of its start URL, else by its website's name; what stays unknown is said with a remedy."""
    sites = SiteMap.build(["autodrive=http://localhost:3000"])
    assert sites.find("http://localhost:8012/?seed=17", None).name == "autodrive"
    assert sites.find("http://localhost:8012/?seed=17", "autozone").name == "autodrive"
    assert sites.find(None, "AutoZone").name == "autozone"
    assert sites.find("  ", "autozone").name == "autozone"
    for start_url, website, said in (
        ("http://127.0.0.1:8012/", "autodrive", "[replay.sites.autodrive]"),
        ("https://localhost:8012/", "autodrive", "https://localhost:8012"),
        ("http://localhost:3000/", None, "http://localhost:3000"),
        ("file:///etc/passwd", "autodrive", "no http(s) URL"),
        ("http://[::1", "autodrive", "no http(s) URL"),
        (None, "shop", "'shop'"),
        (None, "\x00", "no known site"),
        (None, None, "no start URL"),
    ):
        with pytest.raises(ContractError) as refused:
            sites.find(start_url, website)
        assert said in str(refused.value), (start_url, website)


def test_recorded_addresses_can_have_any_host() -> None:
    """A deployment whose URLs do not say localhost is named by its origin."""
    sites = SiteMap.build(["autodrive=http://localhost:3000"], {"autodrive": {"origin": "http://203.0.113.5:8012"}})
    assert sites.find("http://203.0.113.5:8012/?seed=1", "autodrive").url == "http://localhost:3000"
    assert sites.by_url("http://localhost:8012/") is None
