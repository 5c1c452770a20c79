"""What outbound and inbound both keep: person records, our own holds over them, and tasks for the core system."""
