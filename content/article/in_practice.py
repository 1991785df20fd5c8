from __future__ import annotations

from content.document import CallToAction, Document, Example, Illustration, Prose

PAGE = Document(
    slug="in-practice",
    title="One app, two jobs",
    nav_title="One app, two jobs",
    description="A company builds an app that brings riders and drivers together. See what its product manager asks, and what its project manager does.",
    lead="Say a company is building a ride-hailing app. One person chooses what goes in it. Another gets it out the door.",
    position=4,
    in_navigation=False,
    blocks=(
        Illustration(
            heading="The product manager picks what to build, and why. The project manager works out how, and when.",
            picture="in-practice",
            alternative="A dotted circle full of small marks, one of them chosen. A line leads from it to a ruled square. "
            "There it has become a plan of four steps with an end.",
        ),
        Prose(
            heading="The situation",
            text="<p>The company is young. In its app, a rider says where they want to go, and a driver nearby accepts. The rider pays when the ride is over. "
            "There’s some money, a small team, and a planned launch date.</p>"
            "<p>Two people sit down to work. They talk every day, but their lists look very different.</p>",
        ),
        Example(
            heading="Two lists",
            intro="The product manager starts with the bigger questions. Once they decide which features to build, "
            "the project manager steps in and organizes the work.",
            project=(
                "Set up the development timelines",
                "Coordinate developers, designers, and testers",
                "Track progress",
                "Manage risks and delays",
                "Make sure the app launches on schedule",
            ),
            product=(
                "What problems do riders have?",
                "How could we match them with drivers better?",
                "Should people be able to pay from a wallet in the app?",
                "Which features belong in version 1?",
            ),
            note="One list is made of questions. The other is made of tasks.",
        ),
        Prose(
            heading="Whose job is it?",
            text="<p>The product manager is responsible for the product roadmap and for what customers experience. Riders should get what they need.</p>"
            "<p>The project manager is responsible for the launch. It should happen on schedule, with the people and the money they have.</p>"
            "<p>They do it together, but it’s clear whose job is whose. Riders don’t care for the wallet? That’s the product manager’s problem. "
            "The wallet is three weeks late? That’s the project manager’s.</p>",
        ),
        CallToAction(
            heading="Which list would you rather have?",
            text="If you picked one right away, that says something. The questions help you find out how much.",
            booking=False,
        ),
    ),
)
