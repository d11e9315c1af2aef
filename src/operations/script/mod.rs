//! What a backup script does, found by walking every way through it: whether each has written a dump, of what, and where to.

mod broken;
mod carrying;
mod copies;
mod deletes;
mod destroys;
mod dumps;
mod faults;
mod programs;
mod reading;
mod unfit;

pub(super) use destroys::destroyed;
pub(super) use faults::{Fault, Setting, faults};
