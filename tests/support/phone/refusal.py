"""The exception for everything that a phone would refuse."""


class PhoneRefuses(Exception):
    """A response broke rule `rule` of `rules.md`.

    `url` is the request, `why` a sentence about the cause.
    """

    def __init__(self, rule: int, url: str, why: str) -> None:
        super().__init__(rule, url, why)
        self.rule = rule
        self.url = url
        self.why = why

    def __str__(self) -> str:
        return f"rule {self.rule}: {self.why} ({self.url})"
