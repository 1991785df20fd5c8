from __future__ import annotations

from content.document import (
    CallToAction,
    Document,
    Listing,
    Prose,
    Workflow,
    WorkflowStep,
)

PAGE = Document(
    slug="working-together",
    title="Working together",
    nav_title="Working together",
    description="Five steps from a customer’s problem to a feature in use, who takes which, and what a team gains when project and product manager pull one way.",
    lead="Different as they are, project manager and product manager do their best work side by side, and close.",
    position=5,
    in_navigation=False,
    blocks=(
        Workflow(
            heading="Who acts when",
            intro="In a team that works well, an idea passes from one role to the other and back.",
            steps=(
                WorkflowStep("product", "finds a problem that customers have"),
                WorkflowStep("product", "works out the feature that solves it"),
                WorkflowStep("project", "makes the plan for delivering it"),
                WorkflowStep("team", "does the work"),
                WorkflowStep("product", "looks at how well it does in use"),
            ),
            note="Step 5 leads back to step 1.",
        ),
        Listing(
            heading="What it brings",
            intro="When the two are aligned, everybody around them notices:",
            lines=(
                "Teams are organised, and stay so",
                "Products solve problems that people really have",
                "Delivery can be foreseen",
            ),
            note="",
        ),
        Prose(
            heading="Even more so in Agile teams",
            text="<p>Many teams work in an Agile way: in short rounds, each of which ends with something that can be tried. The product is developed without a break, "
            "so the five steps come round every few weeks and not once a year. The more often the two roles hand over to each other, "
            "the more it matters that they do it well.</p>"
            '<p>For that, both draw on <a href="/skills/#stakeholder-management">skills that they share</a>.</p>',
        ),
        CallToAction(
            heading="Where would you stand in this picture?",
            text="On the ruled line or on the dotted one? Your answers to 25 short questions give a hint.",
            booking=False,
        ),
    ),
)
