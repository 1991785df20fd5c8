"""Every fact of the source is on the page it belongs to, and no sentence of the source
is copied.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from content.article import PAGES, ROLES, STRENGTHS
from content.models import Page, PageVersion, Role, SiteWords, Strength
from tests.support.dom import parse

FACTS = {
    "difference": [
        "sound alike",
        "different jobs with different aims",
        "good products",
        "misunderstand who does what",
        "set the product strategy",
        "keep delivery on schedule",
        "Projects slow down",
        "Teams get confused",
        "fall short of what they could be",
        "Business leaders",
        "as they grow",
        "thinking about one of these careers",
        "what to build, and why",
        "how it gets done, and when",
        "the product succeeds",
        "delivered well",
        "An organization needs both",
        "right product is built",
        "built the right way",
    ],
    "project-management": [
        "planning, organizing, and carrying out",
        "one goal",
        "Time, budget, and scope",
        "temporary",
        "starts on a set date",
        "one objective",
        "done when that’s reached",
        "mobile app",
        "company’s data into a new system",
        "Building a website",
        "new software",
        "goal reached, project over",
        "everything running smoothly",
        "conductor of an orchestra",
        "people, processes, and resources",
        "without waste",
        "Planning the project",
        "scope and what will be delivered",
        "timelines and schedules",
        "milestones",
        "Managing resources",
        "Hand out tasks",
        "right people involved",
        "budgets and materials",
        "Tracking progress",
        "against the timeline",
        "risks and problems",
        "stakeholders",
        "informed",
        "Ensuring delivery",
        "Finish on time",
        "within the budget",
        "meets the requirements",
        "Execution and delivery",
        "makes it work",
    ],
    "product-management": [
        "value",
        "first idea to success in the market",
        "keep improving it",
        "for its users and for the business",
        "Products don’t",
        "evolve",
        "Spotify",
        "Netflix",
        "Uber",
        "Banking apps",
        "new features, improvements, small touches",
        "Behind each change",
        "Which problem do we solve?",
        "Who do we build it for?",
        "Why does this product matter?",
        "Which features come next?",
        "Defining the vision",
        "in the long run",
        "Understanding the customer",
        "user research",
        "feedback",
        "pain points",
        "Prioritizing features",
        "built first and what has to wait",
        "Creating the roadmap",
        "over time",
        "Aligning teams",
        "engineering, design, marketing, and business",
        "one product goal",
        "the right one, for the right users",
    ],
    "in-practice": [
        "ride-hailing app",
        "bigger questions",
        "What problems do riders have?",
        "match them with drivers better",
        "pay from a wallet",
        "features belong in version 1",
        "roadmap",
        "customers experience",
        "Once they decide which features",
        "organizes",
        "development timelines",
        "developers, designers, and testers",
        "Track progress",
        "risks and delays",
        "launches on schedule",
        "do it together",
        "whose job is whose",
    ],
    "working-together": [
        "Different as they are",
        "best work when they work closely together",
        "a problem that customers have",
        "the feature that solves it",
        "the plan for delivering it",
        "does the work",
        "how well it does in use",
        "Teams stay organized",
        "solve problems that people really have",
        "Delivery becomes more predictable",
        "Agile",
        "develop the product continuously",
    ],
    "skills": [
        "all their differences",
        "strong leadership",
        "clear communication",
        "Shared skills",
        "Key strengths of a project manager",
        "Key strengths of a product manager",
    ],
    "choosing": [
        "natural strengths",
        "how you like to spend your day",
        "You may enjoy project management",
        "You may enjoy product management",
        "valuable careers",
        "nearly every industry",
    ],
    "future": [
        "built around their products",
        "demand for both roles keeps growing",
        "new ideas only succeed with two kinds of leadership",
        "the right product is built",
        "built in the right way",
        "balance of the two",
        "an idea into something",
        "two disciplines of their own",
        "Organizations today run on both",
        "Structure, coordination, and excellent delivery",
        "Vision, strategy, and new ideas with the customer at the center",
        "Define both roles well",
        "Teams move faster",
        "Products get better all the time",
        "create real value",
        "Most people find out what suits them",
        "free clarity call",
        "work experience internship",
        "get started",
    ],
}
NAMES = {
    "skills": [
        "Stakeholder management",
        "Communication",
        "Strategic thinking",
        "Problem-solving",
        "Team collaboration",
        "Planning and organization",
        "Risk management",
        "Scheduling and budgeting",
        "Process optimization",
        "Customer empathy",
        "Market research",
        "Strategic decision-making",
        "Product vision",
    ],
    "choosing": [
        "Organizing complex work",
        "Coordinating teams",
        "Tracking progress and solving delivery problems",
        "Ensuring things get done efficiently",
        "Understanding customer problems",
        "Shaping product ideas",
        "Defining product strategy",
        "Making decisions about product direction",
    ],
}
MAX_WORDS = 20  # in a sentence
RUN = 7  # words: shorter runs are the plain names of things
# Hashes of every run of that length in the source, so that its sentences need not stand
# here.
SOURCE_RUNS = frozenset((Path(__file__).parent / "source_runs.txt").read_text().split())


def shown_text(html: str) -> str:
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert main
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main.group())))


@pytest.mark.parametrize("slug", FACTS)
def test_page_holds_every_fact_of_the_source(
    article, client: Client, slug: str
) -> None:
    text = shown_text(client.get(f"/{slug}/").content.decode()).casefold()
    assert [fact for fact in FACTS[slug] if fact.casefold() not in text] == []


@pytest.mark.parametrize("slug", NAMES)
def test_page_names_strengths_word_for_word_each_with_its_anchor(
    article, client: Client, slug: str
) -> None:
    strengths = parse(client.get(f"/{slug}/")).all(".strength-texts div")
    assert [strength.one("h3").text for strength in strengths] == NAMES[slug]
    assert [strength.attributes["id"] for strength in strengths] == [
        name.lower().replace(" ", "-") for name in NAMES[slug]
    ]
    assert all(strength.one("p").text for strength in strengths)


def test_landing_shows_both_roles_project_first(article, client: Client) -> None:
    roles = parse(client.get("/")).all(".landing-roles .role")
    assert [role.attributes["class"] for role in roles] == [
        "role project",
        "role product",
    ]
    assert [role.one(".quote").text for role in roles] == [
        role.question for role in ROLES
    ]


def test_article_is_loaded_and_published_once(db) -> None:
    call_command("load_article", verbosity=0)
    assert (
        Page.objects.count(),
        PageVersion.objects.count(),
        Role.objects.count(),
        Strength.objects.count(),
        SiteWords.objects.count(),
    ) == (8, 8, 2, 21, 1)


def test_second_loading_leaves_what_staff_have_written(article, capsys) -> None:
    Page.objects.filter(slug="skills").update(title="Ours now")
    Strength.objects.filter(slug="communication").update(text="Ours too")
    call_command("load_article")
    assert capsys.readouterr().out == "The article is up to date.\n"
    assert Page.objects.get(slug="skills").title == "Ours now"
    assert Strength.objects.get(slug="communication").text == "Ours too"
    assert PageVersion.objects.count() == 8


def test_loading_leaves_a_database_with_one_page_of_staff(db) -> None:
    Page.objects.create(
        slug="ours", title="Ours", nav_title="Ours", description="Ours", lead="Ours"
    )
    call_command("load_article", verbosity=0)
    assert (Page.objects.count(), Role.objects.count()) == (1, 0)


def own_texts() -> list[str]:
    def flat(value: object) -> list[str]:
        if isinstance(value, str):
            return [re.sub(r"<[^>]+>", " ", value)]
        if isinstance(value, tuple):
            return list(chain.from_iterable(map(flat, value)))
        return (
            list(chain.from_iterable(map(flat, vars(value).values())))
            if hasattr(value, "__dict__")
            else []
        )

    strengths = [strength.text for texts in STRENGTHS.values() for strength in texts]
    words = [
        field.default
        for field in SiteWords._meta.fields
        if isinstance(field.default, str)
    ]
    return [*flat(PAGES), *flat(ROLES), *strengths, *words]


def test_our_words_have_no_dash_between_clauses_and_no_exclamation_mark() -> None:
    assert [text for text in own_texts() if re.search(r"[!—–]", text)] == []


def test_our_sentences_are_short() -> None:
    sentences = [
        sentence
        for text in own_texts()
        for sentence in re.split(r"(?<=[.?:])\s+", text)
    ]
    assert [each for each in sentences if len(each.split()) > MAX_WORDS] == []


def copied_runs(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9’'-]+", text.lower().replace("'", "’"))
    runs = [
        " ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)
    ]
    return [
        run
        for run in runs
        if hashlib.sha256(run.encode()).hexdigest()[:12] in SOURCE_RUNS
    ]


def test_no_run_of_seven_words_is_copied_from_the_source() -> None:
    assert [run for text in own_texts() for run in copied_runs(text)] == []


def test_a_copied_sentence_would_be_found() -> None:
    known = "Both careers are highly valuable and in demand across industries."
    assert len(copied_runs(known)) == 4
