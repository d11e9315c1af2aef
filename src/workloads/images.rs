//! Container images: what each is (a database of which engine, an exporter, a backup tool, …).

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::end_of_life::end_of_life;
use super::footprints;
use super::image_tags::{VersionPlace, tag_kind, version};
use crate::formats::shipped;
use crate::model::{Engine, ImageReference, Secret, TagKind, Version};

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// A word of [`crate::model::records::ROLES`]: what a container of it does when it is started as it is.
    pub role: &'static str,
    /// Engine, for a database.
    pub engine: Option<Engine>,
    /// Who builds it: `official`, `bitnami`, `timescale`, …, `unknown`.
    pub distribution: Option<&'static str>,
    /// Version of the engine, as far as the tag tells it.
    pub version: Option<Version>,
    /// How firmly the tag names one image.
    pub tag_kind: TagKind,
    /// Data directory, where it is not that of the official image.
    pub data_directory: Option<&'static str>,
    /// Directory declared as a volume, where it is not the data directory.
    pub volume: Option<&'static str>,
    /// Port that the server listens on.
    pub port: Option<u16>,
    /// Variables with the value that lets clients in without a password: `NAME=value`.
    pub open: &'static [String],
}

impl Image {
    /// Whether the tag follows the newest release of the engine: no tag, `latest`, `alpine` of an
    /// image whose tags are those of the engine.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.common().latest_is_newest && self.version.is_none() && matches!(self.tag_kind, TagKind::None | TagKind::Moving)
    }

    /// What the images of its distribution have in common.
    #[must_use]
    pub fn common(&self) -> Distribution {
        self.distribution.and_then(|name| CATALOGUE.distributions.get(name)).copied().unwrap_or_default()
    }
}

/// What the images of one distribution have in common.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// What they start with.
    #[serde(default)]
    pub entrypoint: Entrypoint,
    /// Whether no image of it brings a health check of its own.
    #[serde(default)]
    pub no_healthcheck: bool,
    /// Whether its `latest` is the newest release of the engine.
    #[serde(default)]
    pub latest_is_newest: bool,
    /// How a variable is called that names a file with the value of another.
    #[serde(default)]
    pub secret_file: SecretFile,
}

/// How a variable is called that names a file with the value of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFile {
    /// `NAME_FILE`, of the variables that the table of engines lists.
    Listed,
    /// `NAME_FILE`, of every variable.
    Suffix,
    /// `FILE__NAME`, of every variable.
    Prefix,
    /// There is none, or nobody knows.
    #[default]
    None,
}

/// What an image starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entrypoint {
    /// The entrypoint of the engine's official image, which reads its variables and their `_FILE` forms.
    Official,
    /// One of its own.
    #[default]
    Own,
}

#[derive(Debug, Deserialize)]
struct Family {
    role: String,
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    distribution: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    volume: Option<String>,
    #[serde(default)]
    port: Option<u16>,
    #[serde(default)]
    open: Vec<String>,
    names: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Families {
    distribution: BTreeMap<String, Distribution>,
    family: Vec<Family>,
}

#[derive(Debug, Default)]
struct Catalogue {
    families: Vec<Family>,
    distributions: BTreeMap<String, Distribution>,
    by_name: HashMap<String, usize>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let families: Families = shipped::read(include_str!("../../rules/data/images.toml")).unwrap_or_default();
    let by_name =
        families.family.iter().enumerate().flat_map(|(at, family)| family.names.iter().map(move |name| (name.clone(), at))).collect();
    Catalogue { families: families.family, distributions: families.distribution, by_name }
});

/// Prefixes under which the official images are published for one architecture.
const ARCHITECTURES: [&str; 8] = ["amd64/", "arm64v8/", "arm32v7/", "arm32v6/", "arm32v5/", "i386/", "ppc64le/", "s390x/"];

/// What the image is; `other` when nothing is known of it.
#[must_use]
pub fn identify(image: &ImageReference) -> Image {
    let family = family_of(&image.repository);
    let engine = family.and_then(engine_of);
    let place = family.map_or(VersionPlace::Nowhere, version_place);
    let told = engine.filter(|_| place != VersionPlace::Nowhere).and_then(|engine| version(image, engine, place));
    describe(family, told, tag_kind(image, engine))
}

