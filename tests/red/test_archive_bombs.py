"""Archives made to exhaust or mislead the reader are refused, and fast; nothing is written anywhere."""

import io
import json
import stat
import time
import zipfile

import pytest

from handrail.kernel.errors import HandrailError
from handrail.language.importers import ArtefactInvalid, ArtefactTooLarge
from handrail.language.importers.archives import ENTRIES_MAX, ENTRY_MAX, open_archive

MIB = 1024 * 1024
SECONDS = 10.0  # of CPU, on a slow and shared machine
FLOW = json.dumps({"definition": {"triggers": {}, "actions": {}}}).encode()


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def _read(data: bytes) -> list[tuple[str, bytes]]:
    return list(open_archive(data, "a.zip"))


def test_only_what_may_be_a_definition_is_read_in_the_order_of_names() -> None:
    package = _zip(
        ("manifest.json", b"{}"),
        ("Microsoft.Flow/flows/manifest.json", b"{}"),
        ("Microsoft.Flow/flows/2/apisMap.json", b"{}"),
        ("Microsoft.Flow/flows/2/connectionsMap.json", b"{}"),
        ("Microsoft.Flow/flows/2/definition.json", FLOW),
        ("Workflows/Ours-1.json", FLOW),
        ("customizations.xml", b"<x/>"),
        ("Other/readme.txt", b"x"),
        ("a folder/", b""),
    )
    assert _read(package) == [
        ("a.zip!Microsoft.Flow/flows/2/definition.json", FLOW),
        ("a.zip!Workflows/Ours-1.json", FLOW),
    ]


def test_an_archive_in_an_archive_is_opened_once() -> None:
    inner = _zip(("flow.json", FLOW))
    middle = _zip(("inner.zip", inner))
    assert _read(middle) == [("a.zip!inner.zip!flow.json", FLOW)]
    with pytest.raises(ArtefactTooLarge) as refused:
        _read(_zip(("middle.zip", middle)))
    assert refused.value.place == "a.zip!middle.zip!inner.zip"


@pytest.mark.parametrize(
    "name",
    ["../x.json", "a/../../x.json", "/etc/x.json", "C:/x.json", "..\\x.json", "a\\b.json", "x\x01.json", "n" * 500],
)
def test_a_name_that_leaves_the_archive_is_refused_by_name(name: str) -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        _read(_zip(("good.json", FLOW), (name, FLOW)))
    assert name[:5].replace("\x01", "?") in refused.value.message.replace("\\\\", "\\")
    assert refused.value.place == "a.zip"


def test_a_hidden_name_behind_a_null_is_refused() -> None:
    data = _zip(("x.json_hidden", FLOW)).replace(b"x.json_hidden", b"x.json\0hidden")
    with pytest.raises(ArtefactInvalid):
        _read(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["x.json", "X.JSON"])
def test_a_name_that_stands_twice_is_refused(other: str) -> None:
    with pytest.raises(ArtefactInvalid, match="twice"):
        _read(_zip(("x.json", FLOW), (other, b"{}")))


def test_a_link_is_refused() -> None:
    link = zipfile.ZipInfo("x.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ArtefactInvalid, match="link"):
        _read(_zip((link, b"/etc/passwd")))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(_zip(("x.json", FLOW)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArtefactInvalid, match="encrypted"):
        _read(bytes(data))


def test_another_way_of_packing_is_refused() -> None:
    with pytest.raises(ArtefactInvalid, match="packed"):
        _read(_zip(("x.json", FLOW), how=zipfile.ZIP_BZIP2))


BOMBS = {
    "one that unpacks to zeros": _zip(("x.json", b"0" * (200 * MIB))),
    "one just above the limit": _zip(("x.json", bytes(range(256)) * (ENTRY_MAX // 256) + b"x"), how=zipfile.ZIP_STORED),
    "many entries": _zip(*((f"{index}.json", b"") for index in range(ENTRIES_MAX + 1))),
    "a list of entries that is no archive": b"PK\x03\x04" + b"PK\x01\x02" * (8 * MIB),
    "no archive": b"PK\x03\x04" + b"x" * MIB,
    "cut off": _zip(("x.json", FLOW))[:-30],
    "nothing": b"",
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_is_refused_fast(name: str) -> None:
    begin = time.process_time()
    with pytest.raises(HandrailError) as refused:
        _read(BOMBS[name])
    assert time.process_time() - begin < SECONDS
    assert refused.value.code in {"artefact_invalid", "artefact_too_large"}


def test_a_size_that_an_entry_only_claims_is_not_believed() -> None:
    data = bytearray(_zip(("x.json", b"0" * (20 * MIB))))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(HandrailError):
        _read(bytes(data))


def test_the_whole_has_a_limit_too() -> None:
    noise = bytes(range(256)) * 4
    entries = [(f"{index}.json", noise * (7 * MIB // len(noise))) for index in range(40)]
    with pytest.raises(ArtefactTooLarge):
        _read(_zip(*entries, how=zipfile.ZIP_STORED)[: 64 * MIB + 1])


def test_a_damaged_archive_is_refused_and_nothing_else_happens() -> None:
    data = _zip(("x.json", FLOW * 50), ("y.json", FLOW))
    for index in range(len(data)):
        damaged = bytearray(data)
        damaged[index] ^= 0xFF
        try:
            _read(bytes(damaged))
        except HandrailError as error:
            assert error.code in {"artefact_invalid", "artefact_too_large"}
