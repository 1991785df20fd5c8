"""What O*NET says of the default strengths (docs/instrument.md section 1.3).

O*NET 29.3 Database, U.S. Department of Labor, May 2025, CC BY 4.0. Project stands for
IT project managers (15-1299.09), product for marketing managers (11-2021.00), where
O*NET files the title "Product Manager". Ratings are of importance, from 1 to 5: of
skills by 8 analysts; of knowledge and work styles by 20 to 37 experts (project, work
styles of 2019) or people in the job (product, work styles of 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

BACKED, THIN, NOT_BACKED = "backed", "thin", "not backed"


@dataclass(frozen=True, slots=True)
class Rating:
    """One thing that O*NET rates for both jobs."""

    name: str
    project: float
    product: float


@dataclass(frozen=True, slots=True)
class Support:
    """What O*NET says of one strength.

    There is a note where ratings do not say it all.
    """

    strength: str  # slug
    verdict: str
    ratings: tuple[Rating, ...] = ()
    note: str = ""


TIME = Rating("Time Management", 4.00, 3.50)
# In the order of the article's lists.
SUPPORT = (
    Support("planning-and-organization", BACKED, (TIME,)),
    Support(
        "risk-management",
        THIN,
        note="One of the 41 tasks of project managers is to assess risks.",
    ),
    Support(
        "scheduling-and-budgeting",
        BACKED,
        (TIME, Rating("Management of Financial Resources", 3.12, 2.88)),
    ),
    Support(
        "process-optimization",
        THIN,
        (
            Rating("Systems Analysis", 3.75, 3.25),
            Rating("Systems Evaluation", 3.5, 3.5),
        ),
        "None of the 41 tasks of project managers is about it.",
    ),
    Support(
        "customer-empathy",
        NOT_BACKED,
        (
            Rating("Social Perceptiveness", 3.38, 3.88),
            Rating("Concern for Others", 4.24, 3.37),
        ),
        "The two point to different roles.",
    ),
    Support("market-research", BACKED, (Rating("Sales and Marketing", 2.76, 4.85),)),
    Support(
        "strategic-decision-making",
        NOT_BACKED,
        (Rating("Judgment and Decision Making", 3.62, 3.75),),
        "Too close to tell the roles apart.",
    ),
    Support("product-vision", BACKED, (Rating("Innovation", 3.71, 4.15),)),
)