/// What an image is if it is a copy of the official image of its name (`registry.example/team/postgres:12`); `None` where its
/// publisher is known, or no official image has the name.
#[must_use]
pub fn as_named(image: &ImageReference) -> Option<Image> {
    const UNKNOWN: &str = "unknown";
    if identify(image).distribution != Some(UNKNOWN) {
        return None;
    }
    let (_, name) = image.repository.rsplit_once('/')?;
    let named = identify(&ImageReference { repository: name.to_owned(), ..image.clone() });
    // A tag that is no release of the engine counts releases of the image, which is then more than a copy.
    let is_release = |engine| named.version.as_ref().is_some_and(|version| end_of_life(engine, version).is_some());
    let fits = named.moves() || named.engine.is_some_and(is_release);
    (fits && named.distribution == Some("official")).then_some(named)
}

/// Whether the catalogue tells what the image is.
#[must_use]
pub fn is_known(image: &ImageReference) -> bool {
    family_of(&image.repository).is_some()
}

/// What the image is when its tag could not be resolved (`postgres:${TAG}`); `None` when not even its name is written.
#[must_use]
pub fn identify_unresolved(raw: &Secret) -> Option<Image> {
    let at = (0..CATALOGUE.families.len()).find(|at| raw.test(|text| literal_repository(text).and_then(family_index) == Some(*at)))?;
    Some(describe(CATALOGUE.families.get(at), None, TagKind::Other))
}

/// Default port of an engine.
#[must_use]
pub fn default_port(engine: Engine) -> Option<u16> {
    footprints::of(engine).and_then(|footprint| footprint.server.port)
}

fn describe(family: Option<&'static Family>, version: Option<Version>, tag_kind: TagKind) -> Image {
    let engine = family.and_then(engine_of);
    Image {
        role: family.map_or("other", |family| &family.role),
        engine,
        distribution: family.and_then(|family| family.distribution.as_deref()),
        version,
        tag_kind,
        data_directory: family.and_then(|family| family.data.as_deref()),
        volume: family.and_then(|family| family.volume.as_deref()),
        port: family.and_then(|family| family.port).or_else(|| engine.and_then(default_port)),
        open: family.map_or(&[], |family| &family.open),
    }
}

fn engine_of(family: &Family) -> Option<Engine> {
    family.engine.as_deref()?.parse().ok()
}

fn version_place(family: &Family) -> VersionPlace {
    match family.version.as_deref() {
        Some("tag") => VersionPlace::Tag,
        Some("prefixed") => VersionPlace::Prefixed,
        Some("repository") => VersionPlace::Repository,
        _ => VersionPlace::Nowhere,
    }
}

fn family_of(repository: &str) -> Option<&'static Family> {
    CATALOGUE.families.get(family_index(repository)?)
}

fn family_index(repository: &str) -> Option<usize> {
    let lower = repository.to_ascii_lowercase();
    let path = lower.rsplit_once("dependency_proxy/containers/").map_or(lower.as_str(), |(_, rest)| rest);
    let path = path.rsplit_once("library/").map_or(path, |(_, rest)| rest);
    let path = ARCHITECTURES.iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path);
    let known = |name: &str| CATALOGUE.by_name.get(name).copied();
    let Some((owner, name)) = path.rsplit_once('/') else {
        return known(path);
    };
    let last_owner = owner.rsplit('/').next().unwrap_or(owner);
    known(path).or_else(|| known(&format!("{last_owner}/{name}"))).or_else(|| known(&format!("*/{name}"))).or_else(|| exporter(name))
}

/// Exporters are called after what they watch: `postgres_exporter`, `nginx-exporter`.
fn exporter(name: &str) -> Option<usize> {
    let watched = name.strip_suffix("exporter")?;
    (watched.ends_with(['-', '_'])).then(|| CATALOGUE.families.iter().position(|family| family.role == "exporter")).flatten()
}

