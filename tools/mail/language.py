"""Which language a letter is written in."""
from functools import lru_cache

MIN_CHARACTERS = 40
MIN_PROBABILITY = 0.9


@lru_cache(maxsize=1)
def _identifier():
    # Loading the model takes a moment and some megabytes: only for those who ask.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=512)
def detect(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, or None where the text is too short or too mixed to tell."""
    if sum(character.isalpha() for character in text) < MIN_CHARACTERS:
        return None
    code, probability = _identifier().classify(text)
    return code if probability >= MIN_PROBABILITY else None
