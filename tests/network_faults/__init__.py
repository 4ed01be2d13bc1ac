"""Every fault of the table (`bot/network/faults.py`) through every connector, and through the publishing protocol."""