/// The repository of a reference whose tag is a variable; `None` when the name itself holds one.
fn literal_repository(raw: &str) -> Option<&str> {
    let (literal, _) = raw.split_once('$')?;
    let name = literal.strip_suffix(':').or_else(|| literal.rsplit_once(':').map(|(name, _)| name).filter(|name| !name.contains("://")))?;
    match name.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => Some(rest),
        _ => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::records::ROLES;
    use crate::text::{SourceId, Span};

    fn reference(repository: &str, tag: &str) -> ImageReference {
        ImageReference {
            text: String::new(),
            registry: None,
            repository: repository.to_owned(),
            tag: Some(tag.to_owned()),
            digest: None,
            span: Span::new(SourceId::detached(), 0, 0),
        }
    }

    #[test]
    fn the_catalogue_is_well_formed() {
        let parsed: Families = shipped::read(include_str!("../../rules/data/images.toml")).unwrap();
        let names = parsed.family.iter().map(|family| family.names.len()).sum::<usize>();
        assert_eq!(names, CATALOGUE.by_name.len(), "a name stands twice");
        for family in &parsed.family {
            assert!(ROLES.contains(&family.role.as_str()), "{}", family.role);
            assert!(family.engine.is_none() || engine_of(family).is_some(), "{:?}", family.engine);
            assert!(family.version.is_none() || version_place(family) != VersionPlace::Nowhere, "{:?}", family.version);
        }
    }

    #[test]
    fn a_copy_of_an_official_image_is_told_by_its_name() {
        let version = |repository: &str, tag: &str| Some(as_named(&reference(repository, tag))?.version?.to_string());
        assert_eq!(version("team/postgres", "12").as_deref(), Some("12"));
        assert_eq!(version("mirror/library-copies/mysql", "5.7").as_deref(), Some("5.7"));
        assert_eq!(version("postgres", "12"), None, "it is the official one");
        assert_eq!(version("bitnami/postgresql", "12"), None, "its publisher is known");
        assert_eq!(version("team/db", "2.1"), None, "some database");
        assert!(as_named(&reference("team/postgres", "latest")).is_some_and(|image| image.moves()));
        assert_eq!(as_named(&reference("team/postgres", "0.1.0")), None, "releases of its own");
    }

    #[test]
    fn images_are_told_apart() {
        for (repository, role, engine) in [
            ("postgres", "database", Some(Engine::Postgresql)),
            ("library/postgres", "database", Some(Engine::Postgresql)),
            ("docker/library/postgres", "database", Some(Engine::Postgresql)),
            ("group/dependency_proxy/containers/postgres", "database", Some(Engine::Postgresql)),
            ("arm64v8/mariadb", "database", Some(Engine::Mariadb)),
            ("timescale/timescaledb", "database", Some(Engine::Postgresql)),
            ("ghcr-mirror/immich-app/postgres", "database", Some(Engine::Postgresql)),
            ("percona/percona-server-mongodb", "database", Some(Engine::Mongodb)),
            ("eqalpha/keydb", "database", Some(Engine::Redis)),
            ("dragonflydb/dragonfly", "database", None),
            ("prodrigestivill/postgres-backup-local", "backup", None),
            ("prometheuscommunity/postgres-exporter", "exporter", None),
            ("someone/mysqld-exporter", "exporter", None),
            ("penpotapp/exporter", "other", None),
            ("dpage/pgadmin4", "admin-ui", None),
            ("edoburu/pgbouncer", "pooler", Some(Engine::Pgbouncer)),
            ("postgrest/postgrest", "other", None),
            ("supabase/postgres-meta", "other", None),
            ("hyperledger/fabric-couchdb", "other", None),
            ("nginx", "proxy", None),
        ] {
            let image = identify(&reference(repository, "1"));
            assert_eq!((image.role, image.engine), (role, engine), "{repository}");
        }
    }

    #[test]
    fn the_name_is_known_when_only_the_tag_is_a_variable() {
        let identified = |raw: &str| identify_unresolved(&Secret::new(raw)).map(|image| (image.engine, image.version));
        assert_eq!(identified("postgres:${TAG}"), Some((Some(Engine::Postgresql), None)));
        assert_eq!(identified("docker.io/redis:${TAG}-alpine"), Some((Some(Engine::Redis), None)));
        assert_eq!(identified("localhost:5000/postgres:$TAG"), Some((Some(Engine::Postgresql), None)));
        assert_eq!(identified("${IMAGE}"), None);
        assert_eq!(identified("postgres${SUFFIX}"), None);
    }

    #[test]
    fn an_unknown_publisher_numbers_its_images_as_it_likes() {
        let image = identify(&reference("appwrite/postgres", "0.1.0"));
        assert_eq!((image.engine, image.version), (Some(Engine::Postgresql), None));
    }
}
