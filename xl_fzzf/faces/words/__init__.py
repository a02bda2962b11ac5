"""What is told of a job's result, on screen and as JSON."""
