"""Trace bytes as one zstd frame, and back, with bounds that hold for hostile files.

Pages of up to 900 KB repeat from step to step: only a window that spans several of them, with long-distance matching,
finds the repetition.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from score_model.errors import ContractError
from score_model.extras import import_optional

_LEVEL = 3
_WINDOW_LOG = 27  # the most that the zstd command line reads without being asked
_INPUT = 1024  # compressed bytes fed at a time: a bomb makes at most 32 MiB of them


def require_zstandard() -> Any:
    """The module zstandard. Raises MissingExtraError if it is not installed."""
    return import_optional("zstandard", "a compressed trace", "replay")


def open_frame() -> Any:
    """A compressor of one frame with a checksum: `compress(bytes) -> bytes`, `flush() -> bytes` once at the end.

    It holds up to 128 MiB of what it was given, and no more than it was given.
    """
    zstandard = require_zstandard()
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, window_log=_WINDOW_LOG, enable_ldm=True, write_checksum=True
    )
    return zstandard.ZstdCompressor(compression_params=parameters).compressobj()


def decompressed(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """The content of the one frame that the file consists of, in chunks.

    Raises ContractError if it is torn, followed by something else, or no frame; if it wants a window of more than 128
    MiB; and before it yields more than `max_bytes`.
    """
    zstandard = require_zstandard()
    given = file.read(_INPUT)
    try:
        declared = zstandard.get_frame_parameters(given)
    except zstandard.ZstdError:
        raise ContractError("not a zstd frame") from None
    if declared.window_size > 1 << _WINDOW_LOG:
        raise ContractError(f"wants a window of {declared.window_size:,} bytes; {1 << _WINDOW_LOG:,} is the most")
    if declared.content_size != zstandard.CONTENTSIZE_UNKNOWN and declared.content_size > max_bytes:
        raise ContractError(f"declares {declared.content_size:,} bytes; {max_bytes:,} is the most")
    frame = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG).decompressobj()
    total = 0
    while given:
        try:
            chunk = frame.decompress(given)
        except zstandard.ZstdError as broken:
            raise ContractError(f"broken zstd frame: {broken}") from None
        total += len(chunk)
        if total > max_bytes:
            raise ContractError(f"holds more than {max_bytes:,} bytes")
        if chunk:
            yield chunk
        if frame.eof:
            if frame.unused_data or file.read(1):
                raise ContractError("something follows the zstd frame")
            return
        given = file.read(_INPUT)
    raise ContractError("torn: the zstd frame does not end")
