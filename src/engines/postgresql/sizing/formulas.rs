//! The table of formulas.
//!
//! | source | where |
//! |---|---|
//! | the documentation | <https://www.postgresql.org/docs/current/runtime-config-resource.html>, `…-wal`, `…-query`, `…-vacuum` |
//! | pgtune | <https://github.com/le0pard/pgtune>, `src/features/configuration/configurationSlice.js` |
//! | pgconfig | <https://github.com/pgconfig/api>, `pkg/rules` |
//! | `pg_gather` | <https://github.com/jobinau/pg_gather>, its report on parameters |
//!
//! | setting | pgtune | pgconfig | `pg_gather` | documentation | taken |
//! |---|---|---|---|---|---|
//! | `shared_buffers` | 25 % | 25 % (mixed: 12.5 %) | 25 % | 25 %, hardly above 40 % | 25 % |
//! | `effective_cache_size` | 75 % | 75 % | – | – | 75 % |
//! | `maintenance_work_mem` | 1/16, dw 1/8, at most 8 GB | 5 % | – | – | 5 %, 64 MB to 2 GB |
//! | `autovacuum_work_mem` | 2 GB at most | – | – | 1 GB of use before 17 | 10 % for all workers |
//! | `work_mem`, `max_connections` | see `plan.rs` | | | | the least of all |
//! | `min_wal_size`, `max_wal_size` | 1–4 GB, 4–16 GB | 2 GB, 3 GB | 8 GB or an hour of WAL | – | pgtune; 2 GB to half of a small memory, an eighth of a large one to 64 GB |
//! | `wal_buffers` | 3 %, at most 16 MB | – | – | -1: a 32nd, at most 16 MB | -1 |
//! | `random_page_cost` | SSD 1.1, HDD 4, dw 4 | SSD 1.1, HDD 4 | 1.1 | 4 | SSD 1.1 (dw 2), HDD 4 |
//! | `effective_io_concurrency` | SSD 200, HDD 2 | the same | – | 18: default 16 | the same; 18: 16 |
//! | parallel workers | processors, half, 4 | 2 | – | 2 per query | pgtune's limits, 2 per query but for dw |
//! | `autovacuum_max_workers` | 3, 4, 5 | – | – | 3 | pgtune |
//! | `io_workers` | a quarter of the processors | 20–40 % | – | 3 | the lesser, 3 to 32 |
//! | `huge_pages` | try from 2 GB on | – | on | try | try |

use std::ops::RangeInclusive;

use super::plan::{Plan, wal_buffers, worker_processes};
use super::{Advice, GB, shown};
use crate::model::{Storage, Why, Workload, format_bytes};

/// How one setting is sized.
#[derive(Debug)]
pub struct Formula {
    /// The setting.
    pub name: &'static str,
    /// Majors that have it.
    pub majors: RangeInclusive<u32>,
    /// Rules that judge the value in effect.
    pub rules: &'static [&'static str],
    /// The value, or what is missing to tell it.
    pub(super) advise: fn(&Plan) -> Result<Advice, Why>,
}

const ALL: RangeInclusive<u32> = 10..=99;

