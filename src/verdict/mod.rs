//! Status of items, evidence, arithmetic, decision, maturity, profiles.

pub mod scorecard;
