"""Handrail governs micro-apps: what was approved is what may run."""

__version__ = "0.1.0"
