"""Whatever the names are, a ciphertext opens in its own place and in no other."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handrail.registry.vault import Vault, VaultDamaged
from handrail.registry.vault.envelope import bind, decrypt, encrypt, new_data_key

PLACE = st.lists(st.text(max_size=12), min_size=1, max_size=5)


@given(PLACE, PLACE, st.binary(max_size=64))
def test_a_ciphertext_moved_to_another_place_does_not_open(here: list[str], there: list[str], clear: bytes) -> None:
    key = new_data_key()
    sealed = encrypt(key, clear, bind(*here))
    assert decrypt(key, sealed, bind(*here), "here") == clear
    assume(here != there)
    with pytest.raises(VaultDamaged):
        decrypt(key, sealed, bind(*there), "there")


@given(PLACE, PLACE)
def test_two_places_are_never_bound_alike(here: list[str], there: list[str]) -> None:
    assert (bind(*here) == bind(*there)) is (here == there)


@settings(max_examples=40)
@given(st.binary(max_size=64), st.text(max_size=20), st.data())
def test_a_sealed_text_with_any_byte_changed_does_not_open(clear: bytes, context: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault.open(Path(folder) / "key")
        sealed = vault.seal(clear, context)
        assert vault.unseal(sealed, context) == clear
        head, body = sealed.rsplit(".", 1)
        place = data.draw(st.integers(0, len(body) - 5))
        other = body[:place] + ("A" if body[place] != "A" else "B") + body[place + 1 :]
        with pytest.raises(VaultDamaged):
            vault.unseal(f"{head}.{other}", context)
