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
    slug="project-management",
    title="Project management",
    nav_title="Project management",
    description="A project has a beginning, a goal, and an end. See what a project manager does to get it there: planning, resources, progress, and delivery.",
    lead="Project management means planning, organizing, and carrying out work to reach one goal. Time, budget, and scope are agreed on in advance.",
    position=2,
    in_navigation=True,
    blocks=(
        Illustration(
            heading="Step by step to one goal. Then it’s over.",
            picture="project",
            alternative="A ruled line climbs four steps. One, two, three, then four squares hold them up. On the last step stands a flag, and there the line ends.",
        ),
        Prose(
            heading="Work with an end",
            text="<p>A project is temporary. It starts on a set date, it has one objective, and it’s done when that’s reached. "
            "Using, improving, or selling what it made is somebody else’s work.</p>"
            "<p>That end shapes the role. Time, budget, and scope (how much gets made) are limited, so every choice has a price. "
            "Somebody has to see the whole picture and keep everything running smoothly. That’s the project manager.</p>",
        ),
        Listing(
            heading="Four projects",
            intro="",
            lines=(
                "Getting a mobile app out to its first users",
                "Moving a company’s data into a new system",
                "Building a website",
                "Bringing in new software across an organization",
            ),
            note="Each of these has a last day: goal reached, project over. The app itself goes on. From then on, it’s a product.",
        ),
        Responsibilities(
            heading="What a project manager does",
            intro="Think of the conductor of an orchestra: no instrument in hand, but everyone else plays in time. "
            "A project manager does that for the work. They combine people, processes, and resources to get results without waste. "
            "The work falls into four groups.",
            groups=(
                LineGroup(
                    "Planning the project",
                    (
                        "Agree on the scope and what will be delivered",
                        "Draw up timelines and schedules",
                        "Set the milestones",
                    ),
                ),
                LineGroup(
                    "Managing resources",
                    (
                        "Hand out tasks to the team",
                        "Get the right people involved",
                        "Look after budgets and materials",
                    ),
                ),
                LineGroup(
                    "Tracking progress",
                    (
                        "Check progress against the timeline",
                        "Deal with risks and problems",
                        "Keep stakeholders informed: everyone with a stake in the work",
                    ),
                ),
                LineGroup(
                    "Ensuring delivery",
                    (
                        "Finish on time",
                        "Stay within the budget",
                        "Check that the result meets the requirements",
                    ),
                ),
            ),
            note="",
        ),
        Prose(
            heading="In short",
            text="<p>Execution and delivery are the heart of it. A plan is only paper. The project manager makes it work.</p>"
            "<p>What to build in the first place isn’t the project manager’s call. That’s where "
            '<a href="/product-management/">product management</a> comes in.</p>',
        ),
        CallToAction(
            heading="Does this sound like a good day?",
            text="Sorting out complex work, keeping teams in step, getting stuck work moving: if you’d like that, see whether your answers agree.",
            booking=True,
        ),
    ),
)
