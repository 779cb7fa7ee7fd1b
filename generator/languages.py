"""Which language a paper is in, as a tag that programs know (BCP 47)."""

from __future__ import annotations

import re

from generator.model import Paper


def language(paper: Paper) -> str:
    """The language of a paper as a tag ("de", "pt-BR"), or empty where none is told for sure.

    Records say it in many ways: as a tag, in letters of ISO 639-2 ("ger"), by a name in English or
    in itself, or as LaTeX's packages call it ("ngerman").
    """
    said = paper.detail("language").strip().replace("_", "-")
    return tag(said) or (said if _TAG.fullmatch(said) else "")


def tag(name: str) -> str:
    """The tag of a language that is named so ("German", "ngerman", "ger"); empty: unknown."""
    return _LANGUAGES.get(name.casefold(), "")


_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
# Tags of languages (BCP 47), each with other names of it. English has its countries' as well.
_LANGUAGES = {
    name: tag
    for tag, names in (
        ("ar", "arabic ara"),
        ("bg", "bulgarian bul"),
        ("ca", "catalan català cat"),
        ("cs", "czech čeština ces cze"),
        ("da", "danish dansk dan"),
        ("de", "german ngerman deutsch deu ger"),
        ("de-AT", "austrian naustrian"),
        ("de-CH", "swissgerman nswissgerman"),
        ("el", "greek ell gre"),
        ("en", "english eng"),
        ("en-AU", "australian"),
        ("en-CA", "canadian"),
        ("en-GB", "british ukenglish"),
        ("en-US", "american usenglish"),
        ("es", "spanish español castilian spa"),
        ("et", "estonian est"),
        ("eu", "basque eus baq"),
        ("fa", "persian farsi fas per"),
        ("fi", "finnish suomi fin"),
        ("fr", "french francais français fra fre"),
        ("gl", "galician glg"),
        ("he", "hebrew heb"),
        ("hi", "hindi hin"),
        ("hr", "croatian hrv"),
        ("hu", "hungarian magyar hun"),
        ("id", "indonesian ind"),
        ("is", "icelandic isl ice"),
        ("it", "italian italiano ita"),
        ("ja", "japanese 日本語 jpn"),
        ("ko", "korean 한국어 kor"),
        ("la", "latin lat"),
        ("lt", "lithuanian lit"),
        ("lv", "latvian lav"),
        ("nb", "norwegian norsk nor bokmal bokmål nob"),
        ("nl", "dutch nederlands nld dut"),
        ("nn", "nynorsk nno"),
        ("pl", "polish polski pol"),
        ("pt", "portuguese português portuges por"),
        ("pt-BR", "brazilian brazil"),
        ("ro", "romanian ron rum"),
        ("ru", "russian русский rus"),
        ("sk", "slovak slk slo"),
        ("sl", "slovene slovenian slv"),
        ("sr", "serbian srp"),
        ("sv", "swedish svenska swe"),
        ("th", "thai tha"),
        ("tr", "turkish türkçe tur"),
        ("uk", "ukrainian ukr"),
        ("ur", "urdu urd"),
        ("vi", "vietnamese vie"),
        ("zh", "chinese 中文 zho chi"),
    )
    for name in (tag.casefold(), *names.split())
}
