//! A workload as a deployment describes it, before any engine is known: image, arguments,
//! environment, mounts, ports, networks, limits, each with its span.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::words;
use super::{ImageReference, Platform, Reach, Reviews, Secret};
use crate::text::Span;

words! {
    /// How a text came to be, after interpolation.
    Provenance {
        /// Written as it is.
        Literal = "literal",
        /// The default of `${VAR:-default}`, which the environment may replace.
        Default = "default",
        /// From a variable of a file (`.env`, `--env-file`).
        EnvFile = "env-file",
        /// From a variable that `--use-env` passed on.
        ProcessEnvironment = "process-environment",
        /// A variable without a value: it cannot be told.
        Unresolved = "unresolved",
        /// A key without a value: the shell's own variable is passed on.
        PassThrough = "pass-through",
        /// The content of a file (`POSTGRES_PASSWORD_FILE`, a secret).
        SecretFile = "secret-file",
    }
}

/// A text after interpolation.
#[derive(Clone, PartialEq, Eq)]
pub struct Interpolated {
    /// What it means; `None` when it cannot be told.
    pub value: Option<String>,
    /// What is written. It may hold a secret: never print it, print an excerpt.
    pub raw: Secret,
    /// How it came to be; the weakest of its parts.
    pub provenance: Provenance,
    /// Names of variables that it uses.
    pub variables: Vec<String>,
    /// Where it is written.
    pub span: Span,
    /// Where the value itself is, when it comes from a variable of a file.
    pub defined_at: Option<Span>,
}

impl std::fmt::Debug for Interpolated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interpolated").field("provenance", &self.provenance).field("span", &self.span).finish_non_exhaustive()
    }
}

/// One word of a command.
pub type Word = Interpolated;

/// A command in any of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its words: of a list, the items; of a string, what a shell-like split gives. Of a shell script,
    /// operators such as `|` and `&&` are words of their own.
    pub words: Vec<Word>,
    /// Whether it is one string that a shell runs (`CMD-SHELL`, `sh -c`), rather than words.
    pub shell: bool,
    /// The script that a shell runs, as the shell gets it, with the options of that shell as a first line (`set -e`).
    pub script: Option<Word>,
    /// The whole.
    pub span: Span,
}

/// One variable of a container's environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentEntry {
    /// Name.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// Value.
    pub value: Interpolated,
    /// Whether it comes from an `env_file` rather than from `environment`.
    pub from_file: bool,
}

/// A published or exposed port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Host address that it is bound to; `None` means all addresses.
    pub host_address: Option<String>,
    /// Host port or range; `None` for a port that Docker chooses.
    pub published: Option<String>,
    /// Container port, the first of a range.
    pub target: Option<u16>,
    /// The last of a range of container ports.
    pub target_end: Option<u16>,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// What could not be told (a variable without a value).
    pub unresolved: Option<String>,
    /// Where it is written.
    pub span: Span,
}

words! {
    /// Kinds of mount.
    MountKind {
        /// A path of the host.
        Bind = "bind",
        /// A named volume.
        Volume = "volume",
        /// A volume without a name, lost when the container is made anew.
        Anonymous = "anonymous",
        /// Memory.
        Tmpfs = "tmpfs",
        /// A file of `configs`.
        Config = "config",
        /// A file of `secrets`.
        Secret = "secret",
        /// Something else (npipe, cluster, image).
        Other = "other",
    }
}

words! {
    /// Where a named volume lies that is not on a disk of the host.
    StorageKind {
        /// On a network file system.
        Network = "network",
        /// In an object store that a driver shows as a file system.
        ObjectStore = "object-store",
        /// Where a driver puts it that is not Docker's own.
        Driver = "driver",
    }
}

/// What the driver of a named volume makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeStorage {
    /// Where it lies.
    pub kind: StorageKind,
    /// The driver and its options, as a reader of the file knows them.
    pub shown: String,
    /// Why a database loses data on it, where it is known to.
    pub risk: Option<String>,
}

/// A way to a workload beside its published ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Whether it certainly leads there; something of unknown kind may.
    pub certain: bool,
    /// Whether what leads there names it, rather than any address.
    pub named: bool,
    /// How far it leads at most.
    pub most: Reach,
    /// What it is.
    pub message: String,
    /// Where it is written.
    pub span: Span,
}

