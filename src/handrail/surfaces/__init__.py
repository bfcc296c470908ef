"""Translate the outside to one use case and back."""
