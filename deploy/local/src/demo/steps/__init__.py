"""The steps of a transfer, each by the public REST APIs.

Every step may be done again: it looks at the state first and does only what is still to do, so that it also gets
through a service that dies and comes back in the middle.
"""
