"""Mail of a round that lies open: its letters as drafts, what comes in, and where that goes."""
