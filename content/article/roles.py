"""The two roles, and the 21 strengths that are the scales of the questionnaire.

The names are fixed. The texts are our own.
"""

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
        summary="Takes a goal, a date, and a budget, and gets people across the finish line together. Once the goal is reached, the project ends.",
        does="takes a goal, a date, and a budget, and gets people across the finish line together",
        first_step="Plan one small event, like a potluck or a movie night. Set a date and a budget, decide who does what, and name one thing that could go wrong. Then make it happen.",
        second_step="Pick something you and others do every week and write down its steps. Change one so it takes less time. See if it sticks.",
        page="project-management",
    ),
    RoleText(
        slug="product-manager",
        name="Product manager",
        question="Decides what gets made, and why.",
        summary="Listens to people with a problem and decides what’s worth building next, and why. A product has no last day: it keeps changing.",
        does="listens to people with a problem and decides what’s worth building next, and why",
        first_step="Ask three people what bugs them about one app they use every day. Pick one problem and suggest one change, with your reason.",
        second_step="Choose a product you like and write half a page. Say who it’s for, what it should do a year from now, and what it should drop along the way.",
        page="product-management",
    ),
)

STRENGTHS: dict[tuple[str, str], tuple[StrengthText, ...]] = {
    ("key", "project-manager"): (
        StrengthText(
            "Planning and organization",
            "You break a big goal into steps, put them in order, and give each one a name and a date. Then nobody has to guess what’s next.",
        ),
        StrengthText(
            "Risk management",
            "You ask early what could go wrong, how likely it is, and what you’d do. A risk you’ve thought about is rarely a disaster.",
        ),
        StrengthText(
            "Scheduling and budgeting",
            "You know what the work costs in days and in money. You notice right away when the real numbers drift from the plan.",
        ),
        StrengthText(
            "Process optimization",
            "You look at how work flows and remove what slows it down: waiting, doing things twice, or unnecessary approvals.",
        ),
    ),
    ("key", "product-manager"): (
        StrengthText(
            "Customer empathy",
            "You see a product through the eyes of someone who’s tired, in a hurry, or new to it. You care about what they go through.",
        ),
        StrengthText(
            "Market research",
            "You find out what people use today, what they pay for it, what rivals offer, and what’s about to change.",
        ),
        StrengthText(
            "Strategic decision-making",
            "When there are too many good ideas, you choose the few that matter most. You can say why the others have to wait.",
        ),
        StrengthText(
            "Product vision",
            "You have a clear picture of what a product could be in a few years. You tell it so well that others want to build it.",
        ),
    ),
    ("interest", "project-manager"): (
        StrengthText(
            "Organizing complex work",
            "Many parts, many people, one big tangle: you enjoy sorting it out until each part has its place.",
        ),
        StrengthText(
            "Coordinating teams",
            "You like it when several groups work in step because each one knows what the others are doing.",
        ),
        StrengthText(
            "Tracking progress and solving delivery problems",
            "You want to know how far things have come. When something is stuck, you like getting it moving again.",
        ),
        StrengthText(
            "Ensuring things get done efficiently",
            "Half-finished work bothers you. You like to see it through without wasting time, money, or effort.",
        ),
    ),
    ("interest", "product-manager"): (
        StrengthText(
            "Understanding customer problems",
            "You like to hear what makes other people’s days harder. You keep asking until you know the cause.",
        ),
        StrengthText(
            "Shaping product ideas",
            "With you, a rough idea doesn’t stay rough for long. You sketch it, change it, and try it out on someone.",
        ),
        StrengthText(
            "Defining product strategy",
            "You like to work out who to serve first, with what, and why they should choose you over anyone else.",
        ),
        StrengthText(
            "Making decisions about product direction",
            "Someone has to say what comes next and what gets dropped. You’d rather be that person than wait for the answer.",
        ),
    ),
    ("shared", ""): (
        StrengthText(
            "Stakeholder management",
            "You know who has a stake in the work, and what each of them hopes and fears. You keep them on board when they disagree.",
        ),
        StrengthText(
            "Communication",
            "You say things so people understand them. You listen just as carefully, and you share bad news early.",
        ),
        StrengthText(
            "Strategic thinking",
            "You see how today’s task serves the bigger goal. You speak up when it no longer does.",
        ),
        StrengthText(
            "Problem-solving",
            "You look for the cause before you look for a fix. Then you try the simplest fix first.",
        ),
        StrengthText(
            "Team collaboration",
            "You share what you know and ask for what you need. You let others shine at what they do best.",
        ),
    ),
}
