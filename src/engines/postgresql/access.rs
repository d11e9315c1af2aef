//! Where the access rules of a server come from: a file of the project, or what the image writes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::first_start::{self, Change, Effect, FirstStart};
use super::hba::{self, HbaInput, HbaView, ImageRule};
use super::ident;
use super::image::{self, CatchAll};
use super::kinds;
use super::patroni::AccessRules;
use super::server::{Server, standing};
use crate::engines::frame::{Paths, Standing};
use crate::formats::FileKind;
use crate::model::{Cuts, Record, RecordSet, SettingState, Settings, Value, Why, share_rows};
use crate::text::{Files, ReadError};

/// The access rules of a server under one version, and its user name maps.
#[derive(Debug, Default)]
pub(super) struct Access {
    /// Rules, problems, who can connect.
    pub hba: Arc<HbaView>,
    /// Lines of `pg_ident.conf`.
    pub ident: RecordSet,
    /// Problems of `pg_ident.conf`.
    pub ident_problems: Vec<Record>,
    /// Display paths that were read, with what they were read as.
    pub paths: BTreeMap<String, &'static FileKind>,
    /// Display path of an access file that should be there and is not.
    pub missing: Option<String>,
    /// Bounds that were met in reading `pg_ident.conf`.
    pub ident_cuts: Cuts,
    /// Display paths of files that are included, and were not read for a bound.
    pub left_out: BTreeSet<String>,
}

impl Access {
    /// Bounds that were met.
    pub(super) fn cuts(&self) -> Cuts {
        let mut cuts = self.hba.cuts.clone();
        cuts.join(self.ident_cuts.clone());
        cuts
    }
}

/// What an access file is read with: the generation of releases, its two paths, whether TLS is on, and the maps there are.
type Reading = (u32, String, Option<String>, Option<bool>, Option<BTreeSet<String>>);

/// Access files that were read for one release of a server, and that others read alike: of a large file, the rules of six
/// releases would take six times the memory.
#[derive(Debug, Default)]
pub(super) struct SharedRules(Mutex<BTreeMap<Reading, Arc<OnceLock<Arc<HbaView>>>>>);

impl SharedRules {
    fn read(&self, input: &HbaInput<'_>, path: &str, seen_as: Option<&str>) -> Arc<HbaView> {
        self.get(input, path, seen_as, || hba::assemble_at(&HbaInput { path: Some(path), ..*input }, seen_as))
    }

    /// The same for rules that stand in a list of the file at `path`.
    fn read_listed(&self, input: &HbaInput<'_>, path: &str, lines: &[ImageRule]) -> Arc<HbaView> {
        self.get(input, path, None, || hba::assemble_listed(input, lines))
    }

    fn get(&self, input: &HbaInput<'_>, path: &str, seen_as: Option<&str>, read: impl FnOnce() -> HbaView) -> Arc<HbaView> {
        let maps = input.ident_maps.cloned();
        let reading = (input.major, path.to_owned(), seen_as.map(str::to_owned), input.ssl, maps);
        let cell = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(reading).or_default());
        Arc::clone(cell.get_or_init(|| {
            let mut view = read();
            // Most releases read most rules alike, and one record is enough for all of them.
            let other = self.0.lock().unwrap_or_else(PoisonError::into_inner).values().find_map(|other| other.get().cloned());
            if let Some(other) = other {
                share_rows(&mut view.records, &other.records);
            }
            Arc::new(view)
        }))
    }
}

/// Whether TLS is on, as far as that is known.
pub(super) fn uses_tls(settings: &Settings) -> Option<bool> {
    match settings.get("ssl") {
        Some(SettingState::Known(setting)) => setting.value.as_bool(),
        _ => None,
    }
}

/// A file of the server that was looked for.
enum Wanted {
    /// A file of the project, and the path that the server sees it at, where that is another one.
    Here(String, Option<String>),
    /// The image makes it.
    OfImage,
    Unseen(Why),
}

