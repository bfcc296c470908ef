"""Settings: read once from the environment, frozen, all documented in docs/reference/settings.md."""

from handrail.platform.settings.model import Address, Settings, read_settings

__all__ = ["Address", "Settings", "read_settings"]
