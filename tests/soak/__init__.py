"""Hours of a team's work in minutes: what the bot keeps must not grow with them."""
