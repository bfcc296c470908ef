"""Settings: read once from the environment, frozen, all documented in docs/reference/settings.md."""

from handrail.platform.settings.model import Address, Settings, is_loopback, read_settings

__all__ = ["Address", "Settings", "is_loopback", "read_settings"]
