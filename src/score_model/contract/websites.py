"""The production websites and the ports they are known by (contract section 5)."""

from urllib.parse import urlsplit

WEBSITE_BY_PORT: dict[int, str] = {
    8000: "autocinema",
    8001: "autobooks",
    8002: "autozone",
    8003: "autodining",
    8004: "autocrm",
    8005: "automail",
    8006: "autodelivery",
    8007: "autolodge",
    8008: "autoconnect",
    8009: "autowork",
    8010: "autocalendar",
    8011: "autolist",
    8012: "autodrive",
    8013: "autohealth",
    8014: "autofinance",
}


def website_of_url(url: str | None) -> str | None:
    """Name of the website that `url` points to by its port, as the export's server derives it; None if unknown."""
    if not url:
        return None
    try:
        port = urlsplit(url).port
    except ValueError:  # a port that is no number, or an unbalanced IPv6 bracket
        return None
    return WEBSITE_BY_PORT.get(port) if port is not None else None
