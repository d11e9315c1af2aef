//! What keeps a database alive over time: backup jobs, so far as compose commands, their scripts and
//! backup images show them.

pub mod jobs;
mod recognise;
