"""The room between Slack and the team's verbs: nobody else knows what an ack, a trigger or a client is."""
