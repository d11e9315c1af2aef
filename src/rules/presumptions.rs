//! What is presumed where something was not seen, in words. `rules/data/presumptions.toml` has them; the build checks it.

use crate::model::{Presumed, Presumption, PresumptionRow};

include!(concat!(env!("OUT_DIR"), "/presumptions.rs"));

/// What something depends on that holds under a presumption: "if clients come over a network: pg_hba.conf was not given".
#[must_use]
pub fn said(presumed: &Presumed) -> String {
    let row = PRESUMPTIONS.iter().find(|row| row.what == presumed.what);
    format!("if {}: {}", row.map_or(presumed.what.word(), |row| row.says), presumed.because)
}
