from __future__ import annotations

from content.document import CallToAction, Document, Prose, Strengths

PAGE = Document(
    slug="choosing",
    title="Choosing between the two",
    nav_title="Choosing",
    description="Project manager or product manager? Look at what you are good at by nature and at what you enjoy. Eight signs that help you to tell.",
    lead="Which of the two fits depends mostly on you: on the strengths you have by nature, and on what you like to spend a day on.",
    position=7,
    in_navigation=True,
    blocks=(
        Prose(
            heading="No wrong choice",
            text="<p>Both careers are worth a great deal, and nearly every industry is looking for people in both. "
            "So you need not ask which is better. Ask which is more like you.</p>",
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
            heading="And if it is both?",
            text="<p>That happens, and it is a good sign: the two roles meet every day. Try one small task of each and see which one you want to go on with. "
            'A look at the <a href="/skills/">strengths of each role</a> helps too.</p>',
        ),
        CallToAction(
            heading="Put it to the test",
            text="Reading such lists, it is easy to nod at everything. The questions make you choose, and tell you honestly when it is a close call.",
            booking=True,
        ),
    ),
)
