"""Words for kinds of numbers in many languages, such as "Arbeitsfax" or "自宅".

A word may be made of several ("homefax", "cellhome", "Diensthandy") and end in a digit
("work2"). If a number has several kinds, the caller chooses.
"""

import re
import unicodedata
from functools import lru_cache

from connectors.contact import NumberKind
from connectors.csv.columns import fold_header
from connectors.csv.header_words import LABELS, numbers

_WORDS = {
    NumberKind.FAX: (
        """
fax faks telefax telefaks faxe faxnummer telefaxnummer télécopie télécopieur facsimile faksi
faksnummer belgegeçer
факс телефакс φαξ фекс فاكس الفاكس फैक्स फ़ैक्स ファックス ファクス ファクシミリ 传真 傳真 팩스 פקס
"""
    ),
    NumberKind.PAGER: (
        """
pager beeper cercapersone buscapersonas bip personsökare personsøger personsøker hakulaite çağrı
csipogó пейджер
βομβητής بيجر पेजर ポケベル ポケットベル ページャ 寻呼机 呼机 傳呼機 삐삐 호출기
"""
    ),
    NumberKind.MOBILE: (
        """
mobile mobil handy cell cellular cellphone mobilephone iphone applewatch smartphone natel
portable gsm pcs car
mobiltelefon mobilnummer movil móvil celular cellulare telefonino telemóvel komórka komórkowy
komórkowa komórkowe
mobilní mobiel mobieltje mobitel mobilni mobilny matkapuhelin matkapuhelinnumero kännykkä mobiili
cep ceptelefonu
мобильный мобильная мобильник мобила сотовый сотовая моб сот мобільний мобільна κινητό جوال
الجوال محمول المحمول
موبايل الموبايل نقال النقال خلوي मोबाइल 携帯 携帯電話 スマホ スマートフォン ケータイ モバイル 手机
手機
移动
移動
行動
移动电话 移動電話 行動電話 휴대폰 휴대전화 핸드폰 모바일 נייד
"""
    ),
    NumberKind.INTERNAL: (
        """
internal intern extension ext durchwahl nebenstelle interne interno klappe ramal anexo wewnętrzny
linka toestel
anknytning alanumero dahili mellék внутренний внутренняя внутрішній εσωτερικό داخلي تحويلة
एक्सटेंशन 内線 内线 分机
分機 내선
"""
    ),
    NumberKind.MAIN: (
        """
main primary company hauptnummer haupt zentrale principal principale główny hlavní hoofd
hoofdnummer centralita centralino
switchboard växel omstilling sentralbord vaihde santral központ fő centrală основной главный
основний головний κύριο
κεντρικό رئيسي الرئيسي मुख्य 代表 総機 总机 總機 대표 대표번호
"""
    ),
    NumberKind.WORK: (
        """
work business office arbeit arbeits büro geschäftlich geschäft geschäfts dienst dienstlich firma
firmen beruflich
arbeitsplatz bureau travail professionnel pro boulot trabajo oficina empresa laboral ufficio
lavoro azienda trabalho
comercial escritório emprego praca służbowy służbowa służbowe biuro práce zaměstnání pracovní
kancelář werk kantoor
zakelijk arbete arbets jobb arbejde arbejds job arbeid arbeids kontor työ toimisto toimi munka
munkahely munkahelyi
iroda hivatali serviciu birou muncă iş ofis işyeri рабочий рабочая работа служебный служебная
офис робочий робоча
робота службовий офіс εργασία εργασίας γραφείο δουλειά عمل العمل مكتب المكتب कार्यालय काम ऑफिस
दफ्तर कार्य 勤務先 会社
職場 仕事 オフィス 单位 公司 工作 办公 办公室 公務 辦公室 商务 직장 회사 사무실 업무 עבודה
"""
    ),
    NumberKind.HOME: (
        """
home privat private privately privatnummer zuhause daheim domicile maison perso personnel casa
particular personal
abitazione domestico residencial residência residencia domowy domowa domowe prywatny prywatna
prywatne dom domů doma
domácí domov thuis prive privé privénummer hem hemma bostad hjem hjemme koti kotinumero otthon
otthoni lakás magán
acasă domiciliu ev evde домашний домашняя дом дома домой личный домашній дім σπίτι οικία κατοικία
منزل المنزل بيت
البيت घर 自宅 家 自宅電話 家庭 住宅 住家 私宅 집 자택 בית
"""
    ),
}
_NEUTRAL = """
phone phones telephone tel tele telefon telefono teléfono telefone téléphone telefoon
telefonnummer telefonszám
puhelin puh number num nummer nr numero número numer číslo rufnummer line anschluss gerät apparat
other voice telefonu
s n телефон тел номер τηλέφωνο هاتف رقم फोन 電話 电话 番号 号码 號碼 電話番号 电话号码 電話號碼 전화
전화번호
번호
"""
_CASE_CHANGE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_MAX_LABEL = 200
_MAX_COMPOUND = 40
_MIN_PIECE = 3


def _fold_words(text: str) -> str:
    """Return words in small letters without accents.

    Vowel signs of Indian scripts stay.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (char for char in plain if unicodedata.combining(char) in (0, 8, 9))
    return " ".join(
        "".join(
            char if char.isalpha() or unicodedata.category(char)[0] == "M" else " " for char in kept
        ).split()
    )


_KINDS: dict[str, frozenset[NumberKind]] = {}
for _kind, _text in (
    *_WORDS.items(),
    *((NumberKind(kind), words.replace("|", " ")) for kind, words in LABELS.items()),
):
    for _word in _text.split():
        _KINDS.setdefault(_fold_words(_word), frozenset((_kind,)))
_PIECES = {
    word: kinds for word, kinds in _KINDS.items() if len(word) >= _MIN_PIECE or not word.isascii()
}
_PIECES |= {
    word: frozenset[NumberKind]()
    for word in map(_fold_words, _NEUTRAL.split())
    if word not in _PIECES
}
_MAX_LENGTH = max(map(len, _PIECES))


@lru_cache(maxsize=4096)
def kinds_of(label: str) -> frozenset[NumberKind]:
    """Return the kinds that the words of a label name; empty if there are none."""
    text = label[:_MAX_LABEL]
    found: set[NumberKind] = set()
    for word in _fold_words(_CASE_CHANGE.sub(" ", text)).split():
        found |= _KINDS.get(word) or _of_compound(word)
    if not found:
        found |= _of_compound("".join(_fold_words(text).split()))
    if (
        not found
        and (kind := numbers().get(fold_header(text), NumberKind.OTHER)) != NumberKind.OTHER
    ):
        found.add(NumberKind(kind))
    return frozenset(found)


def _of_compound(word: str) -> frozenset[NumberKind]:
    """Return the kinds of the words that a compound consists of, in linear time.

    Nothing of it may be left over.
    """
    if not 1 < len(word) <= _MAX_COMPOUND:
        return frozenset()
    reached: list[frozenset[NumberKind] | None] = [frozenset(), *(None for _ in word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _MAX_LENGTH), end):
            before, piece = reached[start], _PIECES.get(word[start:end])
            if before is not None and piece is not None:
                reached[end] = before | piece
                break
    return reached[-1] or frozenset()
