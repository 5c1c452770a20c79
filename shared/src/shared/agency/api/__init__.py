"""The routers that both agency services serve to the core system."""