const fn formula(name: &'static str, rules: &'static [&'static str], advise: fn(&Plan) -> Result<Advice, Why>) -> Formula {
    Formula { name, majors: ALL, rules, advise }
}

const WORST_CASE: &str = "postgresql-worst-case-memory";

/// Every formula, in the order of `postgresql.conf.sample`.
pub const FORMULAS: &[Formula] = &[
    formula(
        "max_connections",
        &["postgresql-max-connections-high", "postgresql-max-connections-per-cpu", "postgresql-start-reserved-connections", WORST_CASE],
        |plan| Ok(number(plan.connections.number, plan.connections.reason.clone())),
    ),
    formula("shared_buffers", &["postgresql-shared-buffers-ratio", WORST_CASE], shared_buffers),
    formula("huge_pages", &["postgresql-huge-pages-off"], huge_pages),
    formula("work_mem", &["postgresql-work-mem-global-high", "postgresql-work-mem-low", WORST_CASE], |plan| {
        Ok(bytes(plan.work_mem.number, plan.work_mem.reason.clone()))
    }),
    formula("maintenance_work_mem", &["postgresql-maintenance-work-mem"], maintenance_work_mem),
    formula(
        "autovacuum_work_mem",
        &["postgresql-maintenance-work-mem", "postgresql-autovacuum-work-mem", "postgresql-autovacuum-work-mem-unused"],
        |plan| Ok(bytes(plan.autovacuum.number, plan.autovacuum.reason.clone())),
    ),
    formula("effective_io_concurrency", &["postgresql-effective-io-concurrency"], effective_io_concurrency),
    Formula {
        name: "io_workers",
        majors: 18..=18,
        rules: &["postgresql-io-workers-low", "postgresql-io-workers-ignored"],
        advise: io_workers,
    },
    formula("max_worker_processes", &["postgresql-conflict-parallel-over-workers"], max_worker_processes),
    formula(
        "max_parallel_workers",
        &["postgresql-parallel-workers-over-cpus", "postgresql-conflict-parallel-over-workers"],
        max_parallel_workers,
    ),
    formula(
        "max_parallel_workers_per_gather",
        &["postgresql-parallel-disabled", "postgresql-parallel-workers-over-cpus"],
        parallel_workers_per_gather,
    ),
    formula("max_parallel_maintenance_workers", &[], parallel_maintenance_workers),
    formula("wal_buffers", &["postgresql-wal-buffers-low"], |plan| {
        let buffers = plan.shared_buffers;
        let reason = format!(
            "-1 lets the server take a 32nd of shared_buffers, at most 16MB: {} / 32 = {}, so {} (the documentation)",
            shown(buffers),
            shown(buffers / 32),
            shown(wal_buffers(buffers))
        );
        Ok(Advice { value: "-1".to_owned(), number: None, reason })
    }),
    formula("max_wal_size", &["postgresql-max-wal-size-low"], max_wal_size),
    formula("min_wal_size", &["postgresql-start-min-wal-size"], min_wal_size),
    formula("random_page_cost", &["postgresql-random-page-cost-ssd"], random_page_cost),
    formula("effective_cache_size", &["postgresql-effective-cache-size"], effective_cache_size),
    formula(
        "autovacuum_max_workers",
        &["postgresql-autovacuum-workers-low", "postgresql-autovacuum-workers", "postgresql-conflict-workers-over-slots"],
        autovacuum_max_workers,
    ),
];

#[expect(clippy::cast_precision_loss, reason = "settings stay far below 2^53")]
fn bytes(bytes: i64, reason: String) -> Advice {
    Advice { value: format_bytes(bytes), number: Some(bytes as f64), reason }
}

#[expect(clippy::cast_precision_loss, reason = "settings stay far below 2^53")]
fn number(number: i64, reason: String) -> Advice {
    Advice { value: number.to_string(), number: Some(number as f64), reason }
}

fn cpus(plan: &Plan) -> Result<i64, Why> {
    plan.machine
        .whole_cpus()
        .ok_or_else(|| Why::needing("the number of processors is not known", "say --cpus, or [host] cpus in gonogo.toml"))
}

fn storage(plan: &Plan) -> Result<Storage, Why> {
    plan.machine.storage.ok_or_else(|| Why::needing("the kind of disk is not known", "say --storage ssd or --storage hdd"))
}

fn shared_buffers(plan: &Plan) -> Result<Advice, Why> {
    let halved = match plan.machine.work() {
        Workload::Mixed => "; pgconfig halves it where other programs share the machine",
        _ => "",
    };
    let sum = format!("25 % of {} = {}", shown(plan.machine.memory), shown(plan.shared_buffers));
    Ok(bytes(plan.shared_buffers, format!("{sum} (the documentation, pgtune{halved})")))
}

fn huge_pages(plan: &Plan) -> Result<Advice, Why> {
    let reason = if plan.shared_buffers >= 2 * GB {
        let pages = plan.shared_buffers / (2 << 20);
        format!(
            "{} of shared_buffers are {pages} pages of 2MB instead of {} of 4kB; reserve a few more with vm.nr_hugepages, else try falls back",
            shown(plan.shared_buffers),
            plan.shared_buffers / 4096
        )
    } else {
        format!("the default; {} of shared_buffers gain little from it", shown(plan.shared_buffers))
    };
    Ok(Advice { value: "try".to_owned(), number: None, reason })
}

fn maintenance_work_mem(plan: &Plan) -> Result<Advice, Why> {
    let share = super::whole_mb(plan.machine.memory / 20);
    let sum = format!("5 % of {} = {} (pgconfig; pgtune takes a 16th)", shown(plan.machine.memory), shown(share));
    let bound = match share.cmp(&plan.maintenance) {
        std::cmp::Ordering::Less => "; no less than 64MB, the default",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => "; no more than 2GB: raise it in the session that builds a large index",
    };
    Ok(bytes(plan.maintenance, format!("{sum}{bound}")))
}

fn effective_io_concurrency(plan: &Plan) -> Result<Advice, Why> {
    let storage = storage(plan)?;
    Ok(match storage {
        _ if plan.machine.major >= 18 => {
            number(16, "16, the default from PostgreSQL 18 on, whose readers combine their requests".to_owned())
        }
        Storage::Ssd => number(200, "200 for ssd (pgtune, pgconfig)".to_owned()),
        Storage::Hdd => number(2, "2 for hdd (pgtune, pgconfig)".to_owned()),
    })
}

fn io_workers(plan: &Plan) -> Result<Advice, Why> {
    let cpus = cpus(plan)?;
    let percent = match plan.machine.work() {
        Workload::Web => 20,
        Workload::Mixed => 25,
        Workload::Oltp => 30,
        Workload::Dw => 40,
    };
    let (pgtune, pgconfig) = (cpus / 4, (cpus * percent + 99) / 100);
    let workers = pgtune.min(pgconfig).clamp(3, 32);
    let reason = format!(
        "{cpus} processors / 4 = {pgtune} (pgtune), {percent} % of them = {pgconfig} (pgconfig); the lesser, no less than 3, the default, and at most 32"
    );
    Ok(number(workers, reason))
}

fn max_worker_processes(plan: &Plan) -> Result<Advice, Why> {
    let cpus = cpus(plan)?;
    let reason = format!("one for each of {cpus} processors (pgtune), no less than 8, the default, for extensions and logical replication");
    Ok(number(worker_processes(&plan.machine), reason))
}

fn max_parallel_workers(plan: &Plan) -> Result<Advice, Why> {
    let cpus = cpus(plan)?;
    Ok(number(cpus.min(1024), format!("one for each of {cpus} processors (pgtune)")))
}

fn parallel_workers_per_gather(plan: &Plan) -> Result<Advice, Why> {
    let cpus = cpus(plan)?;
    let half = (cpus + 1) / 2;
    Ok(match plan.machine.work() {
        Workload::Dw => {
            number(half.min(4), format!("half of {cpus} processors = {half}, at most 4: each takes work_mem of its own (pgtune, capped)"))
        }
        _ => number(half.min(2), format!("half of {cpus} processors = {half}, at most 2 (pgconfig, and the default; pgtune: 4)")),
    })
}

fn parallel_maintenance_workers(plan: &Plan) -> Result<Advice, Why> {
    let cpus = cpus(plan)?;
    let half = (cpus + 1) / 2;
    Ok(number(half.min(4), format!("half of {cpus} processors = {half}, at most 4 (pgtune); they share one maintenance_work_mem")))
}

/// Least and most WAL between two checkpoints, in gibibytes: below, any load of writes checkpoints too often; beyond, recovery
/// after a crash takes longer than anybody waits.
const WAL: RangeInclusive<i64> = 2..=64;

fn max_wal_size(plan: &Plan) -> Result<Advice, Why> {
    let work = plan.machine.work();
    let memory = plan.machine.memory / GB;
    let usual = match work {
        Workload::Web | Workload::Mixed => 4,
        Workload::Oltp => 8,
        Workload::Dw => 16,
    };
    let (small, large) = ((memory / 2).max(*WAL.start()), (memory / 8).min(*WAL.end()));
    let (size, whose) = if large > usual {
        (
            large,
            format!(
                "an eighth of the memory, at most {}GB: more dirty pages take more WAL between two checkpoints; pgtune stays at {usual}GB for {work}",
                WAL.end()
            ),
        )
    } else if small < usual {
        (
            small,
            format!("half of the memory, at least {}GB: a small machine has a small disk; pgtune gives {usual}GB for {work}", WAL.start()),
        )
    } else {
        (usual, format!("{usual}GB for {work} (pgtune)"))
    };
    Ok(bytes(size * GB, format!("{whose}. The disk of the WAL must hold twice that: a full one stops the server")))
}

fn min_wal_size(plan: &Plan) -> Result<Advice, Why> {
    let work = plan.machine.work();
    if plan.machine.memory < 8 * GB {
        return Ok(bytes(GB, "1GB: half of max_wal_size on a small machine, at most".to_owned()));
    }
    Ok(match work {
        Workload::Web | Workload::Mixed => bytes(GB, format!("1GB for {work} (pgtune), the lesser: pgconfig gives 2GB")),
        Workload::Oltp | Workload::Dw => bytes(2 * GB, format!("2GB for {work} (pgconfig)")),
    })
}

fn random_page_cost(plan: &Plan) -> Result<Advice, Why> {
    let (value, cost, reason) = match (storage(plan)?, plan.machine.work()) {
        (Storage::Hdd, _) => ("4", 4.0, "4 for hdd (the default, pgtune, pgconfig)"),
        (Storage::Ssd, Workload::Dw) => ("2", 2.0, "between 1.1 for ssd (pgconfig) and 4 for dw (pgtune), where whole tables are read"),
        (Storage::Ssd, _) => ("1.1", 1.1, "1.1 for ssd (pgtune, pgconfig)"),
    };
    Ok(Advice { value: value.to_owned(), number: Some(cost), reason: reason.to_owned() })
}

fn effective_cache_size(plan: &Plan) -> Result<Advice, Why> {
    let size = super::whole_mb(plan.machine.memory / 4 * 3);
    let sum = format!("75 % of {} = {} (pgtune, pgconfig)", shown(plan.machine.memory), shown(size));
    Ok(bytes(size, format!("{sum}; it reserves nothing, and only tells the planner")))
}

fn autovacuum_max_workers(plan: &Plan) -> Result<Advice, Why> {
    let reason = match plan.machine.whole_cpus() {
        Some(cpus) => format!("{} for {cpus} processors (pgtune: 3, from 16 on 4, from 32 on 5)", plan.workers),
        None => "3, the default; the number of processors is not known".to_owned(),
    };
    Ok(number(plan.workers, reason))
}
