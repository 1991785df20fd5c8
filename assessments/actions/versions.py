"""From draft rows to a Version that never changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import capfirst

from assessments import engine
from assessments.engine.desirability import MIN_RATERS, Sheet
from assessments.engine.parts import STRENGTH_KINDS
from assessments.engine.place import Place
from assessments.engine.wording import placed
from assessments.models import (
    DraftReviewRequest,
    Question,
    Questionnaire,
    Section,
    Version,
)
from assessments.queries import ratings as rating_queries
from assessments.queries import versions
from content import published
from content.models import AuditEntry, Strength
from content.published import Site

EXACT_CONSTANTS = tuple(
    name
    for name in engine.Constants.__dataclass_fields__
    if name not in ("full", "short")
)
FORM_CONSTANTS = tuple(engine.FormConstants.__dataclass_fields__)


class NotPublished(Exception):
    """A check blocks publishing, or nothing has changed; `findings` says what."""

    def __init__(self, findings: list[engine.Finding]) -> None:
        super().__init__(
            "; ".join(
                f"{finding.rule} {finding.place}: {finding.message}"
                for finding in findings
            )
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class DraftReview:
    """What publishing would freeze, and what the rules of publishing say about it.

    `questionnaire` is None where the rows cannot be read as one. `rows` are what it was
    made from, and `lines` the strengths as drafted. `ratings` holds what each rater of
    any panel gave to the very words of the statements, by place.
    """

    questionnaire: engine.Definition | None
    findings: list[engine.Finding]
    rows: list[Section]
    lines: list[Strength]
    ratings: Sequence[Sheet] = ()

    @property
    def wording_rated(self) -> bool:
        """Whether the wording came out even, for which it is not enough to publish.

        Rule P10 finds nothing: it shows each trade-off and each form to be within the
        limit. And enough people rated the other statements too.
        """
        if self.questionnaire is None or any(
            finding.rule == "P10" for finding in self.findings
        ):
            return False
        raters = Counter(place for sheet in self.ratings for place in sheet)
        return all(
            raters[str(place)] >= MIN_RATERS
            for place, _, _ in placed(self.questionnaire)
        )

    @property
    def blocking(self) -> list[engine.Finding]:
        return [finding for finding in self.findings if finding.blocking]

    @property
    def warnings(self) -> list[engine.Finding]:
        return [finding for finding in self.findings if not finding.blocking]


def assemble(draft: Questionnaire) -> engine.Definition:
    """The draft as the engine reads it, with published names of roles and strengths.

    Retired strengths that no question uses are left out. Raises engine.DefinitionError
    where a question does not fit the kind of its section, or is about a strength that
    was never published.
    """
    [rows] = sections_with_questions([draft])
    return _read(draft, rows, published.load_words())


def waiting_drafts(live: Version | None) -> list[Questionnaire]:
    """Drafts from which publishing would make something else than `live`.

    Five queries, however many drafts there are.
    """
    drafts = list(Questionnaire.objects.select_related("review_request__asked_by"))
    site = published.load_words()
    return [
        draft
        for draft, rows in zip(drafts, sections_with_questions(drafts), strict=True)
        if not is_live(draft, _fingerprint(draft, rows, site), live)
    ]


def is_live(draft: Questionnaire, sha256: str | None, live: Version | None) -> bool:
    """Whether publishing a draft with this fingerprint would change nothing.

    `sha256` is None for a draft that cannot be read.
    """
    return (
        live is not None and sha256 == live.sha256 and not newly_measured(draft, live)
    )


def newly_measured(draft: Questionnaire, live: Version | None) -> bool:
    """Whether more is known about the draft's constants than about those of `live`.

    Such a draft is worth a version even if nothing else differs.
    """
    if live is None:
        return False
    return (draft.consistency_measured and not live.consistency_measured) or (
        draft.steadiness_measured and not live.steadiness_measured
    )


def _fingerprint(
    draft: Questionnaire, sections: list[Section], site: Site
) -> str | None:
    try:
        return _read(draft, sections, site).sha256
    except engine.DefinitionError:
        return None


def review_draft(draft: Questionnaire) -> DraftReview:
    """What the rules of publishing say about a draft, blocking findings first.

    docs/instrument.md section 1.4 lists the rules.
    """
    return review_drafts([draft])[0]


def review_drafts(drafts: Sequence[Questionnaire]) -> list[DraftReview]:
    """As review_draft, for each. At most seven queries, however many drafts."""
    lines, site = list(Strength.objects.select_related("role")), published.load_words()
    live = versions.newest_version()
    read = [
        _readable(draft, rows, lines, site)
        for draft, rows in zip(drafts, sections_with_questions(drafts), strict=True)
    ]
    rated = rating_queries.ratings_of(
        {text for review in read for text in _words(review).values()}
    )
    today = {
        slug: line.name for slug, line in site.strengths.items() if not line.retired
    }
    return [_checked(review, live, rated, today) for review in read]


def _readable(
    draft: Questionnaire, rows: list[Section], lines: list[Strength], site: Site
) -> DraftReview:
    """The draft as a questionnaire, or the faults why it is none."""
    try:
        questionnaire = _read(draft, rows, site)
        engine.validate(questionnaire)
    except engine.DefinitionError as error:
        faults = [_finding_of(fault) for fault in error.faults]
        return DraftReview(None, faults, rows, lines)
    return DraftReview(questionnaire, [], rows, lines)


def _words(review: DraftReview) -> dict[str, str]:
    """Its statements by place."""
    if review.questionnaire is None:
        return {}
    return {
        str(place): statement.text
        for place, statement, _ in placed(review.questionnaire)
    }


def _checked(
    review: DraftReview,
    live: Version | None,
    rated: Sequence[Mapping[str, int]],
    today: Mapping[str, str],
) -> DraftReview:
    """The review with the findings about a questionnaire that can be read.

    `today`: the published names of the strengths that are in use, by slug.
    """
    questionnaire, rows, lines = review.questionnaire, review.rows, review.lines
    if questionnaire is None:
        return review
    words = _words(review)
    own = [
        {place: sheet[text] for place, text in words.items() if text in sheet}
        for sheet in rated
    ]
    # A rater of another draft alone says nothing about this one.
    ratings = [sheet for sheet in own if sheet]
    findings = [
        *_reworded(questionnaire, live, today),
        *engine.check(
            questionnaire, lines=today, one_idea=_ticked(rows), ratings=ratings
        ),
    ]
    return DraftReview(
        questionnaire,
        sorted(findings, key=lambda finding: not finding.blocking),
        rows,
        lines,
        ratings,
    )


@transaction.atomic
def publish(
    draft: Questionnaire, *, by: User | None, seen: str | None = None
) -> Version:
    """Freeze a draft as the next Version; new attempts use it from then on.

    `by` is None only for the questionnaire that comes with the software. `seen` is the
    SHA-256 of what the publisher looked at: if somebody has changed the draft since,
    publishing is refused. Raises NotPublished and then writes nothing.
    """
    # All drafts are locked, in one order. So two publishers take turns, and the second
    # reads the number that the first has just used.
    locked = {
        row.pk: row for row in Questionnaire.objects.select_for_update().order_by("pk")
    }
    if draft.pk not in locked:
        raise _refusal("The draft has been deleted.")
    draft = locked[draft.pk]
    review = review_draft(draft)
    if review.blocking or review.questionnaire is None:
        raise NotPublished(review.blocking)
    frozen = review.questionnaire
    if seen is not None and seen != frozen.sha256:
        raise _refusal(
            "Someone has changed the draft since you looked at it. Look at it again."
        )
    newest = Version.objects.order_by("-number").first()
    if newest and is_live(draft, frozen.sha256, newest):
        raise _refusal(f"Nothing differs from version {newest.number}, the live one.")
    version = Version.objects.create(
        number=newest.number + 1 if newest else 1,
        name=frozen.name,
        definition=frozen.to_json(),
        sha256=frozen.sha256,
        published_at=timezone.now(),
        published_by=by,
        wording_rated=review.wording_rated,
        consistency_measured=draft.consistency_measured,
        steadiness_measured=draft.steadiness_measured,
    )
    AuditEntry.objects.create(
        by=by,
        act=AuditEntry.Act.PUBLISH,
        subject=f"the questionnaire, version {version.number}",
    )
    draft.published_as = version
    draft.save(update_fields=["published_as"])
    DraftReviewRequest.objects.filter(draft=draft).delete()
    transaction.on_commit(versions.forget_live_version)
    return version


def _refusal(message: str) -> NotPublished:
    return NotPublished([engine.Finding("P16", Place("questionnaire"), message)])


def sections_with_questions(drafts: Sequence[Questionnaire]) -> list[list[Section]]:
    """The sections of each draft with their questions. Two queries."""
    with_lines = Question.objects.select_related("strength", "other_strength")
    rows: defaultdict[int, list[Section]] = defaultdict(list)
    for section in Section.objects.filter(questionnaire__in=drafts).prefetch_related(
        Prefetch("questions", with_lines)
    ):
        rows[section.questionnaire_id].append(section)
    return [rows[draft.pk] for draft in drafts]


def _refuse_unpublished_lines(sections: list[Section], site: Site) -> None:
    """Raise engine.DefinitionError for statements about words that visitors lack."""
    faults = [
        engine.Fault(
            Place("sections", section=number, question=place),
            f"“{line.name}” isn’t published yet. A Publisher must publish the words "
            "first",
        )
        for number, section in enumerate(sections)
        for place, row in enumerate(section.questions.all())
        for line in (row.strength, row.other_strength)
        if line and line.slug not in site.strengths
    ]
    if faults:
        raise engine.DefinitionError(faults)


def _read(
    draft: Questionnaire, sections: list[Section], site: Site
) -> engine.Definition:
    _refuse_mixed_kinds(sections)
    _refuse_unpublished_lines(sections, site)
    used = {
        strength.slug
        for section in sections
        for row in section.questions.all()
        for strength in (row.strength, row.other_strength)
        if strength
    }
    places = {role.slug: place for place, role in enumerate(site.roles)}
    return engine.Definition(
        name=draft.name,
        language=draft.language,
        intro=draft.intro,
        roles=tuple(engine.RoleDefinition(role.slug, role.name) for role in site.roles),
        strengths=tuple(
            engine.StrengthDefinition(
                line.slug, line.name, line.kind, line.role or None
            )
            # Within one list they stand in the order of the article.
            for line in sorted(
                site.strengths.values(),
                key=lambda line: (
                    STRENGTH_KINDS.index(line.kind),
                    places.get(line.role, len(places)),
                ),
            )
            if not line.retired or line.slug in used
        ),
        sections=tuple(
            engine.SectionDefinition(
                kind=section.kind,
                stem=section.stem,
                labels=tuple(section.labels),
                in_short=section.in_short,
                questions=tuple(
                    _question(row, section.kind) for row in section.questions.all()
                ),
            )
            for section in sections
        ),
        constants=engine.Constants(
            **{name: Fraction(getattr(draft, name)) for name in EXACT_CONSTANTS},
            full=engine.FormConstants(
                *(getattr(draft, f"full_{name}") for name in FORM_CONSTANTS)
            ),
            short=engine.FormConstants(
                *(getattr(draft, f"short_{name}") for name in FORM_CONSTANTS)
            ),
        ),
    )


def _refuse_mixed_kinds(sections: list[Section]) -> None:
    """Raise engine.DefinitionError for questions that their section cannot have.

    The engine has no trade-off with one statement. In any other question it would lose
    the second of two statements.
    """
    faults = []
    for number, section in enumerate(sections):
        two_sided = section.kind == Section.Kind.TRADE_OFF
        needed = (
            "two statements and a side" if two_sided else "one statement and no side"
        )
        faults += [
            engine.Fault(
                Place("sections", section=number, question=place),
                f"a question in this section needs {needed}. Delete this one and add "
                "it again",
            )
            for place, row in enumerate(section.questions.all())
            if (row.other_strength is not None) != two_sided
        ]
    if faults:
        raise engine.DefinitionError(faults)


def _question(row: Question, kind: str) -> engine.QuestionDefinition:
    statements = [engine.Statement(row.strength.slug, row.statement)]
    if row.other_strength:
        statements.append(
            engine.Statement(row.other_strength.slug, row.other_statement)
        )
    return engine.QuestionDefinition(
        row.code, kind, tuple(statements), row.side or None
    )


def _reworded(
    questionnaire: engine.Definition, live: Version | None, today: Mapping[str, str]
) -> Iterator[engine.Finding]:
    """Warnings for statements about lines that were renamed since the live version.

    The draft takes today's names, but its authors wrote the statements for the
    earlier ones.
    """
    quoted = (
        {line.slug: line.name for line in versions.questionnaire_of(live).strengths}
        if live
        else {}
    )
    for place, statement, _ in placed(questionnaire):
        now, then = today.get(statement.strength), quoted.get(statement.strength)
        if live and now and then and now != then:
            message = (
                f"The article now says “{now}”. Version {live.number} says “{then}”. "
                "Check that its questions still fit."
            )
            yield engine.Finding("P1", place, message, blocking=False)


def _ticked(sections: list[Section]) -> frozenset[str]:
    """The places of statements that staff have ticked as "one idea only"."""
    places = set()
    for section in sections:
        for row in section.questions.all():
            if row.one_idea:
                places.add(
                    f"{row.code}.project"
                    if section.kind == Section.Kind.TRADE_OFF
                    else row.code
                )
            if row.other_one_idea:
                places.add(f"{row.code}.product")
    return frozenset(places)


def _finding_of(fault: engine.Fault) -> engine.Finding:
    """A structural fault as a finding, in whole sentences."""
    message = f"{capfirst(fault.message)}."
    if fault.other:
        message += " Change one of the two."
    return engine.Finding(
        _rule_of(fault.place), fault.place, message, other=fault.other
    )


def _rule_of(place: Place) -> str:
    """The rule that a structural fault breaks."""
    return (
        "P12" if place.part == "labels" else "P13" if place.top == "constants" else "P1"
    )
