"""Word for word by the world's lexicons: an honest machine translator that knows words, endings and no grammar."""

from __future__ import annotations

from isthmus.core.errors import DataError
from isthmus.core.hashing import file_digest
from isthmus.translation.translator import Order, Texts, Translator
from isthmus.world.translating import WordList, translated, word_list_file


def texts(order: Order) -> Texts:
    """Return what translates English texts; raises DataError where the word list is not the one that was planned with."""
    assert order.root is not None, "the world lies in a directory"
    file = word_list_file(order.root, order.target)
    if not file.is_file() or file_digest(file) != order.settings["words"]:
        raise DataError(file, "this word list changed since this run was planned; run again")
    known = WordList.from_json(file.read_text(encoding="utf-8"))
    noise, seed = order.settings["noise"], order.settings["seed"]
    return lambda asked: [translated(text, known, noise, seed) for text in asked]


TRANSLATOR = Translator(name="lexicon", texts=texts)
