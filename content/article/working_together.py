from __future__ import annotations

from content.document import (
    CallToAction,
    Document,
    Illustration,
    Listing,
    Prose,
    Workflow,
    WorkflowStep,
)

PAGE = Document(
    slug="working-together",
    title="Working together",
    nav_title="Working together",
    description="Five steps from a customer’s problem to a feature in use. See who takes which, and what a team gains when both roles pull in the same direction.",
    lead="Different as they are, project managers and product managers do their best work when they work closely together.",
    position=5,
    in_navigation=False,
    blocks=(
        Illustration(
            heading="Product, product, project, the team, product, and around again.",
            picture="working-together",
            alternative="Five signs on one line: circle, circle, square, diamond, circle. From the last, an arrow leads back to the first.",
        ),
        Workflow(
            heading="Who acts when",
            intro="In a healthy team, an idea passes from one role to the other and back.",
            steps=(
                WorkflowStep("product", "finds a problem that customers have"),
                WorkflowStep("product", "works out the feature that solves it"),
                WorkflowStep("project", "makes the plan for delivering it"),
                WorkflowStep("team", "does the work"),
                WorkflowStep("product", "checks how well it does in use"),
            ),
            note="Step 5 leads back to step 1.",
        ),
        Listing(
            heading="What you gain",
            intro="When the two are aligned, everyone around them notices:",
            lines=(
                "Teams stay organized",
                "Products solve problems that people really have",
                "Delivery becomes more predictable",
            ),
            note="",
        ),
        Prose(
            heading="Even more so in Agile teams",
            text="<p>Many teams work in an Agile way: in short rounds that each end with something people can try. They develop the product continuously, "
            "so the five steps come around every few weeks. The two roles hand work to each other often, and they need to do it well.</p>"
            '<p>They <a href="/skills/#stakeholder-management">share the skills</a> for that.</p>',
        ),
        CallToAction(
            heading="Where would you be in this picture?",
            text="On the solid line or on the dotted one? Answer 25 quick questions and get a hint.",
            booking=False,
        ),
    ),
)
