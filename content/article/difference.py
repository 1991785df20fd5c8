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
    slug="difference",
    title="Project or product: the difference",
    nav_title="The difference",
    description="Project managers decide how and when, product managers decide what and why. Where the two roles part, and what goes wrong when they are mixed up.",
    lead="Two job titles that sound alike, named in one breath wherever people talk about making good products. They are different jobs with different aims.",
    position=1,
    in_navigation=True,
    blocks=(
        Prose(
            heading="In one sentence each",
            text="<p><strong>A product manager settles what to build, and why.</strong> The task is to find the right thing to make, and for whom.</p>"
            "<p><strong>A project manager settles how it gets done, and when.</strong> The task is to see to it that what was agreed on arrives.</p>"
            "<p>So one looks to the success of the product, the other to the success of its execution. An organisation needs both to work well, "
            "and each is easier to understand beside the other.</p>",
        ),
        RoleComparison(
            heading="Side by side",
            intro="",
            caption="The two roles, asked the same questions",
            rows=(
                ComparisonRow(
                    "Which question is yours?", "How, and when?", "What, and why?"
                ),
                ComparisonRow(
                    "What do you care for?", "Carrying the work out", "Creating value"
                ),
                ComparisonRow(
                    "When does it end?",
                    "When the goal is reached",
                    "It goes on, and keeps changing",
                ),
                ComparisonRow(
                    "What counts as success?",
                    "Execution: the work arrives on time, in budget, as agreed",
                    "The product: people use it, and it serves the business",
                ),
                ComparisonRow(
                    "What do you make sure of?",
                    "That it is built the right way",
                    "That the right product is built",
                ),
            ),
            strengths=True,
        ),
        Listing(
            heading="When they are mixed up",
            intro="Plenty of companies struggle because they misunderstand who does what. The project manager is asked to set the strategy of the product. "
            "The product manager is asked to keep the delivery on its timeline. Then three things tend to happen:",
            lines=(
                "Projects slow down, for nobody is minding the plan",
                "Teams get confused, for they hear two answers to one question",
                "Products stay below what they could have been",
            ),
            note="Neither person has failed. Each was given the other’s job.",
        ),
        Prose(
            heading="Who should care",
            text="<p>Leaders of a business, who must know whom to ask for what. Young companies that grow and hire their first managers. "
            "And everybody who is thinking about one of these careers: the two days look alike from the outside and feel quite different from within.</p>"
            '<p>The next chapters take them one at a time: first <a href="/project-management/">project management</a>, '
            'then <a href="/product-management/">product management</a>, then <a href="/in-practice/">both at work on one app</a>.</p>',
        ),
        CallToAction(
            heading="Which side are you on?",
            text="You may have felt a pull already. Twenty-five short questions show where your answers point, and how sure one can be of that.",
            booking=False,
        ),
    ),
)
