"""What travels between the parties: applications, facts, sheets and events. Data only."""
