"""One case at one agency: read it, do what its state asks for, wait for what others do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.case_run import CaseRun, Json
from demo.errors import Unexpected
from demo.services import Call, until
from demo.world import World

Turn = Callable[[Json, str], Awaitable[None]]

_NOT_FOUND, _CHANGED, _CONFLICT = 404, 412, 409


@dataclass(frozen=True, slots=True)
class AgencyCase:
    """``service`` is ``outbound`` or ``inbound``, ``admdvs`` the agency there."""

    world: World
    run: CaseRun
    service: str
    admdvs: str

    async def read(self) -> tuple[Json, str]:
        """The case and its ETag; an empty one while the agency has not heard of it."""
        token = self.world.callers.agency("clerk", self.admdvs)
        try:
            response = await self.world.services.send(Call(token, self.service, "GET", self.path()))
        except Unexpected as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            return {}, ""
        body: Json = response.json()
        return {**body, **body.get("case", {})}, response.headers["ETag"]

    async def command(self, role: str, what: str, seen: str, body: Any = None, *, method: str = "POST") -> None:
        """A clerk's command on the version ``seen``.

        One that comes too late (the case has moved on, perhaps by our own lost request) is no error here: the
        caller reads the case again.
        """
        token = self.world.callers.agency(role, self.admdvs)
        call = Call(token, self.service, method, self.path(f"/{what}"), json=body, seen=seen)
        try:
            await self.world.services.send(call)
        except Unexpected as refusal:
            if refusal.status not in (_CHANGED, _CONFLICT):
                raise
            await self._require_moved(seen, refusal)

    async def drive(self, turns: Mapping[str, Turn], is_end: Callable[[Json], bool], *, what: str) -> Json:
        """Do a state's turn whenever the case is in it, until ``is_end``; gives the case as it then is."""

        async def turn() -> Json:
            case, seen = await self.read()
            if is_end(case) or case.get("state") not in turns:
                return case
            await turns[case["state"]](case, seen)
            return (await self.read())[0]

        return await until(turn, is_end, what=f"{self.admdvs} {what}", within_seconds=self.world.within_seconds)

    def path(self, tail: str = "") -> str:
        """The path of the case."""
        return f"/cases/{self.run.rlts_traf_id}{tail}"

    async def _require_moved(self, seen: str, refusal: Unexpected) -> None:
        _, present = await self.read()
        if present == seen:
            raise refusal
