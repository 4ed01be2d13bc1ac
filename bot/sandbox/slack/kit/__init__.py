"""Block Kit as Slack checks it: objects, elements, blocks and the surfaces that show them."""
