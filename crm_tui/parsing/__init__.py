"""Foreign bytes (letters, HTML) to plain data, within limits of time and memory."""
