from __future__ import annotations

from content.document import CallToAction, Document, Example, Prose

PAGE = Document(
    slug="in-practice",
    title="One app, two jobs",
    nav_title="One app, two jobs",
    description="A company builds an app that brings riders and drivers together. What its product manager asks, and what its project manager does.",
    lead="The difference is easiest to see where both roles work on the same thing. So let a company build an app with which people order a ride.",
    position=4,
    in_navigation=False,
    blocks=(
        Prose(
            heading="The situation",
            text="<p>A young company wants to build a ride-hailing app. Someone who needs a lift opens it and says where to; "
            "a driver close by accepts; the ride is paid for when it is over. The company has some money, a small team, and a day on which it would like to open.</p>"
            "<p>Two people sit down to work. They talk every day, and they have different lists in front of them.</p>",
        ),
        Example(
            heading="Two lists",
            intro="The product manager starts with the larger questions. Once it is decided which features to build, "
            "the project manager steps in and organises how they come about.",
            project=(
                "Set up the timelines for development",
                "Coordinate developers, designers and testers",
                "Track the progress",
                "Manage risks and delays",
                "See that the app launches on schedule",
            ),
            product=(
                "What problems do riders have?",
                "How could we match them with drivers better?",
                "Should people be able to pay from a wallet in the app?",
                "Which features belong in version 1?",
            ),
            note="One list is made of tasks, the other of questions.",
        ),
        Prose(
            heading="What each one answers for",
            text="<p>The product manager answers for the roadmap of the product and for what customers experience: that riders get what they need.</p>"
            "<p>The project manager answers for the launch: that it happens on the day, with the people and the money there are.</p>"
            "<p>They do it together, and still it is plain whose job is whose. If riders do not care for the wallet, that is one person’s question. "
            "If the wallet is three weeks late, it is the other’s.</p>",
        ),
        CallToAction(
            heading="Which list would you rather have?",
            text="If you reached for one of the two at once, that says something. The questions help you to find out how much.",
            booking=False,
        ),
    ),
)
