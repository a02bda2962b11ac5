"""Mail jobs: letters to the units and to the city, sending them, collecting what comes back."""
