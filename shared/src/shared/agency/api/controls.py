"""The core's own sums against what we hold."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Security

from shared.agency.api.context import Context, served_agency
from shared.agency.api.schemas import ControlAnswer, ControlDifference, FactsControl, SchemeControl
from shared.agency.repository.controls import Totals, totals
from shared.agency.repository.freshness import told_everything
from shared.money import format_yuan
from shared.web.authentication import Principal, authenticated
from shared.web.routing import Router

Writer = Annotated[Principal, Security(authenticated, scopes=["records:write"])]

router = Router(tags=["参保记录"])


@router.post("/facts-controls", summary="与核心系统核对记录总数")
async def post_control(caller: Writer, context: Context, control: FactsControl) -> ControlAnswer:
    """Where all sums agree, everything we hold is known to be current as of the control."""
    admdvs = served_agency(caller, context)
    async with context.database.transaction() as connection:
        held = await totals(connection, admdvs, paid_clct_flags=context.settings.paid_clct_flags)
        differences = list(_differences(control, held))
        if not differences:
            await told_everything(connection, admdvs, as_of=min(control.as_of, context.clock.now()))
    return ControlAnswer(agrees=not differences, differences=differences)


def _differences(control: FactsControl, held: Totals) -> Iterator[ControlDifference]:
    if control.persons != held.persons:
        yield _difference("persons", None, str(control.persons), str(held.persons))
    if control.balc != held.balc:
        yield _difference("balc", None, format_yuan(control.balc), format_yuan(held.balc))
    stated = {each.insutype: each for each in control.schemes}
    for insutype in sorted(stated.keys() | held.relations.keys() | held.months.keys()):
        scheme = stated.get(insutype, SchemeControl(insutype=insutype, relations=0, months=0))
        relations, months = held.relations.get(insutype, 0), held.months.get(insutype, 0)
        if scheme.relations != relations:
            yield _difference("relations", insutype, str(scheme.relations), str(relations))
        if scheme.months != months:
            yield _difference("months", insutype, str(scheme.months), str(months))


def _difference(what: str, insutype: str | None, stated: str, held: str) -> ControlDifference:
    return ControlDifference(what=what, insutype=insutype, stated=stated, held=held)
