"""What a visitor's acts have made of a site."""

import msgspec

from score_model.arena.sites import AUTOBOOKS, AUTOCINEMA, Item, Layout, User, World, catalog_of

CATALOG = catalog_of(Layout("autocinema", 1))


def added(number: int) -> Item:
    return Item(id=number, fields=dict(CATALOG[0].fields, name=f"Added {number}"), created_at="now", updated_at="now")


def test_a_new_world_is_the_catalog() -> None:
    """Nothing changed: the catalog in its order; worlds share nothing that one of them could change."""
    one, other = World(), World()
    assert one.items(CATALOG) == list(CATALOG)
    one.added.append(added(1001))
    one.sessions["s"] = "user1"
    one.carts.setdefault("user1", []).append(1)
    assert other == World()


def test_added_items_come_first() -> None:
    """Added items are shown before the catalog's, newest first; edited ones keep their place; deleted ones are gone."""
    world = World(added=[added(1001), added(1002)])
    third = CATALOG[2]
    world.edited[third.id] = Item(id=third.id, fields=dict(third.fields, name="Edited"))
    world.edited[1001] = Item(id=1001, fields=dict(third.fields, name="Edited too"))
    world.deleted += [CATALOG[0].id, 1002]
    shown = world.items(CATALOG)
    assert [item.id for item in shown] == [1001, *(item.id for item in CATALOG[1:])]
    assert [shown[0].fields["name"], shown[2].fields["name"]] == ["Edited too", "Edited"]
    assert world.item(CATALOG, CATALOG[0].id) is None
    assert world.item(CATALOG, 1002) is None
    assert world.item(CATALOG, 10**30) is None
    assert CATALOG[2].fields["name"] != "Edited"


def test_members() -> None:
    """user1 to user256 exist everywhere, and so does user<agent id>; who registered is who they said."""
    world = World(users={"ann": User(id=257, username="ann", email="a@b", password="p")})

    def known(name: str, agent: str = "miner_77") -> User | None:
        return world.user(name, AUTOCINEMA, agent)

    assert [user.id for name in ("user1", "user77", "user256") if (user := known(name))] == [1, 77, 256]
    assert known("userminer_77") is not None
    assert known("user300", agent="300") is not None
    assert known("ann") is world.users["ann"]
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
    first, books = known("user1"), world.user("user1", AUTOBOOKS, "")
    assert first is not None
    assert books is not None
    assert (first.password, books.password) == ("password123", "PASSWORD")


def test_numbers_are_given_once() -> None:
    """A world never gives a number twice, also after it was stored and read again."""
    world = World()
    numbers = [world.next_number() for _ in range(3)]
    again = msgspec.json.decode(msgspec.json.encode(world), type=World)
    assert [*numbers, again.next_number()] == [1, 2, 3, 4]


def test_a_world_survives_storage() -> None:
    """A world that was stored and read is equal to what it was, with the types it had and its order of sessions."""
    world = World(
        added=[added(1001)],
        edited={5: added(5)},
        deleted=[7, 1001],
        users={"ann": User(id=257, username="ann", email="a@b", password="p", favorite_genres=["Drama"])},
        sessions={str(number): "ann" for number in range(9, 0, -1)},
        carts={"ann": [1, 1, 2]},
        made=4,
    )
    again = msgspec.json.decode(msgspec.json.encode(world), type=World)
    assert again == world
    assert list(again.sessions) == list(world.sessions)
    assert type(again.added[0].fields["rating"]) is float
