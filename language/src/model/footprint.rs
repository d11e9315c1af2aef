//! How an engine shows outside its own files: in images, environments, command lines, volumes and URLs.
//!
//! A [`Footprint`] is one section of `rules/data/engines.toml`, which says what each part means. The build script checks the
//! file and writes it as Rust, so that reading it costs nothing when the program starts.

use super::Engine;
use super::words::words;

/// A list of the table.
pub type List<T> = &'static [T];

/// Names, programs, variables, paths.
pub type Names = List<&'static str>;

/// One engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// The engine.
    pub engine: Engine,
    /// What it is called in names of variables and volumes, in lower case.
    pub names: Names,
    /// Schemes of its URLs, without what drivers add.
    pub url_schemes: Names,
    /// The server.
    pub server: Server,
    /// The account that the images make an administrator.
    pub account: Option<Account>,
    /// What lets its clients in without a password.
    pub access: Access,
    /// Variables of its images and clients.
    pub environment: Variables,
    /// Its images.
    pub image: Images,
    /// Where it keeps its data.
    pub data: Data,
    /// Programs that connect to it.
    pub clients: List<Client>,
    /// Commands that health checks run.
    pub health_checks: List<HealthCheck>,
    /// Programs that copy it.
    pub backups: List<BackupProgram>,
    /// Images that dump it by themselves.
    pub backup_images: List<BackupImage>,
    /// Statements that make a copy of its files safe.
    pub quiesce: List<Quiesce>,
}

/// The server process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Port that it listens on where nothing says another.
    pub port: Option<u16>,
    /// Variable that says another port.
    pub port_variable: Option<&'static str>,
    /// Folder in which the official image must be able to write when it starts, for its socket and its lock.
    pub runtime_folder: Option<&'static str>,
    /// Whether it refuses to run as root.
    pub refuses_root: bool,
    /// Whether its processes share memory through `/dev/shm` and the shared memory of System V.
    pub shares_memory: bool,
    /// Programs that are it.
    pub programs: Names,
    /// Scripts of images that end in starting it.
    pub starters: Names,
    /// Flags whose value is a password.
    pub password_flags: Names,
    /// The one of them that makes the server ask its clients for a password.
    pub login_flag: Option<&'static str>,
}

/// An administrator's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name where nothing gives another.
    pub default: Option<&'static str>,
    /// Variable that gives another.
    pub variable: Option<&'static str>,
}

/// What decides outside its own files whether a server asks its clients for a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether the official image asks for none unless something of `asks_variables` or `asks_flags` is there.
    pub open_by_default: bool,
    /// Variables, of images of whatever distribution, that let clients in without one, whatever their value but none, `no`, `false` and `0`.
    pub open_variables: Names,
    /// Flags of the server that do.
    pub open_flags: Names,
    /// Variables that make it ask.
    pub asks_variables: Names,
    /// Flags of the server that make it ask.
    pub asks_flags: Names,
    /// Variables of which the official image wants one at its first start, by itself or as `NAME_FILE`; none where it starts without.
    pub first_start: Names,
}

/// Variables of containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    /// Variables that images of the engine read; `*` at the end stands for the rest of a name.
    pub own: Names,
    /// Variables that images take as a password of the database.
    pub passwords: Names,
    /// Variables that the official image also reads from the file that `NAME_FILE` names.
    pub from_file: Names,
    /// Variables in which applications and clients name the host of the server.
    pub hosts: Names,
    /// Variables with which its client library connects to an address, whatever host is named.
    pub addresses: Names,
    /// Variables from which its client library takes the account.
    pub users: Names,
    /// Those from which it takes the database; without them it is called like the account.
    pub databases: Names,
    /// Those from which it takes whether the session is encrypted.
    pub encryption: Names,
}

/// Images of the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// Letters before the version of the engine in a part of a tag.
    pub tag_prefixes: Names,
    /// How many numbers a whole version has, by first release; three before.
    pub release_numbers: List<ReleaseNumbers>,
    /// Folder of scripts that the official image runs when it starts for the first time.
    pub init_folder: Option<&'static str>,
    /// Programs that its official image has no more.
    pub gone: List<GoneProgram>,
    /// Health check that its official image brings, as a command.
    pub own_check: Option<&'static str>,
    /// Programs of health checks that its official image has in no variant.
    pub lacks: Names,
    /// Those that only its variants with BusyBox have.
    pub of_busybox: Names,
}

/// A program that the official image has no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoneProgram {
    /// Its name.
    pub program: &'static str,
    /// First number of the first release without it.
    pub since: u32,
    /// What took its place.
    pub now: &'static str,
}

