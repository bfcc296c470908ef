"""Many flows as one: what they share, where data crosses from one to another, which do the same."""
