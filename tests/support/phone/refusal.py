"""How the strict phone says no.

Law of this file: one exception for everything that a phone would refuse, naming the rule (section 12 of the facts) that was
broken.
"""


class PhoneRefuses(Exception):
    """An answer broke rule `rule` of the facts. `url` is what was asked for, `why` a sentence about what was found."""

    def __init__(self, rule: int, url: str, why: str) -> None:
        super().__init__(rule, url, why)
        self.rule = rule
        self.url = url
        self.why = why

    def __str__(self) -> str:
        return f"rule {self.rule}: {self.why} ({self.url})"
