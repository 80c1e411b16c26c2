"""The colours that posters of each genre are printed in."""

from score_model.arena.sites.autocinema._shapes import Ink

INKS: dict[str, tuple[Ink, ...]] = {
    "Action": (Ink("#3a0d0a", "#c73a1b", "#ffae3b", "#fff1cf"), Ink("#0d1b2e", "#b5471f", "#ff7a33", "#ffe6c4")),
    "Adventure": (Ink("#0f3a45", "#e39a4c", "#ffd27a", "#fbe9c0"), Ink("#3a1f4a", "#e0705a", "#ffc46b", "#ffe8cf")),
    "Animation": (Ink("#3f2d96", "#ff77ad", "#ffd84d", "#ffe9f3"), Ink("#0d5c75", "#7fd1ae", "#ff8f5c", "#eafff3")),
    "Comedy": (
        Ink("#c4410c", "#f59a16", "#7a1f08", "#fff0bd"),
        Ink("#0b5f6b", "#43b0a2", "#e4572e", "#fff3d6"),
        Ink("#8c1c4b", "#ee6c8a", "#ffcb47", "#ffeef0"),
    ),
    "Crime": (Ink("#0b0f15", "#475565", "#f2c45a", "#e8edf2"), Ink("#170c12", "#6b2f3c", "#ff9f68", "#f7e3da")),
    "Drama": (
        Ink("#1c2a4c", "#cf7460", "#e4513f", "#f7dcae"),
        Ink("#14323a", "#7fa08a", "#e58f4a", "#f3ecd2"),
        Ink("#33213a", "#a8627a", "#f2b263", "#f8e3dc"),
    ),
    "Fantasy": (Ink("#1a113d", "#7350b8", "#ffcf6b", "#f1dcff"), Ink("#0a2a33", "#2f8f7f", "#ffe08a", "#dcfff1")),
    "History": (Ink("#3c2a1d", "#a9834f", "#8c3b24", "#f3e6c6"), Ink("#26303a", "#8d98a0", "#b0532f", "#f1ede2")),
    "Horror": (Ink("#120608", "#57121a", "#d9323a", "#f3d9d2"), Ink("#050d0c", "#1f4a3d", "#b9d66a", "#e6f2cf")),
    "Musical": (Ink("#2b0a47", "#b32590", "#ffca5c", "#ffe3f6"), Ink("#081f4d", "#2d76c4", "#ff6f91", "#e3f0ff")),
    "Mystery": (Ink("#0b2228", "#39696c", "#9fd0a8", "#e2ecc9"), Ink("#191433", "#54508c", "#e0b0ff", "#e6e3ff")),
    "Romance": (Ink("#64123f", "#e27590", "#f0476c", "#ffe3e4"), Ink("#7a2e1d", "#f0a07a", "#e2543f", "#fff0dc")),
    "Sci-Fi": (Ink("#050b22", "#16508c", "#ff9f6b", "#86ddf7"), Ink("#12061f", "#5b2a7c", "#63f0c8", "#e2c9ff")),
    "Thriller": (Ink("#0c1319", "#245463", "#ff6a3d", "#cfe6e6"), Ink("#140e0b", "#6b5a3a", "#ffc531", "#f2ead6")),
}
"""Some inks for each of the site's genres."""
