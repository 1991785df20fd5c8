"""The two roles, and the twenty-one lines that are the scales of the questionnaire. Their names are fixed, the texts are ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RoleText:
    slug: str
    name: str
    question: str
    summary: str
    does: str  # ends the sentence "A project manager ..."
    first_step: str
    second_step: str
    page: str  # slug of the page about it


@dataclass(frozen=True)
class StrengthText:
    name: str
    text: str


ROLES = (
    RoleText(
        slug="project-manager",
        name="Project manager",
        question="Decides how it gets done, and when.",
        summary="Takes a goal with a date, a budget and an agreed size, and brings people, plans and money together so that it gets finished. "
        "Then the project ends.",
        does="takes a goal, a date, and a budget, and gets people across the finish line together",
        first_step="Plan a small event, such as a shared meal or a film night: a date, a budget, who does what, and one thing that could go wrong. Then hold it.",
        second_step="Take something that you and others do every week and write down its steps. Change one so that it takes less time, and see if it sticks.",
        page="project-management",
    ),
    RoleText(
        slug="product-manager",
        name="Product manager",
        question="Decides what gets made, and why.",
        summary="Takes a group of people with a problem and keeps asking which answer is worth building next. A product has no last day; it keeps changing.",
        does="listens to people with a problem and decides what’s worth building next, and why",
        first_step="Ask three people what annoys them about one app they use every day. Pick one problem and propose one change, with a reason for choosing it.",
        second_step="Choose a product you like and write half a page: whom it is for, what it should do a year from now, and what it should drop on the way.",
        page="product-management",
    ),
)

STRENGTHS: dict[tuple[str, str], tuple[StrengthText, ...]] = {
    ("key", "project-manager"): (
        StrengthText(
            "Planning and organization",
            "Cutting a large goal into steps, putting them in order, and giving each one a name and a date. With it, nobody has to guess what comes next.",
        ),
        StrengthText(
            "Risk management",
            "Asking early what could go wrong, how likely it is, and what you would do then. A risk you have thought about is seldom a disaster.",
        ),
        StrengthText(
            "Scheduling and budgeting",
            "Knowing what the work costs in days and in money, and noticing at once when the real figures part from the plan.",
        ),
        StrengthText(
            "Process optimization",
            "Looking at how work flows and taking out what slows it: waiting, doing things twice, asking for permission that nobody needs.",
        ),
    ),
    ("key", "product-manager"): (
        StrengthText(
            "Customer empathy",
            "Seeing a product through the eyes of somebody who is tired, in a hurry, or new to it, and caring about what they go through.",
        ),
        StrengthText(
            "Market research",
            "Finding out what people use today, what they pay for it, what rivals offer, and what is about to change.",
        ),
        StrengthText(
            "Strategic decision-making",
            "Choosing the few things that matter most when there are too many good ones, and being able to say why the others must wait.",
        ),
        StrengthText(
            "Product vision",
            "Holding a clear picture of what a product could become in some years, and telling it so that others want to build it.",
        ),
    ),
    ("interest", "project-manager"): (
        StrengthText(
            "Organizing complex work",
            "Many parts, many people, one tangle: you enjoy sorting it until each part has its place.",
        ),
        StrengthText(
            "Coordinating teams",
            "You like it when several groups work in step, because somebody made sure that each knew what the others were doing.",
        ),
        StrengthText(
            "Tracking progress and solving delivery problems",
            "You want to know how far things have come, and you feel at ease when something is stuck and has to be freed.",
        ),
        StrengthText(
            "Ensuring things get done efficiently",
            "Half-finished work bothers you. You like to see it through with little time, money and effort wasted.",
        ),
    ),
    ("interest", "product-manager"): (
        StrengthText(
            "Understanding customer problems",
            "You like to hear what makes other people’s days harder, and you keep asking until you know the cause.",
        ),
        StrengthText(
            "Shaping product ideas",
            "A rough thought does not stay rough with you for long. You sketch it, change it, and try it on somebody.",
        ),
        StrengthText(
            "Defining product strategy",
            "You like to work out whom to serve first, with what, and why they should come to you and not to somebody else.",
        ),
        StrengthText(
            "Making decisions about product direction",
            "Someone has to say what comes next and what is dropped. You would rather be that person than wait for the answer.",
        ),
    ),
    ("shared", ""): (
        StrengthText(
            "Stakeholder management",
            "Knowing who has a stake in the work, what each of them hopes and fears, and keeping them on board when they do not agree.",
        ),
        StrengthText(
            "Communication",
            "Saying things so that they are understood, listening as carefully, and telling bad news early.",
        ),
        StrengthText(
            "Strategic thinking",
            "Seeing how the task of today serves the larger aim, and speaking up when it no longer does.",
        ),
        StrengthText(
            "Problem-solving",
            "Looking for the cause before reaching for a cure, and trying the simplest cure first.",
        ),
        StrengthText(
            "Team collaboration",
            "Sharing what you know, asking for what you need, and letting others shine at what they do best.",
        ),
    ),
}
