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
    slug="project-management",
    title="Project management",
    nav_title="Project management",
    description="A project has a beginning, a goal and an end. What a project manager does to get it there: planning, resources, progress and delivery.",
    lead="Planning, organising and carrying out work so that one stated goal is met, within a time, a budget and a scope that were agreed beforehand.",
    position=2,
    in_navigation=True,
    blocks=(
        Prose(
            heading="Work with an end",
            text="<p>A project is temporary. It starts on a known day, aims at one objective, and is complete when that is there. "
            "What comes afterwards, using it, improving it, selling it, is somebody else’s work.</p>"
            "<p>That end is what makes the role what it is. With limits on time, on budget and on scope (how much is to be made), every choice has a price, "
            "and somebody has to keep the whole account in view and everything running smoothly. This is the project manager.</p>",
        ),
        Listing(
            heading="Four projects",
            intro="",
            lines=(
                "Getting a mobile app out to its first users",
                "Moving a company’s data into a new system",
                "Building a website",
                "Bringing in new software across an organisation",
            ),
            note="Each of these has a last day: goal reached, project over. The app itself goes on. From then on it is a product.",
        ),
        Responsibilities(
            heading="What a project manager does",
            intro="Think of the conductor of an orchestra: no instrument in hand, yet without one nothing sounds together. "
            "A project manager does this for execution, bringing people, processes and resources together so that results come with little waste. "
            "The work falls into four groups.",
            groups=(
                LineGroup(
                    "Planning the project",
                    (
                        "Settle the scope and what will be delivered",
                        "Draw up timelines and schedules",
                        "Set the milestones",
                    ),
                ),
                LineGroup(
                    "Managing resources",
                    (
                        "Hand out tasks to the members of the team",
                        "Get the right people involved",
                        "Look after budgets and materials",
                    ),
                ),
                LineGroup(
                    "Tracking progress",
                    (
                        "Hold the days against the timeline",
                        "Deal with risks and problems",
                        "Keep stakeholders, all who have a stake in it, informed",
                    ),
                ),
                LineGroup(
                    "Ensuring delivery",
                    (
                        "Finish on time",
                        "Stay within the budget",
                        "Check that what is handed over meets the requirements",
                    ),
                ),
            ),
            note="",
        ),
        Prose(
            heading="In short",
            text="<p>Execution and delivery are the heart of it. A plan is only paper; the project manager is the one who makes it work.</p>"
            "<p>What the project manager does not decide is what the thing should be in the first place. That is where "
            '<a href="/product-management/">product management</a> comes in.</p>',
        ),
        CallToAction(
            heading="Does this sound like your kind of day?",
            text="If sorting out complex work, leading several teams in step and freeing what is stuck sounds like a good week, see whether your answers agree.",
            booking=True,
        ),
    ),
)
