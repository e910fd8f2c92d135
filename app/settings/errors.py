"""Turn errors of pydantic and TOML into sentences for an administrator.

A sentence never repeats a value that may be a secret. It quotes only short values, of
keys that hold no secret.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

MAX_QUOTED = 60
_NOT_TYPOS = ("phone", "number", "telephone", "tel")
"""Words that are never a typo of a similar key: "phone" does not mean "home"."""
_LINE = re.compile(r"\(at line ([0-9]+),")
_PHONE = re.compile(r"[^=]*=\s*[+0-9(*#][0-9 ()/.*#+-]*(#.*)?\Z")
# A section with a character that a bare key of TOML must not have. Lists have quotes or commas.
_ODD_SECTION = re.compile(r"""\[+[^]"',=#]*[^]"',=#A-Za-z0-9_.-]""")
_LOGIN = re.compile(r"(?<=://)\S*@")
# Parts of a location that name pydantic's own steps, not keys of the file.
_PYDANTIC_PARTS = ("function-after[_pattern()", "str")
_ADDRESS_WORDS = ("url", "uri", "endpoint", "address")
_SECRET_WORDS = ("password", "token", "secret", "key", "dn")


def without_login(text: str) -> str:
    """Return a text without the logins of the URLs in it.

    "https://anna:secret@x/" becomes "https://x/". A password may contain an unescaped @
    or /, so everything up to the last @ before a blank goes.
    """
    return _LOGIN.sub("", text)


class SettingsError(Exception):
    """The configuration cannot be used.

    `problems` lists all problems, each as a sentence with key and remedy.
    """

    def __init__(self, where: str, problems: tuple[str, ...]) -> None:
        problems = tuple(map(without_login, problems))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"{where}: {count}\n" + "\n".join(f"  {problem}" for problem in problems))
        self.where = where
        self.problems = problems


def quoted(key: str, value: object) -> str:
    """Return ` = value` for a message if the value is short and no secret, else ""."""
    last = key.rpartition(".")[2].lower()
    text = str(value)
    if any(word in last for word in _SECRET_WORDS) or len(text) > MAX_QUOTED or "password=" in text:
        return ""
    match value:
        case bool():
            return f" = {str(value).lower()}"
        case int() | float():
            return f" = {value}"
        case str() if any(word in last for word in _ADDRESS_WORDS):
            return f' = "{_without_user(value)}"'
        case str():
            return f' = "{value}"'
        case _:
            return ""


def _without_user(url: str) -> str:
    # A URL without a scheme may hold a login too, and a password may hold a blank.
    scheme, slashes, rest = url.partition("://") if "://" in url else ("", "", url)
    return f"{scheme}{slashes}{rest.rpartition('@')[2]}"


def toml_hint(problem: str, text: str) -> str:
    """Return a remedy for invalid TOML, with a blank before it; "" if none is known."""
    if "Cannot overwrite" in problem or "twice" in problem:
        return " It stands in the file twice: keep one."
    if problem.startswith("Illegal character '\\n'"):
        return " A quotation mark is missing."
    found = _LINE.search(problem)
    lines = text.split("\n")
    # An error that the parser notices at the end of a line may be reported for the next line.
    line = (
        lines[int(found[1]) - 1].strip()
        if found is not None and int(found[1]) <= len(lines)
        else ""
    )
    if _ODD_SECTION.match(line):
        return " The name of a section holds a-z, 0-9, _ and - only."
    value = line.partition("=")[2].strip()
    if value.startswith('"') and "\\" in value:
        return (
            " In double quotes a backslash has a special meaning: write the path in single quotes,"
            " or with / instead."
        )
    if _PHONE.match(line):
        return " Telephone numbers belong in quotes."
    return " Text belongs in quotes." if value[:1].isalpha() else ""


def is_secret(model: type[BaseModel], key: str) -> bool:
    """Return whether a key of a model holds a secret (SecretStr, optional or not)."""
    field = model.model_fields.get(key)
    return field is not None and SecretStr in _types_in(field.annotation)


