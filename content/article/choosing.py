from __future__ import annotations

from content.document import CallToAction, Document, Illustration, Prose, Strengths

PAGE = Document(
    slug="choosing",
    title="Choosing between the two",
    nav_title="Choosing",
    description="Project manager or product manager? Look at your natural strengths and at what you enjoy. Eight signs help you choose.",
    lead="It depends mostly on you: on your natural strengths, and on how you like to spend your day.",
    position=7,
    in_navigation=True,
    blocks=(
        Illustration(
            heading="Two good ways to go. Which one is more like you?",
            picture="choosing",
            alternative="A line passes a diamond and splits in two. The upper branch is ruled and leads to a square. "
            "The lower branch is dotted and leads to a circle of the same size.",
        ),
        Prose(
            heading="No wrong choice",
            text="<p>Both are valuable careers, and nearly every industry needs people in both. "
            "So don’t ask which one is better. Ask which one is more like you.</p>",
        ),
        Strengths(
            heading="You may enjoy project management",
            intro="It may be for you if you like:",
            list="interest",
            role="project-manager",
            strengths=(),
        ),
        Strengths(
            heading="You may enjoy product management",
            intro="It may be for you if you like:",
            list="interest",
            role="product-manager",
            strengths=(),
        ),
        Prose(
            heading="What if it’s both?",
            text="<p>That happens, and it’s a good sign: the two roles meet every day. Try one small task of each, and see which one you want to keep doing. "
            'A look at the <a href="/skills/">strengths of each role</a> helps, too.</p>',
        ),
        CallToAction(
            heading="Put it to the test",
            text="With lists like these, it’s easy to nod at everything. The questions make you choose. If it’s a close call, you’ll hear that, too.",
            booking=True,
        ),
    ),
)
