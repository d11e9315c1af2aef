//! What is known of database engines: which workload is which, until when a release is maintained,
//! from where a server can be reached, and what the services of a project look like to rules.

pub mod end_of_life;
pub mod image_tags;
pub mod images;
pub mod reach;
pub mod services;
