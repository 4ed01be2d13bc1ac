"""Input that attacks: what people type, what strangers write, what arrives in Slack's name, files and addresses."""
