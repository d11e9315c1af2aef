//! Deployments: what describes a workload, as placements. Knows no engine.

pub mod compose;
