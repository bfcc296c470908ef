"""What people write, read purely: no I/O, no clock, no SQL."""
