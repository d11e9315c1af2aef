//! Deployments: what runs where, as [`crate::model::Placement`]s. No engine is known here.

pub mod compose;
