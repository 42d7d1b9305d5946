"""Letters as they are read and sorted: the Mail screen, the reader, folders, processing rules."""
