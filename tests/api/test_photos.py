"""Photos of assets and devices: who sees them, what is refused, what is left of what was sent, and when they go."""

import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from beffroi.app import opened
from beffroi.pipeline.backup import back_up, check, restore
from beffroi.registry import photos
from tests.conftest import NOW, ROCHE, Caller, Territory, a_territory

ALT = "L'armoire, porte ouverte"
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, (200, 20, 20))
    picture.paste((20, 20, 200), (size[0] // 2, 0, *size))
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def with_exif(**options: Any) -> bytes:
    exif = Image.Exif()
    exif[MAKER] = "secret-maker"
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (46.0, 40.0, 12.0), 3: "W", 4: (1.0, 25.0, 33.0)})
    return a_picture(exif=exif, comment=b"secret-comment", **options)


def add(caller: Caller, path: str, content: bytes, alt: str | None = ALT) -> httpx2.Response:
    params = {} if alt is None else {"alt": alt}
    return caller.post(f"{path}/photos", params=params, content=content, headers={"Content-Type": "image/jpeg"})


def added(caller: Caller, path: str, content: bytes | None = None) -> str:
    answer = add(caller, path, content or a_picture())
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["key"]
    return key


def files(territory: Territory) -> list[str]:
    return sorted(path.name for path in territory.instance.rooms.photos.folder.glob("*"))


@pytest.fixture(params=["assets", "devices"])
def thing(request: pytest.FixtureRequest, territory: Territory) -> str:
    """The path of something of La Roche-sur-Yon's."""
    made = territory.an_asset() if request.param == "assets" else territory.a_device()
    return f"/{request.param}/{made.id}"


def test_a_photo_is_added_shown_in_two_sizes_and_removed(territory: Territory, thing: str) -> None:
    editor = territory.as_("roche editor")
    key = added(editor, thing, a_picture(size=(4000, 3000)))
    (told,) = territory.as_("roche reader").get(f"{thing}/photos").json()
    assert (told["key"], told["alt"], told["width"], told["height"]) == (key, ALT, 2048, 1536)
    for size, width in (("large", 2048), ("small", 480)):
        answer = territory.as_("roche reader").get(f"{thing}/photos/{key}/{size}")
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/webp", "private, no-cache")
        assert Image.open(io.BytesIO(answer.content)).size[0] == width
    assert files(territory) == [f"{key}.large.webp", f"{key}.small.webp"]
    assert editor.delete(f"{thing}/photos/{key}").status_code == 204
    assert editor.get(f"{thing}/photos").json() == []
    assert editor.get(f"{thing}/photos/{key}/small").status_code == 404
    assert files(territory) == []


@pytest.mark.parametrize(("who", "status"), [("olonne", 404), ("syndicate", 404), ("stranger", 401)])
def test_nobody_else_sees_adds_or_removes_any(territory: Territory, thing: str, who: str, status: int) -> None:
    key, other = added(territory.as_("roche"), thing), territory.as_(who)
    assert other.get(f"{thing}/photos").status_code == status
    assert other.get(f"{thing}/photos/{key}/large").status_code == status
    assert add(other, thing, a_picture()).status_code == status
    assert other.delete(f"{thing}/photos/{key}").status_code == status
    assert len(files(territory)) == 2


def test_a_reader_looks_only(territory: Territory, thing: str) -> None:
    key, reader = added(territory.as_("roche"), thing), territory.as_("roche reader")
    assert reader.get(f"{thing}/photos/{key}/small").status_code == 200
    assert add(reader, thing, a_picture()).status_code == 403
    assert reader.delete(f"{thing}/photos/{key}").status_code == 403


def test_a_photo_of_one_thing_is_not_reached_through_another(territory: Territory, thing: str) -> None:
    key = added(territory.as_("roche"), thing)
    others = (f"/assets/{territory.an_asset(owner='commune-85194').id}", f"/devices/{territory.a_device().id}")
    for other in others:
        assert territory.as_("olonne").get(f"{other}/photos/{key}/large").status_code == 404
        assert territory.as_("roche").get(f"{other}/photos/{key}/large").status_code == 404


def test_whoever_the_thing_is_shared_with_sees_its_photos_and_changes_none(territory: Territory) -> None:
    asset = territory.an_asset()
    path = f"/assets/{asset.id}"
    key = added(territory.as_("roche"), path)
    agreement = {"giver": ROCHE, "receiver": "commune-85194", "right": "read", "purpose": "Ensemble"}
    shared = {**agreement, "service": "buildings", "valid_from": datetime.now(UTC).isoformat()}
    made = territory.as_("roche").post("/agreements", json=shared)
    assert made.status_code == 201, made.text
    olonne = territory.as_("olonne")
    assert olonne.get(f"{path}/photos/{key}/large").status_code == 200
    assert olonne.delete(f"{path}/photos/{key}").status_code == 403
    ended = territory.as_("roche").delete(f"/agreements/{made.json()['key']}")
    assert ended.is_success, ended.text
    seen = olonne("GET", f"{path}/photos/{key}/large", headers={"If-None-Match": f'"{key}"'})
    assert seen.status_code == 404


@pytest.mark.parametrize("alt", [None, "", "   ", "x" * 501])
def test_a_text_for_whoever_does_not_see_it_is_demanded(territory: Territory, thing: str, alt: str | None) -> None:
    answer = add(territory.as_("roche"), thing, a_picture(), alt)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "alt")
    assert files(territory) == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_format_is_taken(territory: Territory, kind: str) -> None:
    path = f"/assets/{territory.an_asset().id}"
    key = added(territory.as_("roche"), path, a_picture(kind))
    shown = territory.as_("roche").get(f"{path}/photos/{key}/large")
    red, _, blue = Image.open(io.BytesIO(shown.content)).convert("RGB").getpixel((20, 20))  # type: ignore[misc]
    assert red > 150 > 80 > blue


