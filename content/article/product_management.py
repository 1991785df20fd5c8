from __future__ import annotations

from content.document import (
    CallToAction,
    Document,
    LineGroup,
    Listing,
    Prose,
    Responsibilities,
)

PAGE = Document(
    slug="product-management",
    title="Product management",
    nav_title="Product management",
    description="A product never ends, it evolves. What a product manager does: vision, customers, priorities, roadmap and a team that pulls one way.",
    lead="Leading a product from first idea to success in the market, and improving it all the while for the people who use it and the business behind it.",
    position=3,
    in_navigation=True,
    blocks=(
        Prose(
            heading="Work without an end",
            text="<p>A project is about execution. Product management is about value: making something that is worth having, and worth more next year.</p>"
            "<p>Projects end; products do not. They evolve. What users need changes, what the business wants changes, and the product has to follow both.</p>",
        ),
        Listing(
            heading="Four products",
            intro="You have used some of these today, and hardly noticed that they are never finished:",
            lines=("Spotify", "Netflix", "Uber", "Banking apps"),
            note="Each of them is updated all the time: new features, improvements, small touches that make it nicer to use. "
            "Behind each change stands a product manager who decided that it was worth making.",
        ),
        Listing(
            heading="Four questions",
            intro="A product manager answers for the questions that matter most about a product:",
            lines=(
                "Which problem do we solve?",
                "For whom do we build it?",
                "Why does this product matter?",
                "Which features should come next?",
            ),
            note="",
        ),
        Responsibilities(
            heading="What a product manager does",
            intro="Finding good answers, again and again, is the daily work. It has five parts.",
            groups=(
                LineGroup(
                    "Defining the vision",
                    ("Says where the product should go in the long run.",),
                ),
                LineGroup(
                    "Understanding the customer",
                    (
                        "Does user research, goes through feedback, and finds the points that hurt.",
                    ),
                ),
                LineGroup(
                    "Prioritising features",
                    ("Chooses what is built first and what has to wait.",),
                ),
                LineGroup(
                    "Creating the roadmap",
                    ("Lays out how the product will grow, stage by stage, over time.",),
                ),
                LineGroup(
                    "Aligning teams",
                    (
                        "Keeps engineering, design, marketing and business moving towards one product goal.",
                    ),
                ),
            ),
            note="",
        ),
        Prose(
            heading="In short",
            text="<p>It all comes down to one thing: that the product is the right one, for the right users.</p>"
            "<p>Knowing what is right does not get it made by Friday, though. For that a product manager needs "
            '<a href="/project-management/">a project manager</a>, and a good way of <a href="/working-together/">working together</a>.</p>',
        ),
        CallToAction(
            heading="Does this sound like your kind of day?",
            text="If hearing what bothers people, shaping ideas and choosing between them sounds like a good week, see whether your answers agree.",
            booking=True,
        ),
    ),
)
