"""Settings that make no sense stop the process."""

import pytest

from handrail.platform.settings import Settings, read_settings
from handrail.platform.settings.model import SettingInvalid


def organisation(text: str) -> Settings:
    return read_settings({"HANDRAIL_ORGANISATION": text})


def test_an_install_may_say_whose_it_is() -> None:
    assert read_settings({}).organisation == ""
    assert organisation(" Müller & Söhne ").organisation == "Müller & Söhne"


@pytest.mark.parametrize("text", ["x" * 101, "two\nlines", "escape\x1b[31m", "hidden\u202e"])
def test_a_name_that_cannot_be_shown_is_refused(text: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        organisation(text)
    assert caught.value.place == "HANDRAIL_ORGANISATION"