/// A mount.
#[derive(Clone, PartialEq, Eq)]
pub struct Mount {
    /// Kind.
    pub kind: MountKind,
    /// Path of the host as written (bind), or name of the volume.
    pub source: Option<String>,
    /// For a bind below the project: its display path.
    pub source_path: Option<String>,
    /// Path in the container.
    pub target: String,
    /// Whether it is read-only.
    pub read_only: bool,
    /// For `configs: content:`: the text and where it stands.
    pub content: Option<(String, Span)>,
    /// Of a secret that a variable holds: its value, and where the variable is set.
    pub value: Option<(Secret, Span)>,
    /// Where a named volume lies, if not on a disk of the host.
    pub storage: Option<VolumeStorage>,
    /// Where it is written.
    pub span: Span,
}

// The content of a file may hold a secret, so that it is not shown.
impl std::fmt::Debug for Mount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Mount");
        shown.field("kind", &self.kind).field("source", &self.source).field("target", &self.target).field("read_only", &self.read_only);
        shown.field("span", &self.span).finish_non_exhaustive()
    }
}

/// A health check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Healthcheck {
    /// Whether it is switched off (`disable: true`, `NONE`).
    pub disabled: bool,
    /// Its command; `None` when only options are given.
    pub test: Option<Command>,
    /// Interval in microseconds.
    pub interval: Option<i64>,
    /// Timeout in microseconds.
    pub timeout: Option<i64>,
    /// Start period in microseconds.
    pub start_period: Option<i64>,
    /// Where it is written.
    pub span: Span,
}

/// A dependency on another service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Name of the service.
    pub service: String,
    /// `service_started`, `service_healthy`, `service_completed_successfully`; `None` in the list form.
    pub condition: Option<String>,
    /// Whether the project starts without it (`required: false`).
    pub optional: bool,
    /// Whether another key than `depends_on` says it: a link, a shared namespace, the volumes of the other service.
    pub implied: bool,
    /// Where it is written.
    pub span: Span,
}

/// Logging of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// Driver, where one is written.
    pub driver: Option<String>,
    /// Its options.
    pub options: BTreeMap<String, String>,
    /// Where it is written.
    pub span: Span,
}

/// What an image is built from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// The display path of the folder, where it lies below the given paths or may.
    pub context: Option<String>,
    /// The display path of the Dockerfile.
    pub dockerfile: Option<String>,
    /// A Dockerfile that is written into the description.
    pub inline: Option<(String, Span)>,
}

/// A workload.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Name of the service.
    pub name: String,
    /// What describes it.
    pub platform: Platform,
    /// Its logical place in the file, for fingerprints: `services.db`.
    pub key: String,
    /// Where the name is written: the service key.
    pub name_span: Span,
    /// The whole service.
    pub span: Span,
    /// Display path of the file that describes it.
    pub path: String,
    /// Folder of that file, for relative paths; empty for the top.
    pub directory: String,
    /// Name of the project, where the file says one.
    pub project: Option<String>,
    /// Whether it runs without a profile being selected.
    pub active: bool,
    /// Image; `None` without `image:`.
    pub image: Option<ImageReference>,
    /// The `image:` value when it could not be resolved; beside `image` when only its tag, digest or
    /// registry is unknown.
    pub image_unresolved: Option<Interpolated>,
    /// Whether it is built here, and where that is said.
    pub build: Option<Span>,
    /// From what it is built, where it is.
    pub built: Option<Built>,
    /// `command:`.
    pub command: Option<Command>,
    /// `entrypoint:`.
    pub entrypoint: Option<Command>,
    /// What its server is started with, where that is not the command as it is written.
    pub started: Option<Vec<Word>>,
    /// Environment in effect, in the order written; each name once.
    pub environment: Vec<EnvironmentEntry>,
    /// Why there may be more variables: an `env_file` that could not be read.
    pub environment_incomplete: Option<String>,
    /// Published ports.
    pub ports: Vec<Port>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Names of networks; empty for the implicit default one.
    pub networks: Vec<(String, Span)>,
    /// The networks that it is on, with the ranges that its address there is out of: those that are stated, none where the
    /// platform chooses; `None` where that cannot be told.
    pub subnets: Vec<(String, Option<Vec<String>>)>,
    /// Ways to it beside its published ports: networks that are not of one host, services that pass clients on.
    pub openings: Vec<Opening>,
    /// `network_mode`.
    pub network_mode: Option<(String, Span)>,
    /// Health check.
    pub healthcheck: Option<Healthcheck>,
    /// Dependencies.
    pub depends_on: Vec<Dependency>,
    /// `restart`, or what `deploy.restart_policy` maps onto.
    pub restart: Option<(String, Span)>,
    /// Memory limit in bytes.
    pub memory: Option<(i64, Span)>,
    /// Processor limit.
    pub cpus: Option<(f64, Span)>,
    /// `shm_size` in bytes.
    pub shm_size: Option<(i64, Span)>,
    /// Logging.
    pub logging: Option<Logging>,
    /// `deploy.replicas` or `scale`.
    pub replicas: Option<(i64, Span)>,
    /// How long a stop waits before it kills, in microseconds.
    pub stop_grace: Option<(i64, Span)>,
    /// `container_name`.
    pub container_name: Option<(String, Span)>,
    /// `privileged: true`.
    pub privileged: Option<Span>,
    /// `user`.
    pub user: Option<(String, Span)>,
    /// Other keys of interest by name (`pid`, `ipc`, `cap_add`, `security_opt`, `stop_grace_period`, …), as text.
    pub other: BTreeMap<String, Vec<(String, Span)>>,
    /// Secrets that the service uses, by name.
    pub secrets: Vec<(String, Span)>,
    /// What could not be interpreted, so that what it says is unknown (`extends`, an include).
    pub incomplete: Vec<Gap>,
    /// What people say about files that no program understood.
    pub reviews: Arc<Reviews>,
}

