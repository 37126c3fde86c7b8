"""A trimmed tokenizer cuts the texts it was trimmed to as before, and stumbles over no other text, whatever its kind."""

from __future__ import annotations

import json
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from tiny_networks import TEXT
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from isthmus.core.errors import UserError
from isthmus.models.tokenizer import train_tokenizer
from isthmus.models.trimming import loaded, normal_of, same_cut, trim, words_of

LINES = [line for lines in TEXT.values() for line in lines]
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
# Letters that the tokenizers know, some that they do not, an emoji of several code points, marks, marks of pieces, spaces.
LETTERS = "theanqudogsTE,. 2019" + "üßÄ" + "北京上海喝" + "กรุงเ" + "القاهرة" + "жЖ∑" + "👩‍👧🏽é̈" + "▁Ġ#ı\u200b\n\t\xa0"
PIECES = [*(word for line in LINES for word in line.split()), *LETTERS, "<unk>", "</s>", "[zz]", "##a", "</w>", "<0x41>"]
STRINGS = st.lists(st.sampled_from(PIECES), max_size=9).flatmap(lambda own: st.sampled_from(["".join(own), " ".join(own)]))
TEXTS = st.lists(STRINGS, max_size=4)


def unigram(**changes):
    state = json.loads(train_tokenizer(TEXT, 260, 1.0, False, Random(0)).to_str())
    state["model"] |= changes
    return state


def with_bytes():
    """Unigram that falls back on bytes, its special tokens behind all pieces, framed by a template."""
    state = unigram(byte_fallback=True)
    pieces = [*state["model"]["vocab"][5:], *([piece, -30.0] for piece in BYTES), *state["model"]["vocab"][:5]]
    ids = {piece: i for i, (piece, _) in enumerate(pieces)}
    state["model"] |= {"vocab": pieces, "unk_id": ids["<unk>"]}
    for token in state["added_tokens"]:
        token["id"] = ids[token["content"]]
    for token in state["post_processor"]["special_tokens"].values():
        token["ids"] = [ids[name] for name in token["tokens"]]
    return state


def trained(model, trainer, normalizer=None, pre_tokenizer=None, special=SPECIAL):
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizer or normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizer or pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(LINES, trainer(special_tokens=special, show_progress=False, vocab_size=380))
    tokenizer.add_special_tokens(SPECIAL)
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL}
    tokenizer.post_processor = processors.BertProcessing(("</s>", ids["</s>"]), ("<s>", ids["<s>"]))
    return json.loads(tokenizer.to_str())


