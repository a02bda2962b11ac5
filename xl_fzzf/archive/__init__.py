"""What came in, by content hash."""
