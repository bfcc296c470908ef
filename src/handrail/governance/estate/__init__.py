"""The inventory: estates adopted, their findings kept, and kept true."""
