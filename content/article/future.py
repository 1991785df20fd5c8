from __future__ import annotations

from content.document import (
    CallToAction,
    ComparisonRow,
    Document,
    Listing,
    Prose,
    RoleComparison,
)

PAGE = Document(
    slug="future",
    title="What comes next",
    nav_title="What comes next",
    description="Why both roles are wanted more and more, what each brings to an organisation, and how to find out by doing which one is for you.",
    lead="More and more companies are built around their products. That makes both roles more sought after, year by year.",
    position=8,
    in_navigation=False,
    blocks=(
        Listing(
            heading="Two kinds of leadership",
            intro="Organisations are finding out that new ideas only succeed with leadership of two kinds:",
            lines=(
                "Somebody sees to it that the right product is built",
                "Somebody sees to it that it is built in the right way",
            ),
            note="It is the balance of the two that makes an idea into something that changes people’s lives for the better.",
        ),
        RoleComparison(
            heading="What each one brings",
            intro="They sound alike, and they are two disciplines of their own. Organisations of today run on both.",
            caption="What the two roles give to an organisation",
            rows=(
                ComparisonRow(
                    "What do they bring?",
                    "Structure, coordination, and excellent delivery",
                    "Vision, strategy, and new ideas with the customer at the centre",
                ),
            ),
            strengths=False,
        ),
        Listing(
            heading="When both are clear",
            intro="Define both roles well and point them the same way, and you will see it:",
            lines=(
                "Teams move faster",
                "Products get better all the time",
                "Users gain something of real value",
            ),
            note="",
        ),
        Prose(
            heading="You learn most by doing",
            text="<p>Most people know rather soon which one it is, as soon as they do the real work. No page and no questionnaire can replace that.</p>"
            "<p>That is what our work-experience internship is for: it helps you to get started. In a free clarity call our team tells you how it works, "
            "and thinks with you about what comes next.</p>",
        ),
        CallToAction(
            heading="Your next step",
            text="Take the questions first, if you have not yet: a result makes a good beginning for a talk.",
            booking=True,
        ),
    ),
)
