from __future__ import annotations

from content.document import CallToAction, Document, Prose, Strengths

PAGE = Document(
    slug="skills",
    title="Skills you need",
    nav_title="Skills you need",
    description="Five skills that project and product managers share, and the four key strengths of each: what they mean in daily work.",
    lead="Five skills carry both roles. Then the roads part: each has four strengths of its own.",
    position=6,
    in_navigation=False,
    blocks=(
        Prose(
            heading="Leading without giving orders",
            text="<p>For all their differences, both professions ask for strong leadership and for clear communication. "
            "Neither manager does all the work alone, and often nobody has to obey them. They lead by being clear, fair and well informed.</p>",
        ),
        Strengths(
            heading="Shared skills",
            intro="You need these in either role, so they say nothing about which of the two suits you.",
            list="shared",
            role="",
            strengths=(),
        ),
        Strengths(
            heading="Key strengths of a project manager",
            intro="They have one thing in common: they turn an aim into something that is done.",
            list="key",
            role="project-manager",
            strengths=(),
        ),
        Strengths(
            heading="Key strengths of a product manager",
            intro="They have one thing in common: they find out what is worth doing.",
            list="key",
            role="product-manager",
            strengths=(),
        ),
        CallToAction(
            heading="Which of these are yours?",
            text="The questions weigh these strengths against each other, two at a time, and show you what your answers add up to.",
            booking=False,
        ),
    ),
)