/// How many numbers a whole version has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseNumbers {
    /// First number of the first release that has as many.
    pub since: u32,
    /// Numbers: 2 as in 16.4.
    pub numbers: u32,
}

/// Where the server keeps its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// Flag of the server that moves it.
    pub flag: Option<&'static str>,
    /// Variable that moves it.
    pub variable: Option<&'static str>,
    /// Folder within the data that holds the log of changes, without which the data is lost.
    pub log_folder: Option<&'static str>,
    /// Variable that moves that folder elsewhere.
    pub log_variable: Option<&'static str>,
    /// Folders that tell the engine when something is mounted there in an image that is built here.
    pub folders: Names,
    /// Layouts of the official image, by release.
    pub layouts: List<DataLayout>,
}

/// The layout of the official image in some releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataLayout {
    /// First number of the first release that has it.
    pub since: Option<u32>,
    /// First number of the last release that has it.
    pub until: Option<u32>,
    /// Folder of the data; `{major}` stands for the first number of the version.
    pub folder: &'static str,
    /// Folder that the image declares as a volume.
    pub volume: &'static str,
    /// Mounts that miss the data.
    pub misplaced: List<MisplacedMount>,
}

/// A mount that misses the data, because other releases keep it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MisplacedMount {
    /// Its target.
    pub target: &'static str,
    /// What comes of it.
    pub effect: MisplacedEffect,
    /// Why, in a sentence.
    pub message: &'static str,
}

words! {
    /// What comes of a mount that misses the data.
    MisplacedEffect {
        /// The image refuses to start.
        RefusesToStart = "refuses-to-start",
        /// The data is elsewhere, and lost with the container.
        DataElsewhere = "data-elsewhere",
    }
}

/// Programs that connect to the server and take a password alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Their names.
    pub programs: Names,
    /// Variable that they take the password from.
    pub password_variable: Option<&'static str>,
    /// Short flag that gives the password; the long ones are known.
    pub password_flag: Option<&'static str>,
    /// Where the password is.
    pub password_place: PasswordPlace,
}

words! {
    /// Where a flag has its value.
    PasswordPlace {
        /// In the word after it.
        NextWord = "next-word",
        /// In the same word.
        SameWord = "same-word",
    }
}

/// A command of health checks, and what it does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// Programs that are meant.
    pub programs: Names,
    /// Commands of theirs that are meant; every one where none is named.
    pub commands: Names,
    /// Whether they exit 0 although the server answers with an error.
    pub passes_on_error: bool,
    /// Flags with which they do not.
    pub unless: Names,
    /// What a check looks for that has read the answer.
    pub replies: Names,
    /// Whether the temporary server of the first start answers them through its socket.
    pub passes_while_initialising: bool,
    /// Names of hosts that stand for the socket.
    pub socket_hosts: Names,
    /// Commands that change data.
    pub writes: Names,
    /// Commands that take data away.
    pub removes: Names,
    /// Flags that log in; where none is named, the command needs no login.
    pub logs_in: Names,
}

/// Programs that copy the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupProgram {
    /// Their names.
    pub programs: Names,
    /// Commands of a backup program that copy; any where none is named.
    pub commands: Names,
    /// The option that makes a copy, of a program that is no backup program without it.
    pub option: Option<&'static str>,
    /// What they make.
    pub makes: BackupKind,
}

words! {
    /// What a program makes of a database.
    BackupKind {
        /// One consistent picture in the database's own terms.
        Dump = "dump",
        /// A copy of the files, in agreement with the running server.
        Physical = "physical",
        /// The log of changes, as it is written.
        Archive = "archive",
    }
}

/// Images that dump a database by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupImage {
    /// End of the repository's name.
    pub name: &'static str,
    /// Variables that set when.
    pub schedule: Names,
    /// When it dumps if none of these is set; `None` if it then dumps once.
    pub default: Option<&'static str>,
    /// Variables that name the host of the server.
    pub hosts: Names,
}

/// A program that makes a copy of the files safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiesce {
    /// Its name.
    pub program: &'static str,
    /// What it must say.
    pub says: Names,
}

impl Footprint {
    /// Whether images of the engine read a variable of this name.
    #[must_use]
    pub fn reads_variable(&self, name: &str) -> bool {
        self.environment.own.iter().any(|own| own.strip_suffix('*').map_or(*own == name, |start| name.starts_with(start)))
    }

    /// Whether it is called so in names of variables and volumes.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(word))
    }
}
