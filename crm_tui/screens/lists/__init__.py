"""What lists of records share: search, filters, marks, looks, columns."""
