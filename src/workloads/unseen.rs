//! What of a workload was not seen, so that a GO would rest on a guess.

use super::commands::script_files;
use super::footprints;
use super::reviewed::{SIDES, how_to_answer, is_answered};
use super::roles::{self, Identity};
use super::start::Start;
use crate::formats::dockerfile;
use crate::model::{Aspect, Built, Engine, EnvironmentEntry, Mount, Placement};
use crate::text::Files;

/// What was not seen, and what to do about it.
#[derive(Clone)]
pub struct Doubt {
    /// What was not seen, as the rest of a sentence that begins with the name of the workload.
    pub reason: String,
    /// What to do.
    pub next: String,
}

impl Doubt {
    /// The doubt about a database of an engine that no room assembles.
    #[must_use]
    pub fn of_database(engine: Option<Engine>) -> Self {
        let reason = match engine {
            Some(engine) => {
                format!(
                    "is {}, whose configuration this version of gonogo does not read yet, so that it cannot be evaluated",
                    engine.name()
                )
            }
            None => "is a database, and this version of gonogo cannot evaluate it".to_owned(),
        };
        Self { reason, next: NAME_IT.to_owned() }
    }
}

const NAME_IT: &str = "audit it by other means, and name it in a [[target]]";

/// Why a workload may do harm that nobody looked at; `start` is what its server is started with.
#[must_use]
pub fn doubt(placement: &Placement, identity: &Identity, start: &Start, files: &Files) -> Option<Doubt> {
    if roles::looks_like_unclaimed_database(placement, identity) {
        return Some(Doubt {
            reason: "looks like a database, and this version of gonogo cannot evaluate it".to_owned(),
            next: NAME_IT.to_owned(),
        });
    }
    if placement.image_unresolved.is_some() && identity.image.is_none() {
        return Some(Doubt {
            reason: "has an image that a variable names, and nothing sets the variable: what it runs is not known".to_owned(),
            next: "give the file with its value: --env-file FILE".to_owned(),
        });
    }
    if has_odd_tag(placement, identity) {
        return Some(Doubt {
            // A tag may come from a variable that holds a secret.
            reason: "has a tag that none of its official images has: what it runs is not known".to_owned(),
            next: "correct the tag".to_owned(),
        });
    }
    if identity.role == "database"
        && let Some(gap) = placement.gap_in(&[Aspect::Image, Aspect::Start, Aspect::Mounts])
    {
        return Some(Doubt {
            reason: format!("has something that is not understood: {}; what it runs, and with what, is not known", gap.what),
            next: format!("write it in a way that gonogo reads, or {NAME_IT}"),
        });
    }
    if matches!(start, Start::Unknown) {
        let scripts = script_files(placement, files);
        let unanswered = scripts.iter().find(|path| !is_answered(placement, path, &SIDES));
        if scripts.is_empty() || unanswered.is_some() {
            return Some(Doubt {
                reason: "is started by a program or script that was not read to the end: the settings that it starts with are not known"
                    .to_owned(),
                next: or_have_it_read("start the server by `command` alone", placement, unanswered.map(String::as_str), files),
            });
        }
    }
    if let Some(reason) = replaced_program(placement, identity) {
        return Some(Doubt { reason, next: format!("use the programs of the image, or {NAME_IT}") });
    }
    of_build(placement, identity, placement.built.as_ref()?, files)
}

/// What to do, or that somebody reads the file, or that the database is audited by other means.
fn or_have_it_read(next: &str, placement: &Placement, path: Option<&str>, files: &Files) -> String {
    match path.and_then(|path| how_to_answer(placement, path, files)) {
        Some(answer) => format!("{next}; or {answer}; or {NAME_IT}"),
        None => format!("{next}, or {NAME_IT}"),
    }
}

/// Folders of programs and libraries, of which one file may be mounted for some purpose of its own.
const PROGRAMS: [&str; 10] =
    ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/lib", "/usr/lib", "/usr/local/lib", "/usr/libexec"];

/// Libraries that hand out memory, which many load first.
const ALLOCATORS: [&str; 3] = ["jemalloc", "tcmalloc", "mimalloc"];

