//! Database engines: what the files of a server mean per release, which workload is which, until when
//! a release is maintained, from where a server can be reached.

pub mod end_of_life;
pub mod image_tags;
pub mod images;
pub mod pgbouncer;
pub mod postgresql;
pub mod reach;
pub mod services;
