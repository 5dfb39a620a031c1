"""A picture made anew from what somebody sent, in a process of its own: run as a program, from standard input to
standard output. What was sent is foreign: it is decoded here, under limits of memory and processor, and nothing of its
bytes goes on: not its metadata (EXIF, place, thumbnail, comments), not what follows the picture in the file.
"""

import io
import json
import resource
import struct
import sys
import warnings

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 2048, 480
"""pixels of the longer side"""
PIXELS = 50_000_000
"""of a picture as sent: what telephones take, but for the largest, which they reduce when asked"""
MEMORY, SECONDS = 1_200 * 2**20, 20
HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
WHITE = (255, 255, 255)


class Refused(Exception):
    """`args[0]`: why, in a word."""


def made(content: bytes) -> tuple[int, int, bytes, bytes]:
    """Width and height, then the picture large and small, as WebP. Raises `Refused`."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIF:
        raise Refused("heif")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as sent:
            if sent.width * sent.height > PIXELS:
                raise Refused("pixels")
            sent.draft("RGB", (LARGE, LARGE))  # a JPEG is decoded no larger than needed
            picture = sent if sent.mode in ("RGB", "RGBA") else sent.convert("RGBA" if _is_transparent(sent) else "RGB")
            picture.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=3)
            large = _plain(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as error:
        raise Refused("format") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Refused("pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise Refused("broken") from error
    small = large.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return (*large.size, _webp(large), _webp(small))


def _is_transparent(sent: Image.Image) -> bool:
    return "A" in sent.getbands() or "transparency" in sent.info


def _plain(sent: Image.Image) -> Image.Image:
    """Its pixels alone, in sRGB, over white where it is transparent."""
    if sent.mode == "RGBA":
        over = Image.new("RGB", sent.size, WHITE)
        over.paste(sent, mask=sent.getchannel("A"))
        sent = over
    elif profile := sent.info.get("icc_profile"):
        sent = _in_srgb(sent, profile)
    return Image.frombytes("RGB", sent.size, sent.tobytes())


def _in_srgb(sent: Image.Image, profile: bytes) -> Image.Image:
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(sent, found, ImageCms.createProfile("sRGB")) or sent
    except (ImageCms.PyCMSError, OSError, ValueError):
        return sent  # a profile that cannot be read: the colours are taken as they are


def _webp(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "WEBP", quality=80, method=4)
    return held.getvalue()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    out = sys.stdout.buffer
    try:
        width, height, large, small = made(sys.stdin.buffer.read())
    except Refused as refused:
        out.write(json.dumps({"refused": refused.args[0]}).encode() + b"\n")
        return
    out.write(json.dumps({"width": width, "height": height, "large": len(large)}).encode() + b"\n")
    out.write(large + small)


if __name__ == "__main__":
    main()
