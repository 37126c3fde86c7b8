"""A small study as Markdown, to the letter."""

from __future__ import annotations

from isthmus.report.markdown import to_markdown

GOLDEN = """\
### udpos: f1 (also measured: accuracy)

|  | en | zero-shot (3) | low (2) | unseen (1) | Δ zero-shot | Δ of each seed |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| none | 81.5 ±0.7 | 26.7≤ ±0.7 | 19.2≤ | 41.5 |  |  |
| panx | 84.5 ±0.7 | 29.7 ±0.7 | 22.2≤ | 44.5 | +3.0 ±0.0 | +3.0 +3.0 |
| baseline:majority | 27.0 | 27.0 | 27.0 | 27.0 |  |  |

### udpos on test, each language: f1, mean over seeds

|  | n | none | panx | baseline:majority |
| --- | ---: | ---: | ---: | ---: |
| en | 10 | 81.5 | 84.5 | 27.0 |
| de | 10 | 41.5 | 44.5 | 27.0 |
| sw | 10 | 31.5 | 34.5 | 27.0 |
| yo (dev) | 10 | 7.0≤ | 10.0≤ | 27.0 |

- ≤ not above every baseline
- ± sample standard deviation over seeds
- Δ difference from none, seed by seed
"""


def test_a_study_as_markdown(rows, summary):
    assert to_markdown(summary(rows), languages=True) == GOLDEN


def test_remarks_of_a_table_stand_below_it(rows, summary):
    text = to_markdown(summary([row for row in rows if row.language != "yo" or row.arm == "none"], rows))
    assert "|\n\naverages are over what every arm and seed under way has: 2 of 3 languages so far\n\n- " in text
