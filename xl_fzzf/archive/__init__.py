"""What is kept: originals and states by content hash, a journal of each run and mail, and what they tell."""
