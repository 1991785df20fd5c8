from __future__ import annotations

from content.document import (
    CallToAction,
    Document,
    Illustration,
    LineGroup,
    Listing,
    Prose,
    Responsibilities,
)

PAGE = Document(
    slug="product-management",
    title="Product management",
    nav_title="Product management",
    description="A product never ends. It evolves. See what a product manager does: vision, customers, priorities, roadmap, and a team that pulls in the same direction.",
    lead="Product management means taking a product from first idea to success in the market. Then you keep improving it, for its users and for the business.",
    position=3,
    in_navigation=True,
    blocks=(
        Illustration(
            heading="A product grows with the people who use it.",
            picture="product",
            alternative="Three circles on a dotted line, each larger than the last. Two, then four, then eight small circles stand around them.",
        ),
        Prose(
            heading="Work without an end",
            text="<p>A project is about execution. Product management is about value: making something worth having, and worth more next year.</p>"
            "<p>Projects end. Products don’t. They evolve, because what users need keeps changing, and so do the goals of the business.</p>",
        ),
        Listing(
            heading="Four products",
            intro="You’ve probably used one of these today. None of them is ever finished:",
            lines=("Spotify", "Netflix", "Uber", "Banking apps"),
            note="Each one is updated all the time: new features, improvements, small touches that make it nicer to use. "
            "Behind each change is a product manager who decided it was worth making.",
        ),
        Listing(
            heading="Four questions",
            intro="A product manager answers the questions that matter most about it:",
            lines=(
                "Which problem do we solve?",
                "Who do we build it for?",
                "Why does this product matter?",
                "Which features come next?",
            ),
            note="",
        ),
        Responsibilities(
            heading="What a product manager does",
            intro="Finding good answers, again and again, is the day-to-day work. It has five parts.",
            groups=(
                LineGroup(
                    "Defining the vision",
                    ("Decides where the product should go in the long run.",),
                ),
                LineGroup(
                    "Understanding the customer",
                    ("Does user research, reads feedback, and finds pain points.",),
                ),
                LineGroup(
                    "Prioritizing features",
                    ("Chooses what’s built first and what has to wait.",),
                ),
                LineGroup(
                    "Creating the roadmap",
                    ("Plans how the product will grow over time, step by step.",),
                ),
                LineGroup(
                    "Aligning teams",
                    (
                        "Keeps engineering, design, marketing, and business moving toward one product goal.",
                    ),
                ),
            ),
            note="",
        ),
        Prose(
            heading="In short",
            text="<p>It all comes down to one question: is this product the right one, for the right users?</p>"
            "<p>Knowing what’s right doesn’t get it built by Friday, though. For that, a product manager needs "
            '<a href="/project-management/">a project manager</a>, and a good way of <a href="/working-together/">working together</a>.</p>',
        ),
        CallToAction(
            heading="Does this sound like a good day?",
            text="Hearing what bothers people, shaping ideas, choosing between them: if you’d like that, see whether your answers agree.",
            booking=True,
        ),
    ),
)
