"""The invented people of `manage.py demo`."""

from __future__ import annotations

from typing import NamedTuple

DOMAIN = "demo.example"  # a domain that nobody can own, so no mail can reach anybody
EVERYTHING = f"admin@{DOMAIN}"
COACH = f"coach@{DOMAIN}"
COACH_NAME = "Nora"
GROUP_LABEL = "Spring group"
SINGLE_LABEL = "Maya, one to one"


class Staff(NamedTuple):
    """An account for the admin. Without a group it may do everything."""

    email: str
    name: str
    group: str | None
    may: str


class DemoClient(NamedTuple):
    """Somebody in the coach's group. Each letter of an answer string is one button."""

    name: str
    trade_offs: str
    enjoyment: str
    shared: str
    seconds: int
    outcome: str  # what these answers score as; a test holds it

    @property
    def answers(self) -> dict[str, int | None]:
        """Buttons by the ids of the default questionnaire: T1 to T12, E1 to E8, S1…"""
        rows = (("T", self.trade_offs), ("E", self.enjoyment), ("S", self.shared))
        return {
            f"{letter}{number}": int(button)
            for letter, row in rows
            for number, button in enumerate(row, 1)
        }


STAFF = (
    Staff(EVERYTHING, "Maria", None, "may do everything"),
    Staff(f"editor@{DOMAIN}", "Eli", "Editor", "edits drafts"),
    Staff(f"publisher@{DOMAIN}", "Pia", "Publisher", "publishes"),
    Staff(f"analyst@{DOMAIN}", "Amir", "Analyst", "sees the quality pages"),
    Staff(f"manager@{DOMAIN}", "Mina", "Coach manager", "approves coaches"),
)

CLIENTS = (
    DemoClient("Ana", "335444141342", "22113223", "32322", 262, "clear_project"),
    DemoClient("Ben", "224233143332", "32212212", "21333", 241, "lean_project"),
    DemoClient("Chloe", "431423142333", "20113333", "23423", 318, "close"),
    DemoClient("Dan", "421434435344", "12221422", "33312", 196, "clear_product"),
    DemoClient("Emma", "233343434443", "32244232", "32231", 287, "both"),
    DemoClient("Finn", "442534432122", "21332113", "33223", 233, "lean_product"),
    DemoClient("Grace", "432242323343", "11212111", "23222", 352, "low_both"),
    DemoClient("Hugo", "245143333432", "21213131", "13313", 219, "clear_project"),
    DemoClient("Iris", "433322434233", "22231120", "33322", 274, "lean_product"),
    DemoClient("Jack", "345311425342", "23222222", "14232", 205, "close"),
    DemoClient("Kate", "253232224354", "32231012", "23213", 298, "lean_project"),
    DemoClient("Leo", "323414423214", "12130202", "33222", 246, "clear_product"),
)
# Invited alone. The coach asked that this result stay closed until they have talked.
SINGLE = DemoClient("Maya", "144243153452", "42323132", "33243", 260, "clear_project")

# What the password is made of: short, easy to tell apart, easy to type.
SHORT_WORDS = """
amber anchor apple arrow autumn badge basil beacon berry birch bottle breeze
bridge butter button candle canoe canyon carpet castle cedar cherry cinder clover
copper coral cotton cradle daisy desert dragon eagle ember engine falcon feather
fennel forest garden ginger glacier hammer harbor hazel helmet honey island ivory
jacket kettle ladder lantern lemon linen lumber magnet maple marble meadow mirror
needle nickel nutmeg olive
"""
