"""The smallest PMTiles file: one picture of one pixel for the whole world (specification, version 3)."""

import struct
import zlib


def one_pixel() -> bytes:
    picture = _png()
    directory = b"".join(_varint(number) for number in (1, 0, 1, len(picture), 1))  # one entry: id, run, length, offset
    metadata = b"{}"
    root, told = 127, 127 + len(directory)
    data = told + len(metadata)
    sections = (root, len(directory), told, len(metadata), data, 0, data, len(picture), 1, 1, 1)
    header = b"PMTiles\x03" + struct.pack("<11Q", *sections)
    header += struct.pack("<6B", 1, 1, 1, 2, 0, 0)  # clustered, nothing compressed, PNG, zooms 0 to 0
    header += struct.pack("<4iB2i", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    return header + directory + metadata + picture


def _varint(number: int) -> bytes:
    told = bytearray()
    while number > 127:
        told.append(number & 127 | 128)
        number >>= 7
    return bytes([*told, number])


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xc8\xd2\xdc")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
