"""Poster art: what each genre is drawn with, by a generator that the film seeds."""

import math
from collections.abc import Callable
from random import Random

from score_model.arena.sites.autocinema._shapes import HEIGHT, WIDTH, Ink, box, circle, line, path, ridge, ring, stars

Motif = Callable[[Random, Ink], str]


def _action(draw: Random, ink: Ink) -> str:
    x, y, turn = draw.uniform(90, 210), draw.uniform(130, 210), draw.uniform(0, 15)
    rays = []
    for number in range(18):
        one, two = (math.radians(turn + number * 20 + side) for side in (-5, 5))
        rays.append(
            path(
                f"M{x:.0f} {y:.0f}L{x + 560 * math.cos(one):.0f} {y + 560 * math.sin(one):.0f} "
                f"L{x + 560 * math.cos(two):.0f} {y + 560 * math.sin(two):.0f}Z",
                ink.bright,
                0.3,
            )
        )
    shards = [
        path(f"M{x + 60 * math.cos(a):.0f} {y + 60 * math.sin(a):.0f}l{draw.uniform(6, 22):.0f} "
             f"{draw.uniform(-18, 18):.0f}l{draw.uniform(-14, 6):.0f} {draw.uniform(6, 22):.0f}Z", ink.pale, 0.9)
        for a in (draw.uniform(0, 6.3) for _ in range(14))
    ]  # fmt: skip
    return "".join((*rays, circle(x, y, 46, ink.bright), circle(x, y, 32, ink.pale), *shards))


def _adventure(draw: Random, ink: Ink) -> str:
    sun = circle(draw.uniform(80, 220), draw.uniform(110, 160), draw.uniform(38, 56), ink.pale, 0.95)
    hills = [path(ridge(draw, base, 110 - step * 18, 5 + step), ink.top, 0.35 + step * 0.2)
             for step, base in enumerate((270, 320, 365, 410))]  # fmt: skip
    x = draw.uniform(90, 200)
    birds = "".join(
        line(f"M{x + dx:.0f} {75 + dy}q6 -7 12 0q6 -7 12 0", ink.top, 2) for dx, dy in ((0, 0), (34, 16), (-26, 20))
    )
    return sun + birds + "".join(hills)


def _animation(draw: Random, ink: Ink) -> str:
    balls = "".join(
        circle(draw.uniform(0, WIDTH), draw.uniform(0, HEIGHT), draw.uniform(8, 34), ink.pale, 0.22) for _ in range(12)
    )
    x, y, size = draw.uniform(120, 180), draw.uniform(165, 205), draw.uniform(78, 98)
    ears = circle(x - size * 0.72, y - size * 0.72, size * 0.34, ink.bright) + circle(
        x + size * 0.72, y - size * 0.72, size * 0.34, ink.bright
    )
    eyes = "".join(
        circle(x + side * size * 0.36, y - size * 0.12, size * 0.24, "#fff")
        + circle(x + side * size * 0.36 + draw.uniform(-4, 4), y - size * 0.08, size * 0.1, "#1b1240")
        for side in (-1, 1)
    )
    smile = line(
        f"M{x - size * 0.32:.0f} {y + size * 0.36:.0f}q{size * 0.32:.0f} {size * 0.3:.0f} {size * 0.64:.0f} 0",
        "#1b1240",
        5,
    )
    return balls + ears + circle(x, y, size, ink.bright) + eyes + smile


def _comedy(draw: Random, ink: Ink) -> str:
    x, y = 150, draw.uniform(150, 180)
    rings = "".join(
        path(f"M{x - r} {y:.0f}a{r} {r} 0 0 0 {2 * r} 0Z", ink.pale if step % 2 else ink.bright)
        for step, r in enumerate((126, 104, 82, 60, 38))
    )
    eyes = "".join(
        circle(x + side * 54, y - 52, 17, ink.pale) + circle(x + side * 54, y - 50, 7, ink.top) for side in (-1, 1)
    )
    confetti = "".join(
        f'<rect x="{draw.uniform(0, 290):.0f}" y="{draw.uniform(0, 330):.0f}" width="9" height="5" fill="{colour}" '
        f'transform="rotate({draw.uniform(-40, 40):.0f} 150 150)" opacity="0.85"/>'
        for colour in (ink.pale, ink.top, ink.bright) * 11
    )
    return confetti + rings + eyes


def _crime(draw: Random, ink: Ink) -> str:
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


