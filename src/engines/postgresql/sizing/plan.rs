//! How the memory of a machine is shared out. The parts depend on one another, so they are computed together.

use super::machine::Machine;
use super::{GB, MB, shown, whole_mb};
use crate::model::Workload;

/// A number with how it came about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reasoned {
    pub(super) number: i64,
    pub(super) reason: String,
}

/// The parts of the memory, in bytes, and the number of sessions that share the rest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    pub(super) machine: Machine,
    pub(super) shared_buffers: i64,
    pub(super) maintenance: i64,
    pub(super) workers: i64,
    pub(super) autovacuum: Reasoned,
    pub(super) connections: Reasoned,
    pub(super) work_mem: Reasoned,
}

/// What a session takes beside `work_mem`; the worst case counts the same.
const SESSION: i64 = 10 * MB;

/// The default of `work_mem`; with less, small sorts already go to disk.
const LEAST_WORK_MEM: i64 = 4 * MB;

/// How often a session may take `work_mem` at once; the worst case counts the same.
const TIMES: i64 = 2;

/// Part of the memory that may be used at worst, in percent: the rule `postgresql-worst-case-memory` warns beyond.
const AT_WORST: i64 = 80;

impl Plan {
    pub(super) fn of(machine: &Machine) -> Self {
        let memory = machine.memory;
        let shared_buffers = whole_mb(memory / 4);
        let maintenance = whole_mb(memory / 20).clamp(64 * MB, 2 * GB);
        let workers = autovacuum_workers(machine);
        let autovacuum = autovacuum_memory(machine, maintenance, workers);
        let fixed = shared_buffers + wal_buffers(shared_buffers) + maintenance + workers * autovacuum.number;
        let for_sessions = memory / 100 * AT_WORST - fixed;
        let connections = connections(machine, for_sessions);
        let work_mem = work_mem(machine, shared_buffers, connections.number, for_sessions);
        Self { machine: machine.clone(), shared_buffers, maintenance, workers, autovacuum, connections, work_mem }
    }
}

/// What `wal_buffers = -1` comes to with segments of 16 MB.
pub(super) fn wal_buffers(shared_buffers: i64) -> i64 {
    (shared_buffers / 32).clamp(64 * 1024, 16 * MB)
}

/// pgtune: 4 from 16 processors on, 5 from 32 on; the server's default is 3.
fn autovacuum_workers(machine: &Machine) -> i64 {
    match machine.whole_cpus() {
        Some(32..) => 5,
        Some(16..) => 4,
        _ => 3,
    }
}

/// A tenth of the memory for all workers together: the most cautious of the peers warns at 15 %. Before release 17 vacuum
/// does not use more than 1 GB.
/// <https://www.postgresql.org/docs/16/runtime-config-resource.html#GUC-AUTOVACUUM-WORK-MEM>
fn autovacuum_memory(machine: &Machine, maintenance: i64, workers: i64) -> Reasoned {
    let share = whole_mb(machine.memory / 10 / workers);
    let sum = format!("10 % of {} / {workers} workers = {}", shown(machine.memory), shown(share));
    if machine.major < 17 && share.min(maintenance) > GB {
        let reason = format!("{sum}; before PostgreSQL 17 vacuum uses no more than 1GB (the documentation)");
        return Reasoned { number: GB, reason };
    }
    if maintenance < share {
        let reason = format!("{sum}; no more than maintenance_work_mem, {}", shown(maintenance));
        return Reasoned { number: maintenance, reason };
    }
    Reasoned { number: share, reason: format!("{sum}, so that all workers together stay well below 15 %") }
}

/// Sessions by kind of work, as pgtune has them.
fn usual_connections(work: Workload) -> i64 {
    match work {
        Workload::Web => 200,
        Workload::Oltp => 300,
        Workload::Dw => 40,
        Workload::Mixed => 100,
    }
}

