"""Reading text as written: look-alikes folded, patterns found, likeness told; for redaction, entities and recognition."""
