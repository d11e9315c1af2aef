//! Checks of `MySQL` and `MariaDB`: what no table can express.

pub(super) mod worst_case_memory;
