"""The HTTP side that all services share: ``shared.web.app``, ``.routing``, ``.authentication`` and so on."""