words! {
    /// A side of a placement; facts rest on one or two of them each.
    Aspect {
        /// The image, and whether it is built here.
        Image = "image",
        /// Entrypoint and command.
        Start = "start",
        /// Variables, and the files that they come from.
        Environment = "environment",
        /// Published ports.
        Ports = "ports",
        /// Volumes, bind mounts, temporary file systems, mounted secrets and configurations.
        Mounts = "mounts",
        /// Networks, and the mode of the network.
        Networks = "networks",
        /// The health check.
        Health = "health",
        /// Memory, processors, shared memory.
        Limits = "limits",
        /// Where its log goes.
        Logging = "logging",
        /// The restart policy.
        Restart = "restart",
        /// How many of it run.
        Replicas = "replicas",
        /// What it waits for.
        Dependencies = "dependencies",
        /// What it may do on its host.
        Privileges = "privileges",
        /// Whether and when it runs.
        Lifecycle = "lifecycle",
    }
}

/// Something of a placement that could not be interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What, as the file calls it: a key, "the file, which has a syntax error".
    pub what: String,
    /// The aspects that it may change.
    pub aspects: &'static [Aspect],
    /// Where it is.
    pub span: Span,
}

impl Gap {
    /// Something that may change every aspect.
    #[must_use]
    pub fn of_all(what: impl Into<String>, span: Span) -> Self {
        Self { what: what.into(), aspects: Aspect::ALL, span }
    }
}

impl Placement {
    /// A workload of which nothing is known but its name. `key` is its logical place in the file: `services.db`.
    #[must_use]
    pub fn named(platform: Platform, key: String, name: &str, name_span: Span, span: Span, path: &str) -> Self {
        Self {
            platform,
            key,
            name: name.to_owned(),
            name_span,
            span,
            path: path.to_owned(),
            directory: String::new(),
            project: None,
            active: true,
            image: None,
            image_unresolved: None,
            build: None,
            built: None,
            command: None,
            entrypoint: None,
            started: None,
            environment: Vec::new(),
            environment_incomplete: None,
            ports: Vec::new(),
            mounts: Vec::new(),
            networks: Vec::new(),
            subnets: Vec::new(),
            openings: Vec::new(),
            network_mode: None,
            healthcheck: None,
            depends_on: Vec::new(),
            restart: None,
            memory: None,
            cpus: None,
            shm_size: None,
            logging: None,
            replicas: None,
            stop_grace: None,
            container_name: None,
            privileged: None,
            user: None,
            other: BTreeMap::new(),
            secrets: Vec::new(),
            incomplete: Vec::new(),
            reviews: Arc::default(),
        }
    }

    /// The first thing that could not be interpreted and may change one of these aspects.
    #[must_use]
    pub fn gap_in(&self, aspects: &[Aspect]) -> Option<&Gap> {
        // What may change everything counts whatever is asked for.
        let concerns = |gap: &&Gap| gap.aspects.len() == Aspect::ALL.len() || gap.aspects.iter().any(|aspect| aspects.contains(aspect));
        self.incomplete.iter().find(concerns)
    }
}
