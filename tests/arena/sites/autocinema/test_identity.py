"""Each identity has a site of its own, and a reset gives it back as new."""

import asyncio

from tests.arena.sites.autocinema.drivers import Cinema
from tests.arena.sites.autocinema.test_use_cases import NEW_FILM


async def test_identities_never_meet(cinema: Cinema) -> None:
    """What one agent adds, deletes and registers, another does not see, nor the same agent for another validator."""
    one = await cinema.visitor("80", "20")
    others = [await cinema.visitor("81", "20"), await cinema.visitor("80", "21"), await cinema.visitor("8", "020")]
    gone = one.films[0]
    await one.post("/add/", NEW_FILM)
    await one.post(f"/delete/{gone.id}/")
    await one.post("/register/", {"username": "ida", "email": "a@b", "password": "x", "password2": "x"})
    await one.sign_in("user80")
    for other in others:
        page = await other.get("/")
        assert "The Ninth Usher" not in page.text
        assert f"/movie/{gone.id}/?" in page.text
        assert "Signed in" not in page.text
        refused = await other.post("/login/", {"username": "ida", "password": "x"})
        assert refused.status == 401
        assert await other.events() == []


async def test_an_agents_own_member(cinema: Cinema) -> None:
    """`user<agent id>` is a member for that agent alone."""
    login = {"username": "userminer-x", "password": "password123"}
    assert (await (await cinema.visitor("miner-x")).post("/login/", login)).status == 200
    assert (await (await cinema.visitor("miner-y")).post("/login/", login)).status == 401


async def test_reset(cinema: Cinema) -> None:
    """A reset takes back everything of its identity, the login too, and leaves the others alone."""
    one, other = await cinema.visitor("80"), await cinema.visitor("81")
    for visitor in (one, other):
        await visitor.post("/add/", NEW_FILM)
        await visitor.sign_in()
        await visitor.post("/contact/", {"name": "a", "email": "a@b", "subject": "c", "message": "d"})
    answer = await one.send("POST", "/reset/")
    assert (answer.status, answer.text) == (204, "")
    assert await one.events() == []
    page = await one.get("/")
    assert "The Ninth Usher" not in page.text
    assert "Signed in" not in page.text
    assert "The Ninth Usher" in (await other.get("/")).text
    assert await other.event_names() == ["CONTACT"]


async def test_event_resets_undo_nothing(cinema: Cinema) -> None:
    """The event service forgets the events; what was done stays done."""
    visitor = await cinema.visitor()
    await visitor.post("/add/", NEW_FILM)
    assert (await visitor.send("DELETE", "/events/reset/")).status == 200
    assert await visitor.events() == []
    assert "The Ninth Usher" in (await visitor.get("/")).text


async def test_acts_at_the_same_time(cinema: Cinema) -> None:
    """Comments that arrive together are all kept, each with a number and an event of its own."""
    visitor = await cinema.visitor()
    path = f"/movie/{visitor.films[0].id}/"
    answers = await asyncio.gather(
        *(visitor.post(path, {"name": f"n{number}", "content": "same"}, follow=False) for number in range(20))
    )
    assert {answer.status for answer in answers} == {303}
    events = await visitor.events()
    assert sorted(data["comment_id"] for _, data in events) == list(range(1, 21))
    assert {data["name"] for _, data in events} == {f"n{number}" for number in range(20)}
