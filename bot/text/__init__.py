"""Words for people: catalogues, verbs, times, Slack's markup in and out, and text from strangers made harmless."""