def test_metadata_and_place_are_gone_and_the_picture_stands_upright(territory: Territory) -> None:
    path, sent = f"/assets/{territory.an_asset().id}", with_exif()
    assert b"secret-maker" in sent
    key = added(territory.as_("roche"), path, sent)
    (told,) = territory.as_("roche").get(f"{path}/photos").json()
    assert (told["width"], told["height"]) == (480, 640)
    for size in photos.SIZES:
        content = territory.as_("roche").get(f"{path}/photos/{key}/{size}").content
        shown = Image.open(io.BytesIO(content))
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & shown.info.keys()
        assert b"secret" not in content
        assert b"EXIF" not in content


def test_what_is_hidden_behind_a_picture_does_not_go_on(territory: Territory) -> None:
    """A polyglot: a JPEG that is also a page, by its comment and by what follows it."""
    path = f"/assets/{territory.an_asset().id}"
    script = b"<script>alert('polyglot')</script>"
    key = added(territory.as_("roche"), path, a_picture(comment=script) + b"PK\x03\x04" + script)
    for size in photos.SIZES:
        content = territory.as_("roche").get(f"{path}/photos/{key}/{size}").content
        assert b"script" not in content
        assert content[:4] == b"RIFF"


def png_of(width: int, height: int, data: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
BOMB = zlib.compress(bytes(100_000_000), 9)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "JPEG, PNG ou WebP"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "JPEG, PNG ou WebP"),
        (lambda: GIF, "JPEG, PNG ou WebP"),
        (lambda: HEIC, "HEIC"),
        (lambda: a_picture()[:900], "abîmée"),
        (lambda: png_of(60_000, 60_000, BOMB), "50 millions"),
        (lambda: png_of(7_500, 7_000, BOMB), "50 millions"),
        (lambda: png_of(7_000, 7_000, b"not zlib"), "abîmée"),
        (lambda: a_picture("PNG")[:-30], "abîmée"),
    ],
    ids=["nothing", "svg", "gif", "heic", "cut", "bomb", "just-too-large", "broken", "cut-png"],
)
def test_what_is_no_readable_photo_is_refused_with_the_reason(
    territory: Territory, content: Callable[[], bytes], said: str
) -> None:
    answer = add(territory.as_("roche"), f"/assets/{territory.an_asset().id}", content())
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert said in answer.json()["errors"][0]["detail"]
    assert files(territory) == []


def test_a_bomb_within_the_pixels_is_made_within_the_memory(territory: Territory) -> None:
    """50 million pixels of nothing, in 150 kB."""
    bomb = png_of(7_000, 7_000, zlib.compress(bytes(7_000 * 21_001)))
    answer = add(territory.as_("roche"), f"/assets/{territory.an_asset().id}", bomb)
    assert answer.status_code == 201, answer.text


def test_a_file_too_long_is_refused_before_it_is_read_whole(territory: Territory) -> None:
    path = f"/assets/{territory.an_asset().id}"
    answer = add(territory.as_("roche"), path, a_picture() + bytes(photos.LARGEST))
    assert answer.status_code == 413


def test_a_thing_has_so_many_photos_and_no_more(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MOST", 1)
    path = f"/assets/{territory.an_asset().id}"
    added(territory.as_("roche"), path)
    assert add(territory.as_("roche"), path, a_picture()).status_code == 409
    assert len(files(territory)) == 2


def test_photos_go_with_their_thing(territory: Territory, thing: str) -> None:
    key = added(territory.as_("roche"), thing)
    assert territory.as_("roche").delete(thing).status_code == 204
    assert files(territory) == []
    with territory.instance.rooms.database.read() as tx:
        assert key not in photos.keys(tx)


def test_what_a_dead_process_left_is_swept_at_the_next_start(tmp_path: Path) -> None:
    with a_territory(tmp_path) as territory:
        path = f"/assets/{territory.an_asset().id}"
        key = added(territory.as_("roche"), path)
        kept = territory.instance.rooms.photos
        kept.keep("pho_left", photos.Picture(1, 1, b"large", b"small"))
    assert len(files(territory)) == 4
    with opened(territory.instance.settings):
        assert files(territory) == [f"{key}.large.webp", f"{key}.small.webp"]


def test_a_backup_has_the_photos_and_gives_them_back(territory: Territory, tmp_path: Path) -> None:
    path, caller = f"/assets/{territory.an_asset().id}", territory.as_("roche")
    key = added(caller, path)
    large = caller.get(f"{path}/photos/{key}/large").content
    rooms, copy, laid = territory.instance.rooms, tmp_path / "copy", tmp_path / "laid"
    rooms.photos.keep("pho_left", photos.Picture(1, 1, b"large", b"small"))
    back_up(rooms.database, rooms.record, rooms.data, copy, now=NOW)
    names = [one.path for one in check(copy).files if one.path.startswith("photos/")]
    assert names == [f"photos/{key}.large.webp", f"photos/{key}.small.webp"]
    restore(copy, laid, now=NOW)
    assert photos.Photos(laid / "photos").read(key, "large") == large
    (copy / names[0]).write_bytes(b"changed")
    with pytest.raises(Exception, match="missing or changed"):
        check(copy)


def test_what_is_transparent_is_shown_over_white(territory: Territory) -> None:
    held, path = io.BytesIO(), f"/assets/{territory.an_asset().id}"
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(held, "PNG")
    key = added(territory.as_("roche"), path, held.getvalue())
    shown = Image.open(io.BytesIO(territory.as_("roche").get(f"{path}/photos/{key}/small").content))
    assert shown.convert("RGB").getpixel((30, 30)) == (255, 255, 255)
