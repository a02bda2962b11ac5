"""The pure core: plan, targets, records, statuses and roll-up; no file, clock or screen."""
