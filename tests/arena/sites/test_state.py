"""What a visitor's acts have made of a site."""

import msgspec

from score_model.arena.sites import Item, Layout, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.state import SiteState, User

CATALOG = catalog_of(Layout("autocinema", 1))


def added(number: int) -> Item:
    return Item(id=number, fields=dict(CATALOG[0].fields, name=f"Added {number}"), created_at="now", updated_at="now")


def test_a_new_world_is_the_catalog() -> None:
    """Nothing changed: the catalog in its order; worlds share nothing that one of them could change."""
    one, other = SiteState(), SiteState()
    assert one.items(CATALOG) == list(CATALOG)
    one.added.append(added(1001))
    one.sessions["s"] = "user1"
    one.carts.setdefault("user1", []).append(1)
    assert other == SiteState()


def test_added_items_come_first() -> None:
    """Added items are shown before the catalog's, newest first; edited ones keep their place; deleted ones are gone."""
    state = SiteState(added=[added(1001), added(1002)])
    third = CATALOG[2]
    state.edited[third.id] = Item(id=third.id, fields=dict(third.fields, name="Edited"))
    state.edited[1001] = Item(id=1001, fields=dict(third.fields, name="Edited too"))
    state.deleted += [CATALOG[0].id, 1002]
    shown = state.items(CATALOG)
    assert [item.id for item in shown] == [1001, *(item.id for item in CATALOG[1:])]
    assert [shown[0].fields["name"], shown[2].fields["name"]] == ["Edited too", "Edited"]
    assert state.item(CATALOG, CATALOG[0].id) is None
    assert state.item(CATALOG, 1002) is None
    assert state.item(CATALOG, 10**30) is None
    assert CATALOG[2].fields["name"] != "Edited"


def test_members() -> None:
    """user1 to user256 exist everywhere, and so does user<agent id>; who registered is who they said."""
    state = SiteState(users={"ann": User(id=257, username="ann", email="a@b", password="p")})

    def known(name: str, agent: str = "miner_77") -> User | None:
        return state.user(name, AUTOCINEMA, agent)

    assert [user.id for name in ("user1", "user77", "user256") if (user := known(name))] == [1, 77, 256]
    assert known("userminer_77") is not None
    assert known("user300", agent="300") is not None
    assert known("ann") is state.users["ann"]
    for name in (
        "",
        "user",
        "user0",
        "user257",
        "user01",
        "user٣",
        "user-1",
        "User1",
        "user1 ",
        "bob",
        "user" + "9" * 999,
    ):
        assert known(name) is None, name
    assert known("user", agent="") is None
    first, books = known("user1"), state.user("user1", AUTOBOOKS, "")
    assert first is not None
    assert books is not None
    assert (first.password, books.password) == ("password123", "PASSWORD")


def test_numbers_are_given_once() -> None:
    """A world never gives a number twice, also after it was stored and read again."""
    state = SiteState()
    numbers = [state.next_number() for _ in range(3)]
    again = msgspec.json.decode(msgspec.json.encode(state), type=SiteState)
    assert [*numbers, again.next_number()] == [1, 2, 3, 4]


def test_a_world_survives_storage() -> None:
    """A world that was stored and read is equal to what it was, with the types it had and its order of sessions."""
    state = SiteState(
        added=[added(1001)],
        edited={5: added(5)},
        deleted=[7, 1001],
        users={"ann": User(id=257, username="ann", email="a@b", password="p", favorite_genres=["Drama"])},
        sessions={str(number): "ann" for number in range(9, 0, -1)},
        carts={"ann": [1, 1, 2]},
        made=4,
    )
    again = msgspec.json.decode(msgspec.json.encode(state), type=SiteState)
    assert again == state
    assert list(again.sessions) == list(state.sessions)
    assert type(again.added[0].fields["rating"]) is float
