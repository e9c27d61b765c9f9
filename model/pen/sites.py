"""Which recording sites train, validate and test, for characters and for writing alike.

Split by site, for the question is always how a hand is read that no weights have seen: people,
devices and countries differ more between sites than within one. Every choice (epochs, temperature,
thresholds, a network's size) is made on the validation sites; figures are those of the test sites
alone, which nothing is chosen on.

One table for `pen/`, `pen-more/` and `lines/` of DATA_DIR: a site has one part in all three. A
site that is named nowhere trains.
"""

from __future__ import annotations

# Of isolated characters: chosen once, before anything was trained on them, and never changed since.
VALIDATION_SITES = ("apa", "val")
TEST_SITES = ("ced", "ibm")

# Of written words there is too little at `apa` alone (9 writers) and nothing at `val`. Three sites
# of many writers and little ink join it, so that training loses 3 rows of 100 and validation has
# 77 writers: `att` (25; names of a programmer), `kar` (29; words in small letters, many joined),
# `pcl` (14; likewise). They have no isolated characters, so that nothing moves there.
WRITING_VALIDATION_SITES = ("att", "kar", "pcl")

# Sites that share people. UNIPEN names the writers of each site by the site's own rules, and
# `lines/` has a digest of that name: where the same digests occur at two sites, which no chance
# explains, the same people wrote for both, and a split by site alone would show a network the test
# writers' hands. All 29 writers of `cee` are writers of `ced`; so `cee` is tested on, too.
# Of the others that share people all train, and have to stay together: `apb` with `apd` (21
# writers) and `ape` (8), `cea` with `cec` (6) and `ceb` (1). `hpb`, `hpp` and `sta` come from one
# project and share no digest; they train too, so that nothing hangs on it.
SAME_PEOPLE = (
    ("ced", "cee"),
    ("apb", "apd", "ape"),
    ("cea", "ceb", "cec"),
)
PARTS = ("training", "validation", "test")


def part_of(site: str) -> str:
    """Return what a site's recordings are for: `training`, `validation` or `test`."""
    together = next((sites for sites in SAME_PEOPLE if site in sites), (site,))
    if any(name in TEST_SITES for name in together):
        return "test"
    if any(name in (*VALIDATION_SITES, *WRITING_VALIDATION_SITES) for name in together):
        return "validation"
    return "training"