def byte_level():
    """Byte-level BPE, its special tokens behind the pieces and unknown to its model, as ModernBERT has them."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False)

    def trainer(**given):
        return trainers.BpeTrainer(initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **{**given, "vocab_size": 420})

    tokenizer = Tokenizer.from_str(json.dumps(trained(models.BPE(), trainer, pre_tokenizer=split, special=[])))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<mask>", AddedToken("[zz]", lstrip=True)])
    ends = [(token, tokenizer.token_to_id(token)) for token in ("</s>", "<s>")]
    framing = [processors.ByteLevel(trim_offsets=False), processors.RobertaProcessing(*ends)]
    tokenizer.post_processor = processors.Sequence(framing)
    return json.loads(tokenizer.to_str())


def bpe_with_all_merges():
    """BPE in the manner of converted SentencePiece models: every split of a piece into pieces is a merge; bytes below."""
    state = json.loads(train_tokenizer(TEXT, 260, 1.0, False, Random(0), "bpe").to_str())
    pieces = dict(state["model"]["vocab"])
    merges = [[p[:i], p[i:]] for p in pieces for i in range(1, len(p)) if p[:i] in pieces and p[i:] in pieces]
    state["model"]["merges"] = sorted(merges, key=lambda pair: pieces["".join(pair)])
    state["model"]["vocab"] |= {piece: len(pieces) + i for i, piece in enumerate(BYTES)}
    return state | {"model": state["model"] | {"byte_fallback": True, "fuse_unk": True}}


def wordpiece():
    lower = normalizers.BertNormalizer(lowercase=True)
    return trained(models.WordPiece(unk_token="<unk>"), trainers.WordPieceTrainer, lower, pre_tokenizers.BertPreTokenizer())


def suffixed():
    def trainer(**given):
        return trainers.BpeTrainer(end_of_word_suffix="</w>", **given)

    return trained(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"), trainer)


MADE = {
    "unigram": unigram,
    "unigram-bytes": with_bytes,
    "bpe": lambda: json.loads(train_tokenizer(TEXT, 260, 1.0, False, Random(0), "bpe").to_str()),
    "bpe-suffix": suffixed,
    "bpe-all-merges": bpe_with_all_merges,
    "bpe-bytes": byte_level,
    "wordpiece": wordpiece,
    "wordlevel": lambda: trained(models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer),
}
KINDS = tuple(MADE)


@cache
def made(kind):
    return json.dumps(MADE[kind]())


def cut(tokenizer, text, kept=None, *, literal=True, frame=False):
    """The ids of a text, those of a trimmed tokenizer under their old numbers."""
    tokenizer.encode_special_tokens = literal
    ids = tokenizer.encode(text, add_special_tokens=frame).ids
    return ids if kept is None else [kept[i] for i in ids]


@pytest.mark.parametrize("keep", ["seen", "characters"])
@pytest.mark.parametrize("kind", KINDS)
@given(texts=TEXTS, literal=st.booleans())
@limits(max_examples=25)
def test_every_given_text_is_cut_as_before_framed_as_before(kind, keep, texts, literal):
    full, trimmed = loaded(made(kind)), trim(made(kind), texts, keep)
    for text in texts:
        before = cut(full, text, literal=literal, frame=True)
        assert cut(trimmed.tokenizer, text, trimmed.kept, literal=literal, frame=True) == before


@pytest.mark.parametrize("kind", KINDS)
@given(texts=TEXTS, draw=st.randoms(use_true_random=False))
@limits(max_examples=25)
def test_any_text_in_the_characters_seen_is_cut_as_before(kind, texts, draw):
    full, trimmed = loaded(made(kind)), trim(made(kind), texts, "characters")
    letters = sorted(set("".join(texts))) or [" "]
    seen = {letter for text in texts for word in words_of(full, normal_of(full, text)) for letter in word}
    for _ in range(5):
        text = "".join(draw.choices(letters, k=9))
        words = words_of(full, normal_of(full, text))
        # Characters are meant as normalisation leaves them: two that were seen may make a third.
        if {letter for word in words for letter in word} <= seen:
            assert cut(trimmed.tokenizer, text, trimmed.kept) == cut(full, text)


@pytest.mark.parametrize("keep", ["seen", "characters"])
@pytest.mark.parametrize("kind", KINDS)
@given(texts=TEXTS, other=STRINGS, literal=st.booleans())
@limits(max_examples=25)
def test_no_text_is_too_strange_for_a_trimmed_tokenizer(kind, keep, texts, other, literal):
    trimmed = trim(made(kind), texts, keep)
    ids = cut(trimmed.tokenizer, other, literal=literal, frame=True)
    assert all(0 <= i < len(trimmed.kept) for i in ids)
    # Where the full tokenizer drops nothing of a text, neither does the trimmed one.
    assert bool(ids) == bool(cut(loaded(made(kind)), other, literal=literal, frame=True))


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_without_gaps_in_the_old_order_and_each_piece_keeps_its_name(kind):
    full, trimmed = loaded(made(kind)), trim(made(kind), TEXT["de"])
    assert sorted(trimmed.tokenizer.get_vocab().values()) == list(range(len(trimmed.kept)))
    assert list(trimmed.kept) == sorted(trimmed.kept)
    assert [trimmed.tokenizer.id_to_token(i) for i in range(len(trimmed.kept))] == [
        full.id_to_token(i) for i in trimmed.kept
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_special_tokens_have_the_ids_that_the_file_says(kind):
    trimmed = trim(made(kind), TEXT["de"][:1])
    said = {token["content"]: token["id"] for token in json.loads(trimmed.json)["added_tokens"]}
    assert said == {token: trimmed.tokenizer.token_to_id(token) for token in said}
    assert {*SPECIAL} <= said.keys()


@pytest.mark.parametrize("kind", ["unigram", "unigram-bytes", "bpe", "bpe-suffix", "bpe-all-merges", "wordpiece"])
def test_each_character_that_was_seen_is_still_known(kind):
    full, trimmed = loaded(made(kind)), trim(made(kind), TEXT["de"])
    strange = {full.token_to_id(token) for token in ("<unk>", *BYTES)}
    for letter in set("".join(TEXT["de"])) - {" "}:
        known = strange.isdisjoint(cut(full, f"{letter}{letter}"))
        assert known == strange.isdisjoint(cut(trimmed.tokenizer, f"{letter}{letter}", trimmed.kept))


@pytest.mark.parametrize("kind", KINDS)
def test_less_is_kept_of_what_is_seen_than_of_its_characters_and_that_is_less_than_all(kind):
    sizes = [len(trim(made(kind), TEXT["de"][:1], keep).kept) for keep in ("seen", "characters")]
    assert sizes[0] <= sizes[1] < loaded(made(kind)).get_vocab_size()


@pytest.mark.parametrize("kind", ["unigram", "bpe", "wordpiece"])
def test_a_character_outside_is_unknown(kind):
    full, trimmed = loaded(made(kind)), trim(made(kind), TEXT["de"])
    unknown = full.token_to_id("<unk>")
    assert unknown not in cut(full, "北")
    assert cut(trimmed.tokenizer, "北", trimmed.kept)[-1] == unknown
    assert cut(trimmed.tokenizer, "∑", trimmed.kept)[-1] == unknown == cut(full, "∑")[-1]


@pytest.mark.parametrize("kind", ["unigram-bytes", "bpe-bytes", "bpe-all-merges"])
def test_a_character_outside_is_spelt_in_bytes_where_the_tokenizer_can(kind):
    trimmed = trim(made(kind), TEXT["de"])
    assert "北" not in trimmed.tokenizer.get_vocab()
    assert len(cut(trimmed.tokenizer, "北")) >= 3
    assert trimmed.tokenizer.token_to_id("<unk>") not in cut(trimmed.tokenizer, "北")


def test_the_price_of_an_unknown_character_does_not_hang_on_what_was_trimmed():
    vocab = [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["ab", -3.5], ["zz", -40.0], ["y", -40.0]]
    state = json.loads(Tokenizer(models.Unigram([tuple(entry) for entry in vocab], 0, False)).to_str())
    trimmed = trim(json.dumps(state), ["ab"])
    scores = dict(json.loads(trimmed.json)["model"]["vocab"])
    assert min(scores.values()) == -40.0
    assert len(scores) == len(vocab) - 2  # "ab" is not how the best path cuts it


def test_an_unknown_word_stays_unknown_though_shorter_pieces_would_now_match():
    vocab = ["<unk>", "abc", "ab", "##cde", "x", "##y"]
    model = models.WordPiece({piece: i for i, piece in enumerate(vocab)}, unk_token="<unk>")
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    texts = ["abcde", "ab", "xy"]
    assert cut(tokenizer, "abcde") == [0]
    trimmed = trim(tokenizer.to_str(), texts)
    assert cut(trimmed.tokenizer, "abcde", trimmed.kept) == [0]
    assert "abc" in trimmed.tokenizer.get_vocab()


def test_only_the_merges_on_the_way_to_a_piece_are_kept():
    vocab = ["<unk>", "a", "b", "c", "ab", "bc", "abc", "cc"]
    merges = [("a", "b"), ("b", "c"), ("ab", "c"), ("a", "bc"), ("c", "c")]
    model = models.BPE({piece: i for i, piece in enumerate(vocab)}, merges, unk_token="<unk>")
    trimmed = trim(Tokenizer(model).to_str(), ["abc"])
    kept = json.loads(trimmed.json)["model"]
    assert kept["merges"] == [["a", "b"], ["ab", "c"]]
    assert set(kept["vocab"]) == {"<unk>", "a", "b", "c", "ab", "abc"}


def test_bytes_of_half_a_character_are_kept_with_the_character():
    full, trimmed = loaded(made("bpe-bytes")), trim(made("bpe-bytes"), ["ü กรุง"], "characters")
    texts = ["üüü", "กรุก", "ง ü", "รรร"]
    assert same_cut(full, trimmed, texts) == [True] * len(texts)
    assert len(trimmed.kept) < full.get_vocab_size() - 50


def test_the_ids_that_are_asked_for_stay_whatever_the_text():
    trimmed = trim(made("unigram"), ["the"], also=[0, 150, 10_000])
    assert {0, 150} <= set(trimmed.kept)


def test_text_without_a_known_character_leaves_no_ordinary_piece():
    assert trim(made("wordpiece"), ["жЖ"]).ordinary == 0
    assert trim(made("wordpiece"), []).ordinary == 0
    assert trim(made("wordpiece"), ["the"]).ordinary > 0


def test_another_kind_of_keeping_or_of_tokenizer_is_the_users_mistake():
    with pytest.raises(UserError, match=r"keep: found 'all'; expected seen or characters"):
        trim(made("unigram"), ["a"], "all")
    nameless = json.loads(made("wordlevel"))
    nameless["model"]["unk_token"] = "[none]"
    with pytest.raises(UserError, match="WordLevel tokenizer without an unknown piece"):
        trim(json.dumps(nameless), ["a"])


def test_a_tokenizer_whose_cut_is_drawn_by_chance_is_refused():
    state = json.loads(made("bpe"))
    state["model"]["dropout"] = 0.5
    with pytest.raises(UserError, match="cannot be trimmed"):
        trim(json.dumps(state), LINES)


@pytest.mark.parametrize(("kind", "code"), [("wordpiece", "zh"), pytest.param("unigram", "th", marks=pytest.mark.slow)])
def test_real_text_is_cut_as_before_and_most_of_a_vocabulary_is_of_other_languages(data_dir, kind, code):
    from isthmus.core.files import read_lines

    def sentences(language):
        rows = list(read_lines(data_dir / f"xnli/dev-{language}.tsv.gz"))[:1200]
        return [text for _, line in rows for text in line.split("\t")[:2]]

    text = {language: sentences(language) for language in ("ar", "de", "en", "th", "zh")}
    if kind == "unigram":
        full = train_tokenizer(text, 3000, 0.5, False, Random(0))
    else:
        full = Tokenizer(models.WordPiece(unk_token="<unk>"))
        full.normalizer, full.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=6000, special_tokens=SPECIAL, show_progress=False)
        full.train_from_iterator([line for own in text.values() for line in own], trainer)
    trimmed = trim(full.to_str(), text[code])
    full.encode_special_tokens = True
    assert all(cut(trimmed.tokenizer, line, trimmed.kept) == cut(full, line) for line in text[code])
    assert len(trimmed.kept) < full.get_vocab_size() / 2
    assert all(cut(trimmed.tokenizer, line) for line in text["ar"])
