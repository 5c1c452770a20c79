"""An OAuth 2 issuer for development: ``python -m shared.web.development_issuer``. Never outside of it."""