def _drama(draw: Random, ink: Ink) -> str:
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


def _fantasy(draw: Random, ink: Ink) -> str:
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


def _history(draw: Random, ink: Ink) -> str:
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


def _horror(draw: Random, ink: Ink) -> str:
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


def _musical(draw: Random, ink: Ink) -> str:
    x, y = draw.uniform(110, 190), draw.uniform(150, 190)
    disc = circle(x, y, 118, "#120616") + "".join(ring(x, y, r, ink.pale, 1, 0.22) for r in range(54, 116, 6))
    shine = path(
        f"M{x:.0f} {y:.0f}L{x + 96:.0f} {y - 70:.0f}A118 118 0 0 1 {x + 112:.0f} {y - 34:.0f}Z", ink.pale, 0.16
    )
    label = circle(x, y, 44, ink.bright) + circle(x, y, 7, "#120616")
    staves = "".join(
        line(f"M0 {300 + step * 13}Q150 {270 + step * 13} 300 {312 + step * 13}", ink.pale, 1.4, 0.55)
        for step in range(5)
    )
    notes = "".join(
        f'<ellipse cx="{at:.0f}" cy="{drop:.0f}" rx="8" ry="6" fill="{ink.pale}"/>'
        + box(at + 6, drop - 40, 2.5, 40, ink.pale)
        for at, drop in ((draw.uniform(30 + 62 * n, 60 + 62 * n), draw.uniform(296, 342)) for n in range(4))
    )
    return disc + shine + label + staves + notes


def _mystery(draw: Random, ink: Ink) -> str:
    x, y = 150, draw.uniform(150, 175)
    beam = path(
        f"M{x - 16} {y + 40:.0f}L{draw.uniform(-60, 10):.0f} 450H{draw.uniform(290, 360):.0f}L{x + 16} {y + 40:.0f}Z",
        ink.pale,
        0.16,
    )
    halo = "".join(ring(x, y, 74 + step * 17, ink.pale, 1.2, 0.5 - step * 0.08) for step in range(6))
    hole = circle(x, y, 42, ink.pale) + path(
        f"M{x - 16} {y + 28:.0f}L{x - 36} {y + 132:.0f}H{x + 36}L{x + 16} {y + 28:.0f}Z", ink.pale
    )
    figure = circle(x, y + 64, 8, ink.top) + path(
        f"M{x - 11} {y + 132:.0f}V{y + 86:.0f}q11 -16 22 0V{y + 132:.0f}Z", ink.top
    )
    return beam + halo + hole + figure


def _romance(draw: Random, ink: Ink) -> str:
    y, apart = draw.uniform(150, 185), draw.uniform(40, 54)
    pair = circle(150 - apart, y, 84, ink.bright, 0.85) + circle(150 + apart, y, 84, ink.pale, 0.6)
    heart = path(
        f"M150 {y + 34:.0f}c-46 -30 -34 -66 -13 -62q10 2 13 14q3 -12 13 -14c21 -4 33 32 -13 62Z", ink.top, 0.92
    )
    petals = "".join(
        f'<ellipse cx="{draw.uniform(10, 290):.0f}" cy="{draw.uniform(10, 400):.0f}" rx="9" ry="4.5" fill="{ink.pale}" '
        f'opacity="{draw.uniform(0.25, 0.6):.2f}" transform="rotate({draw.uniform(-60, 60):.0f} 150 220)"/>'
        for _ in range(20)
    )
    return petals + pair + heart


def _sci_fi(draw: Random, ink: Ink) -> str:
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


def _thriller(draw: Random, ink: Ink) -> str:
    x, y, turn = draw.uniform(120, 180), draw.uniform(165, 205), draw.uniform(4, 8) * draw.choice((-1, 1))
    frames = "".join(
        f'<rect x="{x - w / 2:.0f}" y="{y - w * 0.7:.0f}" width="{w:.0f}" height="{w * 1.4:.0f}" fill="{fill}" '
        f'stroke="{ink.pale}" stroke-width="1.5" stroke-opacity="0.5" '
        f'transform="rotate({step * turn:.0f} {x:.0f} {y:.0f})"/>'
        for step, (w, fill) in enumerate(zip((330, 250, 188, 140, 102, 74), (ink.bottom, ink.top) * 3, strict=True))
    )
    man = circle(x, y - 16, 7, "#08090b") + path(
        f"M{x - 9:.0f} {y + 36:.0f}V{y:.0f}q9 -14 18 0V{y + 36:.0f}Z", "#08090b"
    )
    door = box(x - 22, y - 36, 44, 72, ink.bright)
    shadow = path(f"M{x - 9:.0f} {y + 36:.0f}h18l{draw.uniform(20, 60):.0f} 200h-76Z", "#08090b", 0.55)
    return frames + door + man + shadow


