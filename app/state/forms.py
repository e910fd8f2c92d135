"""Say that another version of this program wrote a file of the state directory.

The form of a file is a number that rises when an earlier version could not read it.
docs/operations.md ("Upgrades and downgrades") says what becomes of each file.
"""


def other_version(name: str, form: int, known: int) -> str:
    """Return a sentence without a stop about a file of another form.

    `form` is that of the file, `known` the one that this program reads.
    """
    writer = "a newer" if form > known else "an earlier"
    return (
        f"{name} was written by {writer} version of this program (form {form}; this version reads"
        f" {known})"
    )
