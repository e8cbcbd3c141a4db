"""Files that a bot uploads, and those it names by their id.

Tested by tests/bot/sandbox/test_media.py.
"""

import mimetypes
import struct
from typing import Final

from bot.sandbox.api_types import ContentKind, File
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiError, ApiRefused
from bot.sandbox.params import Params, Upload


PHOTO_SIDE: Final = 1280  # the server shrinks photos to this many pixels
PHOTO_BYTES: Final = 10 * 1024 * 1024
FILE_BYTES: Final = 50 * 1024 * 1024
SIDES_SUM: Final = 10_000
SIDES_RATIO: Final = 20
PNG: Final = b"\x89PNG\r\n\x1a\n"
PNG_HEAD: Final = 24  # bytes up to the end of the sizes
JPEG: Final = b"\xff\xd8"
JPEG_MARKER: Final = 0xFF
JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def file_of(chats: Chats, params: Params, kind: ContentKind, named: str) -> File:
    """The file that *named* stands for: a field, `attach://`, or a file id.

    Raises:
        ApiRefused: there is none, or it is not acceptable.
        ApiError: 413, it is too large.
    """
    upload = params.uploads.get(named.removeprefix("attach://")) or (
        params.uploads.get(kind.value) if not named else None
    )
    if upload is not None:
        return _keep(chats, upload, kind)
    if not named:
        msg = f"there is no {kind.value} in the request"
        raise ApiRefused(msg)
    if named in chats.files:
        return chats.files[named]
    if named.startswith(("http://", "https://")):
        raise ApiRefused("failed to get HTTP URL content")
    raise ApiRefused(
        "wrong remote file identifier specified: Wrong padding in the string"
    )


def _keep(chats: Chats, upload: Upload, kind: ContentKind) -> File:
    if not upload.data:
        raise ApiRefused("file must be non-empty")
    if len(upload.data) > (PHOTO_BYTES if kind is ContentKind.PHOTO else FILE_BYTES):
        raise ApiError(413)
    width, height = 0, 0
    if kind is ContentKind.PHOTO:
        width, height = _shown(*picture_size(upload.data))
    number = len(chats.files)
    suffix = _suffix(upload)
    file = File(
        file_id=f"file{number:06d}",
        path=f"{kind.value}s/file_{number}{suffix}",
        name=upload.name or f"file_{number}{suffix}",
        mime=upload.mime,
        data=upload.data,
        width=width,
        height=height,
    )
    chats.files[file.file_id] = file
    return file


def _suffix(upload: Upload) -> str:
    _, dot, suffix = upload.name.rpartition(".")
    if dot and suffix.isalnum():
        return f".{suffix}"
    return mimetypes.guess_extension(upload.mime) or ""


def _shown(width: int, height: int) -> tuple[int, int]:
    """Return the size in which a photo is kept."""
    if not width or not height:
        raise ApiRefused("IMAGE_PROCESS_FAILED")
    longer, shorter = max(width, height), min(width, height)
    if width + height > SIDES_SUM or longer > SIDES_RATIO * shorter:
        raise ApiRefused("PHOTO_INVALID_DIMENSIONS")
    scale = min(1.0, PHOTO_SIDE / longer)
    return max(1, round(width * scale)), max(1, round(height * scale))


def picture_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG or a JPEG in pixels, zeros for anything else."""
    if data.startswith(PNG) and len(data) >= PNG_HEAD:
        width, height = struct.unpack(">II", data[16:PNG_HEAD])
        return int(width), int(height)
    if data.startswith(JPEG):
        return _jpeg_size(data)
    return 0, 0


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == JPEG_MARKER:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return 0, 0
