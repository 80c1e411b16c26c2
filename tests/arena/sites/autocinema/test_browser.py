"""The film site in a real Chromium, driven by the layout's element ids alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page

from score_model.arena.sites import Layout, catalog_of
from tests.arena.sites.autocinema.drivers import Cinema


@asynccontextmanager
async def open_page(chromium: Browser, agent_id: str, width: int = 1280) -> AsyncIterator[Page]:
    """A page whose every request names the agent; what the browser complains about fails the test."""
    headers = {"X-WebAgent-Id": agent_id, "X-Validator-Id": "20"}
    context = await chromium.new_context(extra_http_headers=headers, viewport={"width": width, "height": 800})
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


@pytest.mark.parametrize("seed", [1, 2, 4])
async def test_search_open_comment(cinema: Cinema, chromium: Browser, seed: int) -> None:
    """A visitor searches a film, opens it and comments on it; the site tells each step once."""
    layout = Layout("autocinema", seed)
    film = catalog_of(layout)[-1]

    def at(name: str, item_id: int | None = None) -> str:
        return f'[id="{layout.element_id(name, item_id)}"]'

    async with open_page(chromium, "walker") as page:
        await page.goto(f"{cinema.origin}/?seed={seed}")
        await page.fill(at("search.query"), film.fields["name"])
        await page.click(at("search.submit"))
        await page.click(at("item.open", film.id))
        assert await page.inner_text("h1") in (film.fields["name"], film.fields["name"].upper())
        await page.fill(at("comment.name"), "Ida")
        await page.fill(at("comment.content"), "I stayed for the credits.")
        await page.click(at("comment.submit"))
        assert await page.inner_text("[role=status]") == "Thank you, your comment is up."
        assert f"seed={seed}" in page.url
        assert "I stayed for the credits." in await page.inner_text(".comments")
    visitor = await cinema.visitor("walker")
    events = await visitor.events()
    assert [name for name, _ in events] == ["SEARCH_FILM", "FILM_DETAIL", "ADD_COMMENT", "FILM_DETAIL"]
    assert events[0][1] == {"query": film.fields["name"]}
    assert events[2][1]["movie"]["name"] == film.fields["name"]


async def test_the_keyboard_is_enough(cinema: Cinema, chromium: Browser) -> None:
    """The first Tab offers to skip to the content, and Enter in a field submits its form."""
    layout = Layout("autocinema", 1)
    async with open_page(chromium, "typist") as page:
        await page.goto(f"{cinema.origin}/login/?seed=1")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Skip to content"
        await page.fill(f'[id="{layout.element_id("login.username")}"]', "user4")
        await page.fill(f'[id="{layout.element_id("login.password")}"]', "password123")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/?seed=1")
        await page.click(f'[id="{layout.element_id("nav.logout")}"]')
        await page.wait_for_selector(f'[id="{layout.element_id("nav.login")}"]')
    assert await (await cinema.visitor("typist")).event_names() == ["LOGIN", "LOGOUT"]


async def test_a_form_of_another_site(cinema: Cinema, chromium: Browser) -> None:
    """A form that lies on another site's page can't act here, whoever presses its button."""
    page = await chromium.new_page()
    film = catalog_of(Layout("autocinema", 1))[0].id
    form = f'<form method="post" action="{cinema.origin}/delete/{film}/"><button>A prize!</button></form>'
    await page.set_content(form)
    await page.click("button")
    assert await page.inner_text("h1") == "Please come in by the front door"
    await page.goto(f"{cinema.origin}/movie/{film}/")
    assert f"/delete/{film}/" in await page.content()
    await page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
async def test_pages_fit(cinema: Cinema, chromium: Browser, width: int) -> None:
    """No page is wider than the window, on a phone or on a desk, in any arrangement of the front page."""
    async with open_page(chromium, "surveyor", width) as page:
        paths = [f"/?seed={seed}" for seed in (1, 2, 3, 4, 6, 8)]
        paths += ["/movie/{id}/?seed=1", "/add/?seed=3", "/add/?seed=4", "/?search=nothing+at+all&seed=2"]
        paths += [f"/?search={'W' * 70}&seed={seed}" for seed in (1, 3, 17)]
        for path in paths:
            film = catalog_of(Layout("autocinema", 1))[0]
            await page.goto(cinema.origin + path.format(id=film.id))
            over = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over == 0, path