/// Assembles the access rules.
pub(super) fn assemble(
    (server, start): (&Server<'_>, &FirstStart),
    files: &Files,
    paths: &Paths<'_>,
    settings: &Settings,
    major: u32,
    shared: &SharedRules,
) -> Access {
    let resolve = |absolute: &str| match paths.find(absolute) {
        Standing::Here(path) => Some(path),
        _ => None,
    };
    let patroni = |setting: &str| server.patroni.as_ref().filter(|_| !is_written(settings, setting));
    let ident = match wanted(server, files, paths, settings, "ident_file", server.files.ident.as_deref()) {
        _ if patroni("ident_file").is_some_and(|patroni| !patroni.ident_lines().is_empty()) => {
            let lines = patroni("ident_file").map(|patroni| patroni.ident_lines()).unwrap_or_default();
            Ok(ident::read_listed(files, lines, major, &resolve))
        }
        Wanted::Here(path, seen_as) => Ok(ident::read_at(files, &path, seen_as.as_deref(), major, &resolve)),
        // A new data directory has a file without lines.
        Wanted::OfImage => Err(Some(BTreeSet::new())),
        Wanted::Unseen(_) => Err(None),
    };
    let maps = match &ident {
        Ok(file) => file.map_names(),
        Err(known) => known.clone(),
    };
    let ssl = uses_tls(settings);
    let generation = hba::generation(major);
    let input = HbaInput { files, path: None, major: generation, ssl, resolve: &resolve, ident_maps: maps.as_ref(), image_rules: &[] };
    let mut missing = None;
    let of_patroni = patroni("hba_file").map(|patroni| match patroni.access_rules() {
        AccessRules::Listed(lines) => shared.read_listed(&input, patroni.source.path(), &lines),
        AccessRules::Unseen(why) => Arc::new(unseen(why)),
    });
    let hba = match wanted(server, files, paths, settings, "hba_file", server.files.hba.as_deref()) {
        _ if of_patroni.is_some() => of_patroni.unwrap_or_default(),
        Wanted::Here(path, _) if matches!(files.read(&path), Err(ReadError::Missing)) => {
            let why =
                Why::needing(format!("{path} is not there"), format!("name {path} on the command line, or the directory that holds it"));
            missing = Some(path);
            Arc::new(unseen(why))
        }
        Wanted::Here(path, seen_as) => match changed(server, start, seen_as.as_deref()) {
            Some(why) => Arc::new(unseen(why)),
            None => shared.read(&input, &path, seen_as.as_deref()),
        },
        Wanted::OfImage => match &start.unread.access {
            Some(why) => Arc::new(unseen(why.clone())),
            None => Arc::new(of_image((server, start), &input, major)),
        },
        Wanted::Unseen(why) => Arc::new(unseen(why)),
    };
    let of_hba = hba.paths.iter().map(|path| (path.clone(), &kinds::HBA));
    let mut access = Access { paths: of_hba.collect(), missing, ..Access::default() };
    match ident {
        Ok(file) => {
            let used = hba.records.incomplete.is_none().then(|| hba.maps_used.keys().cloned().collect());
            let mut file = file;
            (access.ident, access.ident_problems) = ident::records(&mut file, used.as_ref());
            access.ident_problems.append(&mut file.problems);
            access.paths.extend(file.paths.iter().map(|path| (path.clone(), &kinds::IDENT)));
            access.ident_cuts = file.cuts;
            access.left_out = file.left_out;
        }
        Err(Some(_)) => {}
        Err(None) => access.ident.incomplete = Some(Why::new("pg_ident.conf was not given")),
    }
    access.left_out.extend(hba.left_out.iter().cloned());
    access.hba = hba;
    access
}

/// Whether a file or command line sets a setting.
fn is_written(settings: &Settings, name: &str) -> bool {
    matches!(settings.get(name), Some(SettingState::Known(setting)) if setting.origin.span.is_some())
}

/// Which file a setting names; unset, the one in the data directory, or beside the main file.
fn wanted(server: &Server<'_>, files: &Files, paths: &Paths<'_>, settings: &Settings, setting: &str, sister: Option<&str>) -> Wanted {
    let name = setting.replace("_file", ".conf").replace("hba", "pg_hba").replace("ident", "pg_ident");
    let not_given =
        || Why::needing(format!("{name} was not given"), format!("name {name} on the command line, or the directory that holds it"));
    if let Some((absolute, path)) = server.file_of_own_folder(&name, paths, files) {
        return Wanted::Here(path, Some(absolute));
    }
    let written = match settings.get(setting) {
        Some(SettingState::Known(known)) if known.origin.span.is_some() => match &known.value {
            Value::Text(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        },
        // The setting may name another file than the one at hand, or not: what is at hand is the best guess,
        // and for a container there is none.
        Some(SettingState::Unknown(why)) if server.base.workload.is_some() => return Wanted::Unseen(why.clone()),
        _ => None,
    };
    if let Some(written) = written {
        let absolute =
            if written.starts_with('/') { written.clone() } else { format!("{}/{written}", server.data_directory().unwrap_or_default()) };
        return match standing(paths, server.data_directory().or(Some(&server.files.folder)), &written) {
            Standing::Here(path) => Wanted::Here(path, server.base.workload.map(|_| absolute)),
            Standing::Unseen(_) if sister.is_some() => sister.map_or_else(|| Wanted::Unseen(not_given()), here),
            Standing::Unseen(why) => Wanted::Unseen(why),
            Standing::Inside => Wanted::Unseen(Why::new(format!("{written} is inside the image or on a volume, and cannot be seen"))),
            Standing::Inline(..) => {
                Wanted::Unseen(Why::new(format!("{written} is part of the compose file itself, which is not read yet")))
            }
        };
    }
    if let Some(path) = sister {
        return here(path);
    }
    let Some(directory) = server.data_directory() else { return Wanted::Unseen(not_given()) };
    let absolute = format!("{}/{name}", directory.trim_end_matches('/'));
    match paths.find(&absolute) {
        Standing::Here(path) => Wanted::Here(path, Some(absolute)),
        Standing::Unseen(why) => Wanted::Unseen(why),
        Standing::Inside if server.has_faithful_image() => Wanted::OfImage,
        Standing::Inside => Wanted::Unseen(Why::new(format!("the image makes {name} itself, and what this image writes is not known"))),
        Standing::Inline(..) => Wanted::Unseen(Why::new(format!("{name} is part of the compose file itself, which is not read yet"))),
    }
}

/// A file that the server sees as it lies here.
fn here(path: &str) -> Wanted {
    Wanted::Here(path.to_owned(), None)
}

fn unseen(why: Why) -> HbaView {
    HbaView { records: RecordSet { rows: Vec::new(), incomplete: Some(why.clone()) }, incomplete: Some(why), ..HbaView::default() }
}

/// Why the first start may change an access file that is mounted: it writes into this file, or, where it was not all read,
/// may write into any of the data directory.
fn changed(server: &Server<'_>, start: &FirstStart, seen_as: Option<&str>) -> Option<Why> {
    let path = seen_as?;
    let writes = |effect: &&Effect| matches!(&effect.change, Change::AccessLine { path: written, .. } if written == path);
    if start.effects.iter().any(|effect| writes(&effect)) {
        return Some(Why::new(format!("a script of the first start writes into {path}")));
    }
    let directory = server.data_directory().unwrap_or(first_start::DATA);
    start.unread.access.clone().filter(|_| path.starts_with(directory))
}

/// The lines that the first start adds to the access file of the data directory, and whether they replace it.
fn added(server: &Server<'_>, start: &FirstStart) -> (Vec<ImageRule>, bool) {
    let own = format!("{}/pg_hba.conf", server.data_directory().unwrap_or(first_start::DATA).trim_end_matches('/'));
    let mut replaced = false;
    let mut rules = Vec::new();
    for effect in &start.effects {
        if let Change::AccessLine { path, line, replaces } = &effect.change
            && *path == own
        {
            replaced |= replaces;
            rules.push(ImageRule { text: line.clone(), span: Some(effect.span) });
        }
    }
    (rules, replaced)
}

/// The rules that `initdb` and the entrypoint of the official image write.
fn of_image((server, start): (&Server<'_>, &FirstStart), input: &HbaInput<'_>, major: u32) -> HbaView {
    let stated = server.base.variable("POSTGRES_HOST_AUTH_METHOD");
    let method = match image::catch_all(stated.map(|entry| &entry.value), major) {
        CatchAll::Method(method) => method,
        CatchAll::Unknown => {
            return unseen(Why::needing(
                "POSTGRES_HOST_AUTH_METHOD is a variable without a value",
                "give the file with its value: --env-file FILE",
            ));
        }
    };
    let Some(initial) = image::initial_hba(server.base.variable("POSTGRES_INITDB_ARGS").map(|entry| &entry.value)) else {
        return unseen(Why::new("POSTGRES_INITDB_ARGS is a variable without a value"));
    };
    let image_span = server.base.image_span().or_else(|| server.base.workload.map(|workload| workload.placement.name_span));
    let mut rules: Vec<ImageRule> = initial.lines().map(|text| ImageRule { text: text.to_owned(), span: image_span }).collect();
    let span = stated.map(|entry| entry.value.span).or(image_span);
    rules.push(ImageRule { text: format!("host all all all {method}"), span });
    let (more, replaced) = added(server, start);
    if replaced {
        rules.clear();
    }
    rules.extend(more);
    hba::assemble(&HbaInput { image_rules: &rules, ..*input })
}
