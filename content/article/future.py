from __future__ import annotations

from content.document import (
    CallToAction,
    ComparisonRow,
    Document,
    Illustration,
    Listing,
    Prose,
    RoleComparison,
)

PAGE = Document(
    slug="future",
    title="What comes next",
    nav_title="What comes next",
    description="Demand for both roles keeps growing. See what each one brings to an organization, and how to find out which one is for you.",
    lead="More and more companies are built around their products. So demand for both roles keeps growing.",
    position=8,
    in_navigation=False,
    blocks=(
        Illustration(
            heading="It takes both to keep the balance.",
            picture="future",
            alternative="A level beam rests on a diamond. A square stands on one end, and a circle of the same size on the other.",
        ),
        Listing(
            heading="Two kinds of leadership",
            intro="Organizations are finding that new ideas only succeed with two kinds of leadership:",
            lines=(
                "Someone makes sure the right product is built",
                "Someone makes sure it’s built in the right way",
            ),
            note="It’s the balance of the two that turns an idea into something that makes life better.",
        ),
        RoleComparison(
            heading="What each one brings",
            intro="They sound alike, but they’re two disciplines of their own. Organizations today run on both.",
            caption="What the two roles give an organization",
            rows=(
                ComparisonRow(
                    "What do they bring?",
                    "Structure, coordination, and excellent delivery",
                    "Vision, strategy, and new ideas with the customer at the center",
                ),
            ),
            strengths=False,
        ),
        Listing(
            heading="When both are clear",
            intro="Define both roles well and point them the same way. Then you’ll see it:",
            lines=(
                "Teams move faster",
                "Products get better all the time",
                "Organizations create real value for users",
            ),
            note="",
        ),
        Prose(
            heading="You learn most by doing",
            text="<p>Most people find out what suits them once they do the real work. No page and no list of questions can replace that.</p>"
            "<p>That’s what our work experience internship is for: it helps you get started. In a free clarity call, our team tells you how it works "
            "and talks with you about what comes next.</p>",
        ),
        CallToAction(
            heading="Your next step",
            text="Haven’t answered the questions yet? Start there. Your result gives us something to talk about.",
            booking=True,
        ),
    ),
)
