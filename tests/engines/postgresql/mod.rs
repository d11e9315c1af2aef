//! PostgreSQL: its files as the server reads them, access rules, certificates, sizing, upgrades, Patroni.

#[path = "../../common/postgresql/mod.rs"]
mod helpers;

mod catalogue;
mod conf;
mod connections;
mod effective;
#[cfg(unix)]
mod fixed_files;
mod hba;
mod hba_cover;
mod one_server;
mod patroni;
mod remedies;
mod sizing;
mod starts;
mod stock;
mod tls;
mod upgrade;
mod words;