def _lamp(draw: Random, ink: Ink) -> str:
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


def _hat(draw: Random, ink: Ink) -> str:
    x, y, tilt = 150, draw.uniform(128, 150), draw.uniform(-9, 9)
    stripes = "".join(box(step * 50, 0, 25, HEIGHT, ink.top, 0.16) for step in range(6))
    disc = circle(x, y + 34, 118, ink.pale)
    hat = path(f"M{x - 62} {y + 4:.0f}q2 -78 62 -78t62 78Z", ink.top) + box(x - 62, y - 12, 124, 15, ink.bright)
    brim = f'<rect x="{x - 96}" y="{y + 2:.0f}" width="192" height="15" rx="8" fill="{ink.top}"/>'
    lenses = "".join(ring(x + side * 33, y + 44, 21, ink.top, 5) for side in (-1, 1)) + box(
        x - 12, y + 40, 24, 5, ink.top
    )
    whiskers = path(
        f"M{x} {y + 84:.0f}c-14 -16 -40 -12 -54 -2c-8 6 -18 4 -22 -4c2 28 52 34 76 12"
        f"c24 22 74 16 76 -12c-4 8 -14 10 -22 4c-14 -10 -40 -14 -54 2Z",
        ink.top,
    )
    return f'{stripes}{disc}<g transform="rotate({tilt:.0f} {x} {y:.0f})">{hat}{brim}{lenses}{whiskers}</g>'


def _compass(draw: Random, ink: Ink) -> str:
    x, y, turn = 150, draw.uniform(150, 180), draw.uniform(-30, 30)
    lands = "".join(
        path(
            f"M{at:.0f} {up:.0f}q{draw.uniform(20, 60):.0f} {draw.uniform(-40, 0):.0f} {draw.uniform(60, 90):.0f} "
            f"{draw.uniform(0, 40):.0f}t-{draw.uniform(20, 50):.0f} {draw.uniform(30, 60):.0f}Z",
            ink.pale,
            0.22,
        )
        for at, up in ((draw.uniform(-30, 260), draw.uniform(10, 380)) for _ in range(9))
    )
    grid = "".join(line(f"M0 {step * 45}H300M{step * 45} 0V450", ink.pale, 0.6, 0.28) for step in range(1, 10))
    dial = ring(x, y, 104, ink.pale, 2.5) + ring(x, y, 94, ink.pale, 1, 0.7) + circle(x, y, 88, ink.top, 0.55)
    points = "".join(
        f'<g transform="rotate({turn + quarter * 45:.0f} {x} {y:.0f})">'
        + path(f"M{x} {y - reach:.0f}l13 {reach - 13:.0f}h-13Z", ink.bright if quarter == 0 else ink.pale)
        + path(f"M{x} {y - reach:.0f}l-13 {reach - 13:.0f}h13Z", ink.pale, 0.55)
        + "</g>"
        for quarter, reach in ((1, 56), (3, 56), (5, 56), (7, 56), (0, 92), (2, 84), (4, 84), (6, 84))
    )
    trail = (
        f'<path d="M20 330Q110 250 {x} {y:.0f}" fill="none" stroke="{ink.bright}" stroke-width="3" '
        'stroke-dasharray="2 9" stroke-linecap="round"/>'
    )
    return grid + lands + trail + dial + points + circle(x, y, 7, ink.top)


MOTIFS: dict[str, tuple[Motif, ...]] = {
    "Action": (_action,),
    "Adventure": (_adventure, _compass),
    "Animation": (_animation,),
    "Comedy": (_comedy, _hat),
    "Crime": (_crime,),
    "Drama": (_drama, _lamp),
    "Fantasy": (_fantasy,),
    "History": (_history,),
    "Horror": (_horror,),
    "Musical": (_musical,),
    "Mystery": (_mystery,),
    "Romance": (_romance,),
    "Sci-Fi": (_sci_fi,),
    "Thriller": (_thriller,),
}
"""The motifs of each of the site's genres."""
