"""Route maps: what a map holds, whether it is sound, and how a process runs on it."""
