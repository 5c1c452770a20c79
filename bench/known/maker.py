"""Makes items one by one: mostly as they should be, something disturbed now and then. The same seed, the same items."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from bench.known import payments, receipts
from bench.known.source import Source
from bench.known.world import Form, Item, World

DISTURBED_SHARE = 0.03
_PAYMENTS_SHARE = 0.1

Kind = Callable[[Source, date], Item]

_OF_ONE_LINE: tuple[Kind, ...] = (
    receipts.off_by_one_fen,
    receipts.another_name,
    receipts.name_behind_words,
    receipts.no_note,
    receipts.mistyped_number,
    receipts.unknown_payer,
    receipts.other_account,
    receipts.on_paper,
    receipts.kept_at_outbound,
    receipts.addendum,
    receipts.addendum_named,
    receipts.money_before_sheet,
    receipts.closed_case,
    receipts.two_numbers,
    receipts.interest,
    receipts.premium,
    receipts.fee,
    receipts.sweep,
    receipts.one_for_many,
    payments.payment_off_by_one_fen,
    payments.payment_to_another,
    payments.payment_not_released,
    payments.unlinked_return,
    payments.allotment,
)
_OF_TWO_LINES: tuple[Kind, ...] = (
    receipts.paid_twice,
    receipts.paid_in_parts,
    receipts.twins,
    receipts.same_amount_and_day,
    payments.payment_booked_twice,
    payments.returned_payment,
    payments.sent_by_a_stranger,
)
KINDS: Mapping[Form, Mapping[Kind, int]] = MappingProxyType(
    {
        Form.CSV: dict.fromkeys(_OF_ONE_LINE, 1) | dict.fromkeys(_OF_TWO_LINES, 2),
        Form.CAMT: dict.fromkeys(
            (*_OF_ONE_LINE, receipts.foreign_currency, receipts.left_before_cancelling, receipts.cut_off_day), 1
        )
        | dict.fromkeys((*_OF_TWO_LINES, receipts.taken_back, receipts.told_by_notice), 2)
        | {receipts.batch_details: 3},
    }
)
"""What may be disturbed in which form, and of how many lines it is."""


class Maker:
    """Items of a world as a bank tells them in one form."""

    def __init__(self, world: World, form: Form, seed: int) -> None:
        self._world, self._source = world, Source(world, form, seed)
        self._kinds = KINDS[form]
        self._deck: list[Kind] = []
        length = sum(self._kinds.values()) / len(self._kinds)
        # Disturbed items have more lines than plain ones, so that fewer items than lines are disturbed.
        self._share = DISTURBED_SHARE / (length - DISTURBED_SHARE * (length - 1))

    def items(self, lines: int) -> Iterator[Item]:
        """Items of exactly so many lines in all, day after day."""
        made = 0
        while made < lines:
            day = self._world.first_day + timedelta(days=made * self._world.days // lines)
            item = self._kind(room=lines - made)(self._source, day)
            made += len(item.lines)
            yield item

    def _kind(self, *, room: int) -> Kind:
        random = self._source.random
        if random.random() < self._share:
            kind = self._draw()
            if self._kinds[kind] <= room:
                return kind
        return payments.payment if random.random() < _PAYMENTS_SHARE else receipts.plain

    def _draw(self) -> Kind:
        """The next kind of a shuffled deck: each comes as often as any other, and soon."""
        if not self._deck:
            self._deck = list(self._kinds)
            self._source.random.shuffle(self._deck)
        return self._deck.pop()
