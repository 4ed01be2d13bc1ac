"""What happens without a person: publishing, polling, relaying events to cards, digests, waking. Knows no handler."""
