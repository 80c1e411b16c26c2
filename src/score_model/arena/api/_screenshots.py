"""Screenshots: read from data URLs, known by their first bytes, kept outside their solution's row."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from score_model.arena.database.tables import screenshots
from score_model.web import RefusedError, invalid_body

MAX_IMAGE_BYTES = 8 * 2**20
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True)
class Image:
    """An image and its media type."""

    media_type: str
    data: bytes


def image_of_url(url: str, place: int) -> Image:
    """The image of a base64 data URL, at `place` (from 0) in its list; raises RefusedError for anything else."""
    head, comma, encoded = url.partition(",")
    where = f"artifacts.screenshots.{place}"
    if not comma or not head[:5].lower() == "data:" or not head.lower().endswith(";base64"):
        raise invalid_body(where, "Not a base64 data URL")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise invalid_body(where, "Not base64") from None
    return image_of_bytes(data, where)


def image_of_bytes(data: bytes, where: str) -> Image:
    """The image that bytes are; raises RefusedError 422 unless they begin as PNG, JPEG or WebP do, 413 if too long."""
    if len(data) > MAX_IMAGE_BYTES:
        raise RefusedError(413, "body_too_large", f"A screenshot has at most {MAX_IMAGE_BYTES} bytes")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Image("image/png", data)
    if data.startswith(b"\xff\xd8\xff"):
        return Image("image/jpeg", data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Image("image/webp", data)
    raise invalid_body(where, f"Not one of {', '.join(IMAGE_TYPES)}")


def insert_images(connection: Connection, solution_id: str, images: Sequence[Image]) -> None:
    """Store a solution's screenshots in their order."""
    for position, image in enumerate(images):
        row = {"position": position, "media_type": image.media_type, "image": image.data}
        connection.execute(insert(screenshots), {"solution_id": solution_id, **row})


def get_image(connection: Connection, solution_id: str, position: int) -> Image | None:
    """A solution's screenshot at `position`, from 0; None if there is none."""
    columns = screenshots.c
    query = select(columns.media_type, columns.image)
    found = connection.execute(query.where(columns.solution_id == solution_id, columns.position == position))
    row = found.one_or_none()
    return None if row is None else Image(row.media_type, row.image)
