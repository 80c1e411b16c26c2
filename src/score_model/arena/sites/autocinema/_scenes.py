"""Poster art: places under a sky, each drawn by a generator that the film seeds."""

import math
from random import Random

from score_model.arena.sites.autocinema._shapes import HEIGHT, WIDTH, Ink, box, circle, line, path, ridge, ring, stars


def adventure(draw: Random, ink: Ink) -> str:
    """Hills in the sun, and birds over them."""
    sun = circle(draw.uniform(80, 220), draw.uniform(110, 160), draw.uniform(38, 56), ink.pale, 0.95)
    hills = [path(ridge(draw, base, 110 - step * 18, 5 + step), ink.top, 0.35 + step * 0.2)
             for step, base in enumerate((270, 320, 365, 410))]  # fmt: skip
    x = draw.uniform(90, 200)
    birds = "".join(
        line(f"M{x + dx:.0f} {75 + dy}q6 -7 12 0q6 -7 12 0", ink.top, 2) for dx, dy in ((0, 0), (34, 16), (-26, 20))
    )
    return sun + birds + "".join(hills)


def crime(draw: Random, ink: Ink) -> str:
    """A city at night behind blinds."""
    moon = circle(draw.uniform(70, 230), draw.uniform(70, 120), draw.uniform(34, 48), ink.bright, 0.92)
    city, x = [], -6.0
    while x < WIDTH:
        width, height = draw.uniform(34, 62), draw.uniform(130, 300)
        city.append(box(x, HEIGHT - height, width, height, ink.top, 0.96))
        city += [
            box(x + 7 + column * 13, HEIGHT - height + 12 + row * 20, 6, 9, ink.bright, 0.85)
            for column in range(int((width - 10) // 13))
            for row in range(8)
            if draw.random() < 0.28
        ]
        x += width + draw.uniform(-2, 5)
    blinds = "".join(box(0, 22 + step * 26, WIDTH, 7, ink.top, 0.28) for step in range(9))
    return moon + blinds + "".join(city)


def drama(draw: Random, ink: Ink) -> str:
    """A sail before the sun in the sea."""
    x, horizon = draw.uniform(100, 200), draw.uniform(225, 255)
    sun = circle(x, horizon, draw.uniform(70, 92), ink.pale, 0.95)
    sea = box(0, horizon, WIDTH, HEIGHT, ink.top, 0.92)
    glints = "".join(
        box(x - width / 2 + draw.uniform(-10, 10), horizon + 9 + step * 11, width, 3, ink.pale, 0.75 - step * 0.05)
        for step, width in enumerate((132, 104, 118, 84, 92, 60, 66, 38, 44, 20))
    )
    boat = draw.uniform(40, 100) if x > 150 else draw.uniform(200, 250)
    sail = path(f"M{boat:.0f} {horizon + 6:.0f}l0 -46l24 40Zm-14 4h46l-9 10h-28Z", ink.bright)
    return sun + sea + glints + sail


def fantasy(draw: Random, ink: Ink) -> str:
    """A castle under the moon."""
    x = draw.uniform(70, 230)
    moon = path(f"M{x:.0f} 54a52 52 0 1 0 48 74a42 42 0 1 1 -48 -74Z", ink.pale, 0.95)
    castle, left = [], draw.uniform(86, 112)
    for step, height in enumerate((96, 150, 196, 128, 84)):
        at, width = left + step * 24, 26
        roof = 46 if step % 2 == 0 else 34
        castle.append(
            path(f"M{at:.0f} 380v-{height}h{width}v{height}Zm-4 -{height}l17 -{roof}l17 {roof}Z", ink.top)
            + box(at + 10, 380 - height + 18, 6, 12, ink.bright)
        )
    hill = path("M0 450V365Q150 300 300 372V450Z", ink.top)
    return stars(draw, 46, ink.pale, 260) + moon + "".join(castle) + hill


def history(draw: Random, ink: Ink) -> str:
    """A temple before the sun."""
    sun = circle(150, 150, draw.uniform(84, 104), ink.pale, 0.55) + ring(150, 150, 118, ink.pale, 1.5, 0.5)
    columns = "".join(
        box(x, 196, 26, 170, ink.pale)
        + "".join(box(x + 5 + groove * 7, 204, 2, 154, ink.top, 0.35) for groove in range(3))
        + box(x - 5, 188, 36, 9, ink.pale)
        + box(x - 5, 362, 36, 9, ink.pale)
        for x in (56, 110, 164, 218)
    )
    roof = path("M36 176L150 116L264 176Z", ink.pale) + box(40, 178, 220, 9, ink.bright)
    steps = "".join(
        box(34 - step * 10, 373 + step * 12, 232 + step * 20, 11, ink.pale, 0.9 - step * 0.2) for step in range(4)
    )
    return sun + columns + roof + steps


def horror(draw: Random, ink: Ink) -> str:
    """A bare tree before the moon."""
    moon = circle(draw.uniform(100, 200), draw.uniform(120, 160), draw.uniform(66, 86), ink.bright, 0.92)
    twigs: list[str] = []

    def grow(x: float, y: float, angle: float, length: float, width: float) -> None:
        over, up = x + length * math.cos(angle), y - length * math.sin(angle)
        twigs.append(line(f"M{x:.0f} {y:.0f}L{over:.0f} {up:.0f}", "#050506", width))
        if width > 1.2:
            for _ in range(2 if width < 8 else 3):
                grow(over, up, angle + draw.uniform(-0.75, 0.75), length * draw.uniform(0.62, 0.82), width * 0.62)

    grow(draw.choice((62, 238)), 420, math.pi / 2 + draw.uniform(-0.15, 0.15), 96, 15)
    return moon + "".join(twigs) + path(ridge(draw, 400, 26, 9), "#050506")


def sci_fi(draw: Random, ink: Ink) -> str:
    """A planet with a ring."""
    x, y, size = draw.uniform(110, 190), draw.uniform(145, 190), draw.uniform(60, 80)
    tilt = draw.uniform(-32, -12)
    orbit = (
        f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{size * 1.75:.0f}" ry="{size * 0.42:.0f}" fill="none" '
        f'stroke="{ink.bright}" stroke-width="7" opacity="0.9" transform="rotate({tilt:.0f} {x:.0f} {y:.0f})"/>'
    )
    front = path(
        f"M{x - size:.0f} {y:.0f}a{size:.0f} {size:.0f} 0 0 1 {2 * size:.0f} 0"
        f"q-{size:.0f} {size * 0.5:.0f} -{2 * size:.0f} 0Z",
        ink.pale,
    )
    cover = f'<g transform="rotate({tilt:.0f} {x:.0f} {y:.0f})">{front}</g>'
    moon = circle(draw.uniform(30, 270), draw.uniform(290, 320), draw.uniform(9, 16), ink.bright)
    return stars(draw, 70, ink.pale, 430) + circle(x, y, size, ink.pale) + orbit + cover + moon


def lamp(draw: Random, ink: Ink) -> str:
    """Somebody under a street lamp in the rain."""
    x = draw.uniform(95, 205)
    rain = "".join(
        line(f"M{at:.0f} {drop:.0f}l-7 26", ink.pale, 1.2, 0.35)
        for at, drop in ((draw.uniform(0, 310), draw.uniform(-10, 320)) for _ in range(46))
    )
    light = path(f"M{x - 15:.0f} 112L{x - 105:.0f} 400H{x + 105:.0f}L{x + 15:.0f} 112Z", ink.pale, 0.22)
    glow = circle(x, 106, 58, ink.pale, 0.18) + circle(x, 106, 34, ink.pale, 0.3) + circle(x, 106, 15, ink.pale)
    post = box(x - 3, 120, 6, 280, ink.top) + path(f"M{x - 21:.0f} 94l9 -14h24l9 14Z", ink.top)
    coat = draw.uniform(38, 52) * draw.choice((-1, 1))
    man = (
        circle(x + coat, 268, 10, ink.top)
        + path(f"M{x + coat - 17:.0f} 400V300q17 -32 34 0V400Z", ink.top)
        + box(x + coat - 14, 258, 28, 4, ink.top)
        + box(x + coat - 8, 248, 16, 11, ink.top)
    )
    return rain + light + glow + post + man
