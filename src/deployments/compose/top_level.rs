//! The top-level sections beside the services: volumes, networks, secrets, configs.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::formats::yaml::Node;
use crate::text::Span;
use crate::text::secrets::without_credentials;

/// One entry of a top-level section.
#[derive(Clone)]
pub struct Resource {
    /// Its key in the file.
    pub name: String,
    /// Where the key is written.
    pub name_span: Span,
    /// The whole entry.
    pub span: Span,
    /// `name:`, the name outside the project.
    pub real_name: Option<String>,
    /// Whether something outside the project makes it.
    pub external: bool,
    /// Whether a network leads nowhere outside.
    pub internal: bool,
    /// `driver:`.
    pub driver: Option<String>,
    /// `driver_opts:`, as `type: tmpfs`.
    pub driver_opts: BTreeMap<String, String>,
    /// `ipam: config: subnet:` of a network, none where it has no such key; `None` where one cannot be told.
    pub subnets: Option<Vec<String>>,
    /// For a volume that is bound to a folder of the host: its display path, when it lies below the given paths.
    pub device_path: Option<String>,
    /// `file:` of a secret or config, as written, and where.
    pub file: Option<(String, Span)>,
    /// The display path of that file, when it lies below the given paths.
    pub file_path: Option<String>,
    /// `content:` of a config, and where it stands.
    pub content: Option<(String, Span)>,
    /// `environment:`, the variable that holds a secret or config.
    pub environment: Option<(String, Span)>,
}

// The content of a config may hold a secret, so that it is not shown.
impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resource").field("name", &self.name).field("span", &self.span).finish_non_exhaustive()
    }
}

/// The four sections.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    /// Named volumes.
    pub volumes: Vec<Resource>,
    /// Networks.
    pub networks: Vec<Resource>,
    /// Secrets.
    pub secrets: Vec<Resource>,
    /// Configs.
    pub configs: Vec<Resource>,
}

impl Resources {
    /// The volume of a name.
    #[must_use]
    pub fn volume(&self, name: &str) -> Option<&Resource> {
        self.volumes.iter().find(|resource| resource.name == name)
    }

    /// The first name of a volume: two entries with one `name:` are the same volume.
    pub(super) fn first_of<'r>(&'r self, volume: &'r Resource) -> &'r str {
        let is_it = |other: &&Resource| volume.real_name.is_some() && other.real_name == volume.real_name;
        self.volumes.iter().find(is_it).map_or(&volume.name, |first| &first.name)
    }

    /// The network of a name.
    #[must_use]
    pub fn network(&self, name: &str) -> Option<&Resource> {
        self.networks.iter().find(|resource| resource.name == name)
    }

    /// The secret of a name.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<&Resource> {
        self.secrets.iter().find(|resource| resource.name == name)
    }

    /// The config of a name.
    #[must_use]
    pub fn config(&self, name: &str) -> Option<&Resource> {
        self.configs.iter().find(|resource| resource.name == name)
    }
}

/// Reads the four sections of one document.
pub(super) fn read(reader: &mut Reader<'_>, document: &Node) -> Resources {
    let mut section = |key: &str| match document.get(key) {
        Some(node) => entries(reader, node),
        None => Vec::new(),
    };
    Resources { volumes: section("volumes"), networks: section("networks"), secrets: section("secrets"), configs: section("configs") }
}

fn entries(reader: &mut Reader<'_>, section: &Node) -> Vec<Resource> {
    if !section.is_mapping() && !section.is_null() {
        reader.problem("compose-invalid-value", section.place(), "this section is not a mapping", "names, each with a colon behind it");
    }
    let entries = section.entries();
    let named = entries.iter().filter_map(|entry| Some((entry.key.text()?, entry.key.span, &entry.value)));
    named.filter(|(name, _, _)| !name.starts_with("x-")).map(|(name, span, value)| resource(reader, name, span, value)).collect()
}

fn resource(reader: &Reader<'_>, name: &str, name_span: Span, value: &Node) -> Resource {
    let text = |key: &str| {
        let node = value.get(key)?;
        reader.text(node)?.known().map(|known| (known.to_owned(), node.span))
    };
    let plain = |key: &str| text(key).map(|(text, _)| text);
    // `external: {name: x}` is the form of older files.
    let external = value.get("external");
    let file = text("file");
    let driver_opts: BTreeMap<String, String> = driver_opts(reader, value);
    Resource {
        name: name.to_owned(),
        name_span,
        span: value.span,
        real_name: plain("name"),
        external: external.is_some_and(|node| node.is_mapping() || node.rendered().as_deref() == Some("true")),
        internal: plain("internal").as_deref() == Some("true"),
        driver: plain("driver"),
        subnets: subnets(reader, value),
        device_path: driver_opts.get("device").and_then(|device| reader.display_path(device)),
        driver_opts,
        file_path: file.as_ref().and_then(|(path, _)| reader.display_path(path)),
        file,
        content: text("content"),
        environment: text("environment"),
    }
}

fn subnets(reader: &Reader<'_>, value: &Node) -> Option<Vec<String>> {
    let Some(ipam) = value.get("ipam").filter(|node| !node.is_null()) else { return Some(Vec::new()) };
    if ipam.get("driver").is_some_and(|driver| driver.text() != Some("default")) {
        return None;
    }
    let pools = ipam.get("config").and_then(Node::items).unwrap_or_default();
    let stated = pools.iter().filter_map(|pool| pool.get("subnet"));
    stated.map(|node| reader.text(node)?.known().map(str::to_owned)).collect()
}

fn driver_opts(reader: &Reader<'_>, value: &Node) -> BTreeMap<String, String> {
    let Some(options) = value.get("driver_opts") else {
        return BTreeMap::new();
    };
    let entries = options.entries();
    let pair = |entry: &&crate::formats::yaml::Entry| {
        let text = reader.text(&entry.value)?;
        let name = entry.key.text()?;
        Some((name.to_owned(), without_credentials(name, text.known()?)))
    };
    entries.iter().filter_map(pair).collect()
}
