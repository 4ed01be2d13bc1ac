"""What happens when somebody presses, types or opens something: one file a feature, its pixels in `views` beside it."""
