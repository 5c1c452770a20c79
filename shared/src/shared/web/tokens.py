"""Bearer tokens: JWTs of the configured issuer (RFC 7519, RFC 8725)."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from shared.clock import Clock
from shared.web.jwks import ALGORITHMS, KeySet
from shared.web.principal import Principal
from shared.web.refusals import Unauthenticated

_LEEWAY = timedelta(seconds=30)
_MAX_TOKEN_CHARACTERS = 8192
_MAX_REMEMBERED = 10_000
# A key that the issuer withdraws stops counting within this time.
_REMEMBERED_FOR = timedelta(seconds=60)
_REQUIRED = ("iss", "aud", "exp", "iat", "sub")


class TokenVerifier:
    """Turns a bearer token into a ``Principal``, or says no. Verified tokens are remembered for a minute."""

    def __init__(self, keys: KeySet, *, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._remembered: OrderedDict[bytes, tuple[datetime, Principal]] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """The caller of ``token``.

        Raises ``Unauthenticated`` when it does not hold and ``Unavailable`` when the issuer's keys cannot be had.
        """
        digest = hashlib.sha256(token.encode("utf-8", errors="replace")).digest()
        remembered = self._remembered.get(digest)
        if remembered is not None and self._clock.now() < remembered[0]:
            return remembered[1]
        if len(token) > _MAX_TOKEN_CHARACTERS:
            raise _refused("令牌过长")
        claims = await self._claims(token)
        expires_at = self._within_its_time(claims)
        try:
            principal = Principal.of_claims(claims)
        except ValueError as error:
            raise _refused("令牌内容不合规范") from error
        self._remember(digest, min(expires_at, self._clock.now() + _REMEMBERED_FOR), principal)
        return principal

    async def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise _refused("令牌无法解析") from error
        if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str):
            raise _refused("令牌的签名算法或密钥标识不被接受")
        key = await self._keys.key(header["kid"])
        if key is None or key.algorithm_name != header["alg"]:
            raise _refused("令牌的签名密钥未知")
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self._issuer,
                # Times are judged by our own clock below.
                options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise _refused("令牌无效") from error
        return claims

    def _within_its_time(self, claims: Mapping[str, Any]) -> datetime:
        now = self._clock.now()
        expires_at, issued_at = _instant(claims["exp"]), _instant(claims["iat"])
        if now >= expires_at + _LEEWAY:
            raise _refused("令牌已过期")
        if issued_at > now + _LEEWAY or ("nbf" in claims and _instant(claims["nbf"]) > now + _LEEWAY):
            raise _refused("令牌尚未生效")
        return expires_at

    def _remember(self, digest: bytes, until: datetime, principal: Principal) -> None:
        self._remembered[digest] = (until, principal)
        self._remembered.move_to_end(digest)
        while len(self._remembered) > _MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused("令牌的时间不合规范")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise _refused("令牌的时间不合规范") from error


def _refused(reason: str) -> Unauthenticated:
    return Unauthenticated(f"{reason}。", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
