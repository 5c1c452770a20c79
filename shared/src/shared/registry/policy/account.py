"""What a region sets about the balance of the personal account (N8, domain §8)."""

from shared.registry.policy.section import Section


class Account(Section):
    """``moves_balance``: the region pays balances out to the inbound agency, as N8 has it.

    Where it does not, or the inbound relation has no account, the readings ``balance-into-residents`` and
    ``balance-without-inbound-account`` say where the balance goes.
    """

    moves_balance: bool
