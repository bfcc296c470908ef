"""The settings of every process."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from handrail.kernel.errors import Invalid

DEFAULT_HTTP: Final = "127.0.0.1:8700"
DEFAULT_HUB: Final = "127.0.0.1:8780"
ORGANISATION_MAX: Final = 100

NAMES: Final = (
    "HANDRAIL_HOME",
    "HANDRAIL_HTTP",
    "HANDRAIL_HUB",
    "HANDRAIL_PUBLIC_URL",
    "HANDRAIL_HUB_URL",
    "HANDRAIL_DATABASE_URL",
    "HANDRAIL_KEY_FILE",
    "HANDRAIL_URL",
    "HANDRAIL_TOKEN",
    "HANDRAIL_HUB_TOKEN",
    "HANDRAIL_HUB_TLS",
    "HANDRAIL_HUB_TLS_CERT",
    "HANDRAIL_HUB_TLS_KEY",
    "HANDRAIL_SNAPSHOT_HOURS",
    "HANDRAIL_ORGANISATION",
    "HANDRAIL_BOUNDARY",
    "HANDRAIL_SOURCE_FOLDERS",
    "HANDRAIL_DEMO",
)


class SettingInvalid(Invalid):
    code = "setting_invalid"


def is_loopback(host: str) -> bool:
    """Tell whether a host, as written in an address, is this machine and nothing else."""
    bare = host.removeprefix("[").removesuffix("]")
    if bare.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a process listens; port 0 means any free port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process was told by its environment.

    Attributes:
        home: Folder that holds all state of one install.
        http: Where serve listens.
        hub: Where the hub listens.
        public_url: How others reach serve; empty means `http://<http>`.
        hub_url: How others reach the hub; empty means `http://<hub>`.
        database_url: SQLAlchemy URL; empty means SQLite under `home`.
        key_file: The vault's key; empty means `<home>/vault.key`.
        hub_token: What a hub enrols and pulls with; empty means the local hub's own.
        hub_tls: Where the hub listens for `https://<connection>.<hub host>`; None means no TLS.
        hub_tls_cert: PEM chain for the hub's TLS listener, for `*.<hub host>`.
        hub_tls_key: PEM key for the hub's TLS listener.
        snapshot_hours: How long a hub may serve a snapshot without the control plane.
        organisation: Whose install this is, as its people read it; empty when nobody said.
        boundary: File that says what counts as inside the company; None means the packed default.
        source_folders: Folders of this machine that sources may read; none unless somebody names some.
        url: Where the command line finds serve.
        token: The command line's API token; empty means the stored sign-in.
        demo: Whether this install may be entered as one of the demo's made-up people.
    """

    home: Path
    http: Address
    hub: Address
    public_url: str
    hub_url: str
    database_url: str
    key_file: Path
    hub_token: str
    hub_tls: Address | None
    hub_tls_cert: str
    hub_tls_key: str
    snapshot_hours: int
    organisation: str
    url: str
    token: str
    demo: bool = False
    boundary: Path | None = None
    source_folders: tuple[Path, ...] = ()


def _address(name: str, text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise SettingInvalid(f"{name}={text!r} is not an address.", fix=f"Write {name}=127.0.0.1:8700.", place=name)
    return Address(host, int(port))


def _hours(name: str, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 24 * 30:
        raise SettingInvalid(f"{name}={text!r} is not a number of hours (1-720).", fix=f"Write {name}=24.", place=name)
    return int(text)


def _organisation(name: str, text: str) -> str:
    if len(text) > ORGANISATION_MAX or not text.isprintable():
        raise SettingInvalid(
            f"{name} is no name: it has more than {ORGANISATION_MAX} characters, or some that cannot be printed.",
            fix=f"Write {name}='Example & Co'.",
            place=name,
        )
    return text.strip()


def _folders(name: str, text: str) -> tuple[Path, ...]:
    found = tuple(Path(each) for each in text.split(":") if each)
    for each in found:
        if not each.is_absolute() or each == Path("/"):
            raise SettingInvalid(
                f"{name} names {str(each)!r}, which is no folder that can be given to sources.",
                fix=f"Write whole paths, separated by colons: {name}=/srv/flows:/srv/repositories.",
                place=name,
            )
    return found


def _switch(name: str, text: str) -> bool:
    if text not in {"", "0", "1"}:
        raise SettingInvalid(
            f"{name}={text!r} is neither 1 nor 0.", fix=f"Write {name}=1, or leave it out.", place=name
        )
    return text == "1"


def read_settings(environment: Mapping[str, str], *, home: str | None = None) -> Settings:
    """Read the settings from environment variables.

    Args:
        environment: Usually `os.environ`.
        home: Overrides `HANDRAIL_HOME` (the `--home` option).

    Raises:
        SettingInvalid: Naming the variable; unknown `HANDRAIL_*` names are refused too, with the nearest known one.
    """
    for name in environment:
        if name.startswith("HANDRAIL_") and name not in NAMES:
            raise SettingInvalid(f"{name} is not a setting.", fix=f"Known: {', '.join(NAMES)}.", place=name)
    tls = environment.get("HANDRAIL_HUB_TLS", "")
    if tls and not (environment.get("HANDRAIL_HUB_TLS_CERT") and environment.get("HANDRAIL_HUB_TLS_KEY")):
        raise SettingInvalid(
            "HANDRAIL_HUB_TLS needs a certificate.",
            fix="Set HANDRAIL_HUB_TLS_CERT and HANDRAIL_HUB_TLS_KEY to PEM files for *.<hub host>.",
            place="HANDRAIL_HUB_TLS_CERT",
        )
    folder = Path(home or environment.get("HANDRAIL_HOME") or ".handrail").absolute()
    http = _address("HANDRAIL_HTTP", environment.get("HANDRAIL_HTTP") or DEFAULT_HTTP)
    key_file = environment.get("HANDRAIL_KEY_FILE")
    return Settings(
        home=folder,
        http=http,
        hub=_address("HANDRAIL_HUB", environment.get("HANDRAIL_HUB") or DEFAULT_HUB),
        public_url=environment.get("HANDRAIL_PUBLIC_URL", "").rstrip("/"),
        hub_url=environment.get("HANDRAIL_HUB_URL", "").rstrip("/"),
        database_url=environment.get("HANDRAIL_DATABASE_URL") or f"sqlite:///{folder / 'handrail.db'}",
        key_file=Path(key_file).absolute() if key_file else folder / "vault.key",
        hub_token=environment.get("HANDRAIL_HUB_TOKEN", ""),
        hub_tls=_address("HANDRAIL_HUB_TLS", tls) if tls else None,
        hub_tls_cert=environment.get("HANDRAIL_HUB_TLS_CERT", ""),
        hub_tls_key=environment.get("HANDRAIL_HUB_TLS_KEY", ""),
        snapshot_hours=_hours("HANDRAIL_SNAPSHOT_HOURS", environment.get("HANDRAIL_SNAPSHOT_HOURS") or "24"),
        organisation=_organisation("HANDRAIL_ORGANISATION", environment.get("HANDRAIL_ORGANISATION", "")),
        url=environment.get("HANDRAIL_URL", "").rstrip("/") or f"http://{http}",
        token=environment.get("HANDRAIL_TOKEN", ""),
        boundary=Path(boundary).absolute() if (boundary := environment.get("HANDRAIL_BOUNDARY")) else None,
        source_folders=_folders("HANDRAIL_SOURCE_FOLDERS", environment.get("HANDRAIL_SOURCE_FOLDERS", "")),
        demo=_switch("HANDRAIL_DEMO", environment.get("HANDRAIL_DEMO", "")),
    )
