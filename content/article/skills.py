from __future__ import annotations

from content.document import CallToAction, Document, Illustration, Prose, Strengths

PAGE = Document(
    slug="skills",
    title="Skills you need",
    nav_title="Skills you need",
    description="Five skills that project managers and product managers share, and four key strengths of each. See what they mean in day-to-day work.",
    lead="Five skills belong to both roles. Each role also has four strengths of its own.",
    position=6,
    in_navigation=False,
    blocks=(
        Illustration(
            heading="Four strengths of each role, and the five skills they share.",
            picture="skills",
            alternative="A ruled square with four small squares and a dotted circle with four small circles overlap. "
            "Five diamonds lie where they meet.",
        ),
        Prose(
            heading="Leading without giving orders",
            text="<p>For all their differences, both jobs need strong leadership and clear communication. "
            "Neither manager does all the work alone, and they often have no formal authority. They lead by being clear, fair, and well informed.</p>",
        ),
        Strengths(
            heading="Shared skills",
            intro="You need these in either role, so they don’t tell you which one suits you.",
            list="shared",
            role="",
            strengths=(),
        ),
        Strengths(
            heading="Key strengths of a project manager",
            intro="They all help you turn a goal into something that’s done.",
            list="key",
            role="project-manager",
            strengths=(),
        ),
        Strengths(
            heading="Key strengths of a product manager",
            intro="They all help you find out what’s worth doing.",
            list="key",
            role="product-manager",
            strengths=(),
        ),
        CallToAction(
            heading="Which of these are yours?",
            text="The questions set these strengths against each other, two at a time. Then they show you what your answers add up to.",
            booking=False,
        ),
    ),
)
