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
    slug="difference",
    title="Project or product: the difference",
    nav_title="The difference",
    description="Project managers decide how and when. Product managers decide what and why. See where the two roles differ, and what goes wrong when they get mixed up.",
    lead="A project manager gets it done. A product manager decides what’s worth doing. The titles sound alike, but they’re different jobs with different aims.",
    position=1,
    in_navigation=True,
    blocks=(
        Illustration(
            heading="A project ends when it’s done. A product keeps growing.",
            picture="difference",
            alternative="Top: a square filled quarter by quarter until it’s whole, then a flag at the end of the line. "
            "Below: circles on a dotted line, each grown around the last, running off the edge.",
        ),
        Prose(
            heading="The short answer",
            text="<p><strong>A product manager decides what to build, and why.</strong> The job is to find the right thing to make, and who to make it for.</p>"
            "<p><strong>A project manager decides how it gets done, and when.</strong> The job is to deliver what was agreed.</p>"
            "<p>One makes sure the product succeeds. The other makes sure it gets delivered well. An organization needs both.</p>"
            "<p>People who talk about good products often mention both in the same breath. The two also work side by side, so it’s easy to mix them up.</p>",
        ),
        RoleComparison(
            heading="Side by side",
            intro="",
            caption="The two roles, asked the same questions",
            rows=(
                ComparisonRow(
                    "What’s your question?", "How, and when?", "What, and why?"
                ),
                ComparisonRow(
                    "What do you focus on?",
                    "Execution: getting the work done",
                    "Value: making something worth having",
                ),
                ComparisonRow(
                    "When does it end?",
                    "When the goal is reached",
                    "It doesn’t. It keeps changing",
                ),
                ComparisonRow(
                    "What counts as success?",
                    "The execution: on time, within budget, as agreed",
                    "The product: people use it, and it helps the business",
                ),
                ComparisonRow(
                    "What do you make sure of?",
                    "That it’s built the right way",
                    "That the right product is built",
                ),
            ),
            strengths=True,
        ),
        Listing(
            heading="When they get mixed up",
            intro="Many companies struggle because they misunderstand who does what. They ask the project manager to set the product strategy. "
            "Or they ask the product manager to keep delivery on schedule. Then three things tend to happen:",
            lines=(
                "Projects slow down, because nobody is watching the plan",
                "Teams get confused, because they hear two answers to one question",
                "Products fall short of what they could be",
            ),
            note="Nobody has failed here. Each one was given the other’s job.",
        ),
        Prose(
            heading="Who should care",
            text="<p>Business leaders need to know who to ask for what. Startups need to know as they grow and hire their first managers. "
            "And so do you, if you’re thinking about one of these careers. The two jobs look alike until you do them.</p>"
            '<p>The next chapters take them one at a time: first <a href="/project-management/">project management</a>, '
            'then <a href="/product-management/">product management</a>. After that, you’ll see <a href="/in-practice/">both at work on one app</a>.</p>',
        ),
        CallToAction(
            heading="Which side are you on?",
            text="Maybe you already feel a pull. Answer 25 quick questions to see which role you lean toward, and how sure that is.",
            booking=False,
        ),
    ),
)
