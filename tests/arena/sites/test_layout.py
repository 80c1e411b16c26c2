"""What a seed changes."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.arena.sites import SITES, Layout, catalog_of
from score_model.arena.sites.layout import FIRST_SEED, LABELS, LAST_SEED, seed_of

SEEDS = range(FIRST_SEED, LAST_SEED + 1)
EACH_SITE = pytest.mark.parametrize("site", sorted(SITES))
PER_ITEM = ("item.open", "item.edit", "item.delete", "cart.add", "cart.buy")
USABLE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")  # in CSS as it is, without escapes


@EACH_SITE
def test_ids_are_unique_in_every_layout(site: str) -> None:
    """At each of the 300 seeds no two elements of a site share an id, and each id works in CSS as it is."""
    for seed in SEEDS:
        layout = Layout(site, seed)
        ids = [layout.element_id(name) for name in LABELS]
        ids += [layout.element_id(name, item.id) for item in catalog_of(layout) for name in PER_ITEM]
        assert len(set(ids)) == len(ids), (seed, [again for again, count in Counter(ids).items() if count > 1])
        assert all(USABLE_ID.fullmatch(made) for made in ids), seed


@EACH_SITE
def test_seeds_differ(site: str) -> None:
    """No two seeds show the same items in the same order; choice, ids and labels vary, and every label is used."""
    layouts = [Layout(site, seed) for seed in SEEDS]
    orders = {tuple(item.id for item in catalog_of(layout)) for layout in layouts}
    assert len(orders) == len(SEEDS)
    assert len({frozenset(order) for order in orders}) == len(SEEDS)
    assert len({layout.element_id("login.username") for layout in layouts}) > 50
    for name, options in LABELS.items():
        assert {layout.label(name) for layout in layouts} == set(options), name
    assert len({tuple(layout.label(name) for name in LABELS) for layout in layouts}) == len(SEEDS)


@EACH_SITE
def test_a_seed_shows_36_to_44_items(site: str) -> None:
    """Each layout offers a different part of the catalog's 52 items, never one twice, and every item somewhere."""
    counts = set()
    seen = set()
    for seed in SEEDS:
        items = [item.id for item in catalog_of(Layout(site, seed))]
        assert len(set(items)) == len(items)
        counts.add(len(items))
        seen.update(items)
    assert counts == set(range(36, 45))
    assert seen == set(range(1, 53))


def test_a_layout_is_the_same_everywhere() -> None:
    """Layouts follow from the site and the seed alone: any process, at any time, makes these."""
    cinema, books = Layout("autocinema", 17), Layout("autobooks", 17)
    assert [cinema.element_id("login.username"), cinema.element_id("item.open", 5)] == [
        "username_59217",
        "open_14981-5",
    ]
    assert [books.element_id("login.username"), books.element_id("item.open", 5)] == [
        "id_username_login",
        "id_open_item-5",
    ]
    assert [cinema.label("nav.home"), books.label("nav.home")] == ["Home", "Discover"]
    assert [item.id for item in catalog_of(cinema)[:5]] == [24, 32, 29, 26, 18]
    assert [item.id for item in catalog_of(books)[:5]] == [31, 24, 11, 26, 30]


def test_choices_are_independent() -> None:
    """Another purpose draws anew, so that one choice does not tell the next; a shuffle keeps every element."""
    layouts = [Layout("autocinema", seed) for seed in SEEDS]
    pairs = Counter((layout.choice("one", "ab"), layout.choice("two", "ab")) for layout in layouts)
    assert min(pairs[one, two] for one in "ab" for two in "ab") > len(SEEDS) / 8
    for layout in layouts[:20]:
        assert sorted(layout.shuffled("menu", range(9))) == list(range(9))
        assert len(layout.shuffled("menu", range(9), 4)) == 4


@EACH_SITE
def test_every_field_has_a_label(site: str) -> None:
    """Each field of an item's form has words to show."""
    assert {f"item.{name}" for name in SITES[site].field_names} <= LABELS.keys()


@given(st.one_of(st.none(), st.text(), st.integers(-10, 999).map(str)))
@settings(deadline=None)
def test_only_1_to_300_is_a_seed(text: str | None) -> None:
    """Any other text is ignored, whatever it holds."""
    seed = seed_of(text)
    if seed is None:
        assert text not in {str(known) for known in SEEDS}
    else:
        assert text is not None
        assert seed in SEEDS
        assert text.lstrip("0") == str(seed)


def test_seeds_that_only_look_like_one() -> None:
    """Digits of other scripts, signs, spaces, fractions and absurd lengths are no seeds."""
    for text in ("", "0", "301", "-1", "+1", " 1", "1 ", "1.0", "1e2", "٣", "²", "0x1", "1\x00", "9" * 10_000):
        assert seed_of(text) is None, text[:20]
