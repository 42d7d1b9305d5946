"""What any record has: history, own fields, filters, looks, duplicates, acts on many."""
