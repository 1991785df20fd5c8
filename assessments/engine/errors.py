"""What the engine refuses, and with which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .place import Place


@dataclass(frozen=True, slots=True)
class Fault:
    """One structural fault of a definition: where it stands and what is wrong there.

    `other` is a second place that the message names.
    """

    place: Place
    message: str
    other: Place | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DefinitionError(ValueError):
    """A definition cannot be read.

    `faults` holds every fault, in the order of the text.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RequestError(ValueError):
    """A request cannot be scored; `field` names what is at fault, e.g. `answers.T1`."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}")
