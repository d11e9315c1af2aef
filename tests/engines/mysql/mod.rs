//! MariaDB and MySQL.

mod misconfigurations;
