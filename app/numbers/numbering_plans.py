"""Find the numbering plan of a region or country, and the country code of a number.

phonenumbers is imported only inside functions, because the web process needs only the
constants to check a configuration.
"""

from functools import cache, lru_cache

from app.numbers.plan_metadata import compile_region
from app.numbers.region_plan import Region

_CODES = (
    "AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR"
    " BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC"
    " EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK"
    " HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB"
    " LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY"
    " MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS"
    " RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL"
    " TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
REGIONS = frozenset(_CODES.split())
"""ISO 3166 codes of the regions that phonenumbers knows."""


@lru_cache(maxsize=512)
def region(code: str) -> Region:
    """Return the plan of the region with this ISO 3166 code.

    Raises KeyError if libphonenumber knows none.
    """
    from phonenumbers import PhoneMetadata

    found = PhoneMetadata.metadata_for_region(code)
    if found is None:
        raise KeyError(code)
    short = PhoneMetadata.short_metadata_for_region(code)
    return compile_region(found, short)


@lru_cache(maxsize=512)
def country(code: str) -> Region:
    """Return the plan of the country with this calling code ("49").

    The code is one that `split_country_code` returns.
    """
    from phonenumbers import PhoneMetadata
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    main = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    if main == "001":
        found = PhoneMetadata.metadata_for_nongeo_region(int(code))
        if found is None:
            raise KeyError(code)
        return compile_region(found, None)
    return region(main)


def split_country_code(digits: str) -> tuple[str, str]:
    """Return the calling code of an international number, and the rest.

    Returns ("", `digits`) if no country has it.
    """
    code = _code_at_head(digits[:3])
    return code, digits[len(code) :]


@lru_cache(maxsize=2048)
def _code_at_head(three: str) -> str:
    return next((three[:length] for length in (1, 2, 3) if three[:length] in _calling_codes()), "")


@cache
def _calling_codes() -> frozenset[str]:
    from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