/// The clients at peak that are stated and a quarter more, else the number that is written, else pgtune's; no more than processors (`pg_gather`: 10 for each) and memory carry.
fn connections(machine: &Machine, for_sessions: i64) -> Reasoned {
    let (wanted, source) = match (machine.peak_clients, machine.connections) {
        (Some(peak), _) => {
            let wanted = (peak * 5 + 3) / 4;
            (wanted, format!("{peak} clients at peak (gonogo.toml) / 80 % = {wanted}"))
        }
        (None, Some(written)) => (written, format!("{written}, as written: only who knows the clients can tell")),
        (None, None) => {
            let usual = usual_connections(machine.work());
            (usual, format!("{usual} for {} (pgtune)", machine.work()))
        }
    };
    let (by_cpus, why) = match machine.whole_cpus() {
        Some(cpus) if cpus > 10 => (10 * cpus, format!("10 × {cpus} processors = {} (pg_gather)", 10 * cpus)),
        Some(cpus) => (100, format!("10 × {cpus} processors = {} (pg_gather), and 100, the default, does no harm", 10 * cpus)),
        None => (100, "the number of processors is not known, and 100, the default, does no harm".to_owned()),
    };
    let least_session = SESSION + TIMES * LEAST_WORK_MEM;
    let by_memory = for_sessions / least_session;
    let most = by_cpus.min(by_memory).min(500);
    if wanted <= most {
        return Reasoned { number: wanted, reason: source };
    }
    let number = most.max(1);
    let cause = if by_memory <= by_cpus && by_memory < 500 {
        format!("{} for sessions / {} each = {by_memory}", shown(for_sessions), shown(least_session))
    } else if by_cpus <= 500 {
        why
    } else {
        "no server carries more than 500 well".to_owned()
    };
    Reasoned { number, reason: format!("{source}; but {cause}. A pooler such as PgBouncer serves more clients") }
}

/// The least of what pgtune, pgconfig and `pg_gather` give, and of what the worst case leaves.
fn work_mem(machine: &Machine, shared_buffers: i64, connections: i64, for_sessions: i64) -> Reasoned {
    let (memory, work) = (machine.memory, machine.work());
    let processes = worker_processes(machine);
    let halved = if matches!(work, Workload::Dw | Workload::Mixed) { 2 } else { 1 };
    let pgtune = (memory - shared_buffers) / ((connections + processes) * 3) / halved;
    let percent = match work {
        Workload::Web => 25,
        Workload::Oltp => 35,
        Workload::Dw => 50,
        // pgconfig takes a fifth of half of the memory.
        Workload::Mixed => 10,
    };
    let pgconfig = memory / 100 * percent / connections;
    let pg_gather = (memory / 5 / connections + 4 * MB).min(64 * MB);
    let worst_case = (for_sessions / connections - SESSION) / TIMES;
    let half = if halved == 2 { " / 2" } else { "" };
    let candidates = [
        (
            pgtune,
            format!(
                "({} - {} shared_buffers) / (({connections} connections + {processes} worker processes) × 3){half}",
                shown(memory),
                shown(shared_buffers)
            ),
            "pgtune",
        ),
        (pgconfig, format!("{percent} % of {} / {connections} connections", shown(memory)), "pgconfig"),
        (pg_gather, format!("{} / (5 × {connections} connections) + 4MB, at most 64MB", shown(memory)), "pg_gather"),
        (worst_case, format!("({} for sessions / {connections} - {}) / {TIMES}", shown(for_sessions), shown(SESSION)), "worst case"),
    ];
    let least = candidates.iter().min_by_key(|(bytes, _, _)| *bytes);
    let (bytes, sum, source) = least.map_or((LEAST_WORK_MEM, String::new(), ""), |(bytes, sum, source)| (*bytes, sum.clone(), *source));
    let others = candidates.iter().filter(|(_, _, name)| *name != source).map(|(bytes, _, name)| format!("{name} {}", shown(*bytes)));
    let others = others.collect::<Vec<_>>().join(", ");
    let number = whole_mb(bytes).max(LEAST_WORK_MEM);
    let floor = if number > bytes { format!(", and no less than the default of {}", shown(LEAST_WORK_MEM)) } else { String::new() };
    Reasoned { number, reason: format!("{sum} = {} ({source}), the least of several ({others}){floor}", shown(bytes)) }
}

/// pgtune: one for each processor; the default of 8 leaves room for extensions and logical replication.
pub(super) fn worker_processes(machine: &Machine) -> i64 {
    machine.whole_cpus().unwrap_or(8).max(8)
}
