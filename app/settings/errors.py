"""Turn errors of pydantic and TOML into sentences for an administrator.

A sentence never repeats a value that may be a secret. It quotes only short values, of
keys that hold no secret.
"""

import re
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, SecretStr

_NOT_TYPOS = ("phone", "number", "telephone", "tel")
"""Words that are never a typo of a similar key: "phone" does not mean "home"."""
_LINE = re.compile(r"\(at line ([0-9]+),")
_PHONE = re.compile(r"[^=]*=\s*[+0-9(*#][0-9 ()/.*#+-]*(#.*)?\Z")
_LOGIN = re.compile(r"(?<=://)\S*@")
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
    if isinstance(value, str) and any(
        word in last for word in ("url", "uri", "endpoint", "address")
    ):
        # A URL without a scheme may hold a login too, and a password may hold a blank.
        scheme, slashes, rest = value.partition("://") if "://" in value else ("", "", value)
        value = f"{scheme}{slashes}{rest.rpartition('@')[2]}"
    if (
        isinstance(value, str | int | float | bool)
        and not any(word in last for word in _SECRET_WORDS)
        and len(str(value)) <= 60
    ):
        shown = (
            str(value).lower()
            if isinstance(value, bool)
            else f'"{value}"'
            if isinstance(value, str)
            else str(value)
        )
        return f" = {shown}"
    return ""


def toml_hint(problem: str, text: str) -> str:
    """Return a remedy for invalid TOML, with a blank before it; "" if none is known."""
    if "Cannot overwrite" in problem or "twice" in problem:
        return " It stands there two times: keep one."
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
    value = line.partition("=")[2].strip()
    if value.startswith('"') and "\\" in value:
        return (
            " In double quotes a backslash is a sign of its own: write a path in single quotes, or"
            " with / instead."
        )
    if _PHONE.match(line):
        return " Numbers of telephones belong in quotes."
    return " Text belongs in quotes." if value[:1].isalpha() else ""


def is_secret(model: type[BaseModel], key: str) -> bool:
    """Return whether a key of a model holds a secret (SecretStr, optional or not)."""
    field = model.model_fields.get(key)
    return (
        field is not None
        and "SecretStr" in str(field.annotation)
        and SecretStr.__name__ == "SecretStr"
    )


def describe(
    prefix: str,
    item: dict[str, Any],
    model: type[BaseModel],
    root: type[BaseModel] | None = None,
    beside: tuple[str, ...] = (),
) -> str:
    """Return a sentence for one item of a ValidationError about a table.

    `prefix` is the table's own key ("sources.staff"). `root` is the model of the whole
    file; its keys are often written below a section by mistake. `beside` are further
    keys of the table.
    """
    parts = [
        part for part in map(str, item["loc"]) if part not in ("function-after[_pattern()", "str")
    ]
    key = ".".join([prefix, *parts] if prefix else parts)
    kind, context = item["type"], item.get("ctx", {})
    secret = is_secret(model, parts[0]) if parts else False
    value = "" if secret else quoted(key, item.get("input"))
    match kind:
        case "missing" if isinstance(item["loc"][-1], int):
            return f"{key.rpartition('.')[0]}: an item is missing in this list. Add it."
        case "missing":
            return f"{key} is missing. Add it."
        case "extra_forbidden":
            return f"{key}: unknown key. {_suggestion(parts, model, root, beside)}"
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
        case "string_pattern_mismatch":
            return (
                f'{key}{value}: must be "{context["pattern"].strip("^$")}"; nothing else is there'
                " yet."
            )
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


def _suggestion(
    parts: list[str], model: type[BaseModel], root: type[BaseModel] | None, beside: tuple[str, ...]
) -> str:
    current: type[BaseModel] | None = model
    for part in parts[:-1]:
        if current is None:
            break
        field = current.model_fields.get(part)
        nested = _nested_model(field.annotation) if field is not None else None
        current = nested or current
    known = sorted(
        [
            *(current.model_fields if current is not None else ()),
            *(beside if len(parts) == 1 else ()),
        ]
    )
    if (
        root is not None
        and parts[-1] in root.model_fields
        and (root is not model or len(parts) > 1)
    ):
        is_section = (
            _nested_model(root.model_fields[parts[-1]].annotation) is not None
            or parts[-1] == "sources"
        )
        return (
            f"[{parts[-1]}] is a section of its own."
            if is_section
            else "It belongs to the top of the file, above the first [section]."
        )
    close = get_close_matches(parts[-1], known, n=1) if parts[-1].lower() not in _NOT_TYPOS else []
    return f'Did you mean "{close[0]}"?' if close else f"Known keys: {', '.join(known)}."


def _nested_model(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _nested_model(argument)
        if found is not None:
            return found
    return None