def describe(
    prefix: str,
    item: dict[str, Any],
    model: type[BaseModel],
    root: type[BaseModel] | None = None,
    more_keys: tuple[str, ...] = (),
) -> str:
    """Return a sentence for one item of a ValidationError about a table.

    `prefix` is the table's own key ("sources.staff"). `root` is the model of the whole
    file; its keys are often written below a section by mistake. `more_keys` are further
    keys of the table.
    """
    parts = tuple(part for part in item["loc"] if part not in _PYDANTIC_PARTS)
    key = _key(prefix, parts)
    kind, context = item["type"], item.get("ctx", {})
    secret = is_secret(model, str(parts[0])) if parts else False
    value = "" if secret else quoted(key, item.get("input"))
    match kind:
        case "missing" if isinstance(parts[-1], int):
            return f"{_key(prefix, parts[:-1])}: an item is missing in this list. Add it."
        case "missing":
            return f"{key} is missing. Add it."
        case "extra_forbidden":
            return (
                f"{key}: unknown key. {_suggestion(tuple(map(str, parts)), model, root, more_keys)}"
            )
        case "string_type":
            return f"{key}{value}: must be text. Put it in quotes."
        case "too_long":
            return f"{key}: {context['actual_length']} items, {context['max_length']} at most."
        case "string_too_long":
            return (
                f"{key}{value}: too long. {context['max_length']} characters at most: a phone shows"
                " no more."
            )
        case "string_too_short" | "too_short":
            return f"{key}{value}: must not be empty."
        case "enum" | "literal_error":
            return f"{key}{value}: must be one of {context['expected']}."
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
            bound = " and ".join(
                f"{words[name]} {limit:g}" for name, limit in context.items() if name in words
            )
            return f"{key}{value}: must be {bound}."
        case "bool_type" | "bool_parsing":
            return f"{key}{value}: must be true or false, without quotes."
        case "int_type" | "int_parsing" | "int_from_float" | "float_type" | "float_parsing":
            return f"{key}{value}: must be a number, without quotes."
        case "tuple_type" | "list_type":
            return f'{key}{value}: must be a list. Write ["...", "..."].'
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"{key}{value}: must be a table. Write it as a [{key}] section."
        case "value_error":
            return f"{key}{value}: {context['error']}." if key else f"{context['error']}."
        case _:
            return f"{key}{value}: {item['msg'].removeprefix('Value error, ')}."


def _key(prefix: str, parts: tuple[str | int, ...]) -> str:
    """Return a key as people write it; items of lists are counted from 1."""
    key = prefix
    for part in parts:
        if isinstance(part, int):
            key += f", item {part + 1}"
        else:
            key += f".{part}" if key else part
    return key


def _suggestion(
    parts: tuple[str, ...],
    model: type[BaseModel],
    root: type[BaseModel] | None,
    more_keys: tuple[str, ...],
) -> str:
    """Return what may be meant by the unknown key at the end of `parts`."""
    *above, word = parts
    if root is not None and word in root.model_fields and (root is not model or above):
        is_section = word == "sources" or _nested_model(root.model_fields[word].annotation)
        return (
            f"[{word}] is a section of its own."
            if is_section
            else "It belongs to the top of the file, above the first [section]."
        )
    table = model
    for part in above:
        field = table.model_fields.get(part)
        table = (field and _nested_model(field.annotation)) or table
    known = sorted([*table.model_fields, *(() if above else more_keys)])
    close = get_close_matches(word, known, n=1) if word.lower() not in _NOT_TYPOS else []
    return f'Did you mean "{close[0]}"?' if close else f"Known keys: {', '.join(known)}."


def _nested_model(annotation: object) -> type[BaseModel] | None:
    return next((kind for kind in _types_in(annotation) if issubclass(kind, BaseModel)), None)


def _types_in(annotation: object) -> Iterator[type]:
    """Yield the types that make up an annotation, as int and None in `int | None`."""
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from _types_in(argument)
