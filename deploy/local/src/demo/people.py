"""Made-up people: names by chance, certificate numbers with a right check digit (GB 11643)."""

from datetime import date, timedelta
from random import Random

from stdnum.iso7064 import mod_11_2

from demo.scenario import Person

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安博晨丹恩芳刚海佳凯岚明宁鹏琪蓉思婷伟晓雅哲静轩宇涛瑶梓"
_BORN_FROM = date(1970, 1, 1)
_BORN_WITHIN_DAYS = 32 * 365


def invent_person(random: Random, county: str, *, serial: int) -> Person:
    """A person born in ``county``; ``serial`` (0 to 999) keeps two of the same birthday and county apart."""
    born = _BORN_FROM + timedelta(days=random.randrange(_BORN_WITHIN_DAYS))
    body = f"{county}{born:%Y%m%d}{serial % 1000:03d}"
    name = random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2))))
    return Person(psn_name=name, certno=body + mod_11_2.calc_check_digit(body))
