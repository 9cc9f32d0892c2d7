"""Which language a message is written in, for the short safe answer in that language."""

from __future__ import annotations

from functools import lru_cache

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

_CODES = {
    Language.DANISH: "da",
    Language.ENGLISH: "en",
    Language.ARABIC: "ar",
    Language.UKRAINIAN: "uk",
    Language.POLISH: "pl",
    Language.TURKISH: "tr",
    Language.PERSIAN: "fa",
    Language.SOMALI: "so",
    Language.GERMAN: "de",
    # Without these their texts would be taken for one of the above.
    Language.SWEDISH: "sv",
    Language.BOKMAL: "nb",
    Language.RUSSIAN: "ru",
    Language.ROMANIAN: "ro",
    Language.LITHUANIAN: "lt",
    Language.URDU: "ur",
    Language.FRENCH: "fr",
    Language.SPANISH: "es",
}
_SCANDINAVIAN = {Language.DANISH, Language.SWEDISH, Language.BOKMAL}

# On the training phrases: 64 of 72 foreign messages found, 36 of 5,650 Danish ones taken for
# foreign (mostly English loan words), so the classifier has to agree before it counts.
LARGEST_DANISH_SHARE = 0.10
SMALLEST_TOP_SHARE = 0.60
FEWEST_WORDS = 4


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    # The low-accuracy models take 31 MB instead of 439 MB and are right on a whole sentence.
    return LanguageDetectorBuilder.from_languages(*_CODES).with_low_accuracy_mode().build()


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of a message that is not in a Scandinavian language, else None."""
    if len(text.split()) < FEWEST_WORDS:
        return None
    shares = {c.language: c.value for c in _detector().compute_language_confidence_values(text)}
    top = max(shares, key=lambda language: shares[language])
    danish = sum(shares.get(language, 0.0) for language in _SCANDINAVIAN)
    if danish >= LARGEST_DANISH_SHARE or shares[top] < SMALLEST_TOP_SHARE:
        return None
    return _CODES[top]