/// What takes the place of the server's own programs and libraries, as the rest of a sentence.
fn replaced_program(placement: &Placement, identity: &Identity) -> Option<String> {
    if identity.role != "database" {
        return None;
    }
    let preloads = |entry: &&EnvironmentEntry| matches!(entry.name.as_str(), "LD_PRELOAD" | "LD_AUDIT" | "LD_LIBRARY_PATH");
    let is_plain = |entry: &EnvironmentEntry| {
        let value = entry.value.value.as_deref();
        value.is_some_and(|value| value.is_empty() || ALLOCATORS.iter().any(|name| value.contains(name)))
    };
    if let Some(entry) = placement.environment.iter().filter(preloads).find(|entry| !is_plain(entry)) {
        return Some(format!("loads other libraries first ({}), which may change what reaches the disk", entry.name));
    }
    let asks = |name: &str| footprints::ALL.iter().flat_map(|known| known.health_checks).any(|check| check.programs.contains(&name));
    let replaces = |mount: &&Mount| {
        let target = mount.target.trim_end_matches('/');
        let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
        let of_server = || roles::is_server(name) || asks(name);
        target == "/etc/ld.so.preload"
            || PROGRAMS.contains(&target)
            || target.starts_with("/usr/lib/") && matches!(name, "bin" | "lib")
            || (PROGRAMS.contains(&folder) || folder.ends_with("/bin")) && of_server()
    };
    let mount = placement.mounts.iter().find(replaces)?;
    Some(format!("has {} mounted over programs of its image, and what is there was not read", mount.target))
}

/// What an image that is built here may do, where its Dockerfile is not there or not understood.
fn of_build(placement: &Placement, identity: &Identity, built: &Built, files: &Files) -> Option<Doubt> {
    if let Some((text, _)) = &built.inline {
        let step = dockerfile::steps(text).into_iter().find(|step| identity.role == "database" && !is_harmless(step, placement))?;
        return Some(of_step("its dockerfile_inline", &step, placement, None, files));
    }
    let folder = built.context.as_deref()?;
    // What names a database, waits for a service or publishes a port is an application.
    let waits = placement.depends_on.iter().any(|dependency| !dependency.implied);
    let is_application = roles::uses_database(placement) || waits || !placement.ports.is_empty();
    if identity.role != "database" && is_application {
        return None;
    }
    if files.exists(if folder.is_empty() { "." } else { folder }) == Ok(false) {
        return Some(Doubt {
            reason: format!("is built from the folder {folder}, which was not given: what it runs is not known"),
            next: "audit the folder together with the compose file, or correct `build`".to_owned(),
        });
    }
    if identity.role != "database" {
        return None;
    }
    let path = built.dockerfile.as_deref()?;
    match files.read(path) {
        Ok(source) => {
            let step = dockerfile::steps(source.text()).into_iter().find(|step| !is_harmless(step, placement))?;
            let place = format!("{path} line {}", source.location(step.start).line);
            (!is_answered(placement, path, &SIDES)).then(|| of_step(&place, &step, placement, Some(path), files))
        }
        Err(error) => Some(Doubt {
            reason: format!("is built from {path}, which cannot be read ({error}): what its image does is not known"),
            next: "audit the Dockerfile together with the compose file".to_owned(),
        }),
    }
}

/// Distributions that the tags of official images name.
const DISTRIBUTIONS: [&str; 17] = [
    "alpine", "bookworm", "trixie", "bullseye", "buster", "stretch", "jessie", "focal", "jammy", "noble", "bionic", "ubi", "ubi8", "ubi9",
    "ubi10", "debian", "latest",
];

