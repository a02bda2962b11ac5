"""Letters as drafts, sending them once and only once, and taking mail apart."""
