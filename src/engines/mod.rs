//! What each engine makes of files and workloads: settings in effect, access rules, reach.

pub mod postgresql;