/// Whether the tag of an official image has a part which none of its tags has.
fn has_odd_tag(placement: &Placement, identity: &Identity) -> bool {
    let official = identity.role == "database" && identity.image.as_ref().is_some_and(|image| image.distribution == Some("official"));
    let written = placement.image.as_ref().filter(|_| official && placement.build.is_none() && placement.image_unresolved.is_none());
    let Some(tag) = written.and_then(|image| image.tag.as_deref()) else { return false };
    let is_known = |part: &str| {
        let bare = part.trim_start_matches('v');
        let is_version = bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        let is_alpine = part.strip_prefix("alpine").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
        let is_release =
            ["rc", "beta", "m"].iter().any(|word| part.strip_prefix(word).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit())));
        is_version
            || is_alpine
            || is_release
            || DISTRIBUTIONS.contains(&part)
            || part.starts_with("windowsservercore")
            || part.starts_with("nanoserver")
    };
    let words = [
        "lts",
        "innovation",
        "oracle",
        "oraclelinux8",
        "oraclelinux9",
        "community",
        "enterprise",
        "server",
        "ubuntu2204",
        "ubuntu2404",
        "slim",
        "extensions",
    ];
    tag.split('-').any(|part| !is_known(&part.to_ascii_lowercase()) && !words.contains(&part.to_ascii_lowercase().as_str()))
}

fn of_step(place: &str, step: &dockerfile::Step, placement: &Placement, path: Option<&str>, files: &Files) -> Doubt {
    Doubt {
        reason: format!("runs an image that is built here, and {place} ({}) may change how the server starts", step.instruction),
        next: or_have_it_read("mount configuration instead of building it in", placement, path, files),
    }
}

/// Programs of a `RUN` that install packages and tidy up after it.
const INSTALLERS: [&str; 12] =
    ["apt-get", "apt", "apk", "yum", "dnf", "microdnf", "zypper", "localedef", "locale-gen", "set", "curl", "rm"];

/// Variables of an image that no database server reads as a setting.
const PLAIN_VARIABLES: [&str; 6] = ["LANG", "LANGUAGE", "TZ", "DEBIAN_FRONTEND", "PATH", "TERM"];

/// Whether a step of a Dockerfile leaves what the server reads as it is, or the service replaces what it says.
fn is_harmless(step: &dockerfile::Step, placement: &Placement) -> bool {
    match step.instruction.as_str() {
        "FROM" | "LABEL" | "MAINTAINER" | "ARG" | "EXPOSE" | "HEALTHCHECK" | "WORKDIR" => true,
        "CMD" => placement.command.is_some() || placement.entrypoint.is_some(),
        "ENTRYPOINT" => placement.entrypoint.is_some(),
        "ENV" => {
            let names = step.arguments.split_whitespace().map(|word| word.split('=').next().unwrap_or(word));
            let is_plain = |name: &str| PLAIN_VARIABLES.contains(&name) || name.starts_with("LC_");
            let first = step.arguments.split_whitespace().next().unwrap_or_default();
            if first.contains('=') { names.into_iter().all(is_plain) } else { is_plain(first) }
        }
        "RUN" => step.arguments.split(['&', ';', '|']).map(str::trim).filter(|part| !part.is_empty()).all(|part| {
            let plain = !part.contains(['>', '`', '$', '<']);
            plain && part.split_whitespace().next().is_some_and(|program| INSTALLERS.contains(&program))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Platform;
    use crate::text::{SourceId, Span};

    #[test]
    fn steps_that_install_or_describe_change_no_server() {
        let span = Span::new(SourceId::detached(), 0, 0);
        let placement = Placement::named(Platform::Compose, "services.db".to_owned(), "db", span, span, "compose.yaml");
        for (text, harmless) in [
            ("FROM postgres:17", true),
            ("RUN apt-get update && apt-get install -y postgresql-17-cron && rm -rf /var/lib/apt/lists/*", true),
            ("ENV LANG=de_DE.utf8", true),
            ("LABEL a=b", true),
            ("RUN echo fsync=off >> /usr/share/postgresql/postgresql.conf.sample", false),
            ("ENV POSTGRES_HOST_AUTH_METHOD=trust", false),
            ("ENV POSTGRES_HOST_AUTH_METHOD trust", false),
            ("CMD [\"postgres\", \"-c\", \"fsync=off\"]", false),
            ("COPY my.conf /etc/postgresql/", false),
            ("ENTRYPOINT [\"/start.sh\"]", false),
        ] {
            let steps = dockerfile::steps(text);
            assert_eq!(steps.iter().all(|step| is_harmless(step, &placement)), harmless, "{text}");
        }
    }
}
