"""Who may do what, by every way in."""
