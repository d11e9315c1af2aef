//! MariaDB and MySQL, from files to instances and findings.

mod layouts;
mod misconfigurations;
