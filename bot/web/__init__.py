"""The HTTP side: Slack's endpoint, webhooks of networks, pages."""
