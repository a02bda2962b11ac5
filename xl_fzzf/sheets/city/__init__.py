"""One level up: the city's master and its summary, made from the districts' summaries."""
