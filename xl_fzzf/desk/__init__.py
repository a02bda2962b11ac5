"""One round lying open: workspace, master, intake, lock, saving, recording."""
