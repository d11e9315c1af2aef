//! What passes connections on to others: programs and images that do nothing else, and the files of proxies.

use std::collections::HashSet;

use super::ProjectContext;
use super::commands::{CommandLine, all_lines};
use super::roles::engine_of_port;
use super::side_doors::{Way, way_of};
use crate::model::Placement;
use crate::model::bounds::MOST_WORDS;
use crate::text::Files;
use crate::text::path::name_of;

/// Ports that poolers and routers of databases listen on, beside those of the databases themselves.
const POOLER_PORTS: [u16; 5] = [6432, 6033, 6446, 6447, 5433];

/// The largest file of a proxy that is read.
const LARGEST: u64 = 256 * 1024;

fn by_image(placement: &Placement) -> Option<Way> {
    way_of(&name_of(&placement.image.as_ref()?.repository).to_ascii_lowercase())
}

/// Whether a service may pass connections on, for all that a glance tells.
pub(super) fn may_pass_on(placement: &Placement) -> bool {
    by_image(placement).is_some() || words(placement).iter().any(|word| way_of(name_of(word)).is_some())
}

/// How a service passes connections on: by a program that it runs, else by its image.
pub(super) fn way(placement: &Placement, files: &Files) -> Option<Way> {
    if !may_pass_on(placement) {
        return None;
    }
    let of_line = |line: &CommandLine| {
        let arguments: Vec<&str> = line.arguments().iter().map(|word| word.text.as_str()).collect();
        passes_on(line.program(), way_of(line.program())?, &arguments)
    };
    let by_program = all_lines(placement, files).iter().find_map(of_line);
    by_program.or_else(|| {
        let words = words(placement);
        let name = placement.image.as_ref().map(|image| name_of(&image.repository))?;
        passes_on(name, by_image(placement)?, &words.iter().map(String::as_str).collect::<Vec<_>>())
    })
}

/// How a program passes connections on with these arguments: the same one may be an ordinary client, or the other end of a tunnel.
fn passes_on(program: &str, way: Way, arguments: &[&str]) -> Option<Way> {
    let flag = |letter| arguments.iter().any(|word| is_flag(word, letter));
    match program {
        "ssh" if flag('R') => Some(Way::Tunnel),
        "ssh" => (flag('L') || flag('D')).then_some(Way::Port),
        "chisel" if arguments.contains(&"server") => Some(Way::Socks),
        "nc" | "ncat" | "netcat" => (flag('l') || arguments.contains(&"--listen")).then_some(way),
        _ => Some(way),
    }
}

/// The words of what a service runs, apart.
fn words(placement: &Placement) -> Vec<String> {
    let words = placement.entrypoint.iter().chain(&placement.command).flat_map(|command| &command.words);
    let texts = words.filter_map(|word| word.value.as_deref());
    texts.flat_map(|text| text.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';']).to_owned())).take(MOST_WORDS).collect()
}

/// Whether a word holds a short option: `-R`, `-NR`, `-R5432:db:5432`.
fn is_flag(word: &str, letter: char) -> bool {
    let Some(rest) = word.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else { return false };
    rest.chars().take_while(char::is_ascii_alphabetic).any(|c| c == letter)
}

/// The hosts that the words and variables of a service name; `None` where they name no port of anything, so that what it leads to
/// is written elsewhere.
pub(super) fn targets(placement: &Placement) -> Option<HashSet<String>> {
    let mut text = words(placement).join(" ");
    for entry in &placement.environment {
        if let Some(value) = &entry.value.value {
            text.push('\n');
            text.push_str(value);
        }
    }
    names_a_target(&text).then(|| words_in(&text).map(str::to_owned).collect())
}

/// Whether a text names where something leads to: `db:5432`, `tcp://db:5432`, `db 5432`.
fn names_a_target(text: &str) -> bool {
    let of_host = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + 1..).and_then(|after| after.chars().next());
        before.is_some_and(|c| c.is_ascii_alphanumeric()) && after.is_some_and(|c| c.is_ascii_digit())
    };
    text.match_indices(':').any(|(at, _)| of_host(at)) || words_in(text).any(is_database_port)
}

/// The hosts that the configuration of a proxy leads to on ports of databases, or by connections that it does not look into;
/// empty where it is an HTTP proxy alone.
pub(super) fn upstreams(text: &str) -> HashSet<String> {
    let text: String = text.lines().map(without_comment).collect::<Vec<_>>().join("\n");
    let passes_on = PASSES_ON.iter().any(|marker| text.contains(marker)) || words_in(&text).any(is_database_port);
    if passes_on { words_in(&text).map(str::to_owned).collect() } else { HashSet::new() }
}

/// What HAProxy, nginx, Traefik, Caddy and Envoy write where they pass on connections of any protocol.
const PASSES_ON: [&str; 7] = ["mode tcp", "stream {", "stream{", "layer4", "tcp_proxy", "routers.tcp", "HostSNI"];

fn without_comment(line: &str) -> &str {
    let begins = |at: usize| line.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace));
    line.match_indices('#').find(|(at, _)| begins(*at)).and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

fn words_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).filter(|word| !word.is_empty())
}

fn is_database_port(word: &str) -> bool {
    word.len() >= 4 && word.parse().is_ok_and(is_known_port)
}

/// Whether databases or poolers listen on a port.
pub(super) fn is_known_port(number: u16) -> bool {
    POOLER_PORTS.contains(&number) || engine_of_port(number).is_some()
}

/// The configuration that a proxy mounts; `None` where it has none that is seen.
pub(super) fn files(placement: &Placement, context: &ProjectContext<'_>) -> Option<ProxyFiles> {
    let mut text = String::new();
    let mut whole = true;
    for mount in &placement.mounts {
        whole &= mount.content.is_some() || mount.source_path.is_some() || !is_configuration(&mount.target);
        text.extend(mount.content.iter().map(|(content, _)| content.as_str()));
        let Some(path) = &mount.source_path else { continue };
        for path in below(path, context) {
            if context.files.size(&path).is_some_and(|size| size <= LARGEST)
                && let Ok(source) = context.files.read(&path)
            {
                text.push_str(source.text());
                text.push('\n');
            }
        }
    }
    (!text.is_empty()).then_some(ProxyFiles { text, whole })
}

/// What was seen of the configuration of a proxy.
pub(super) struct ProxyFiles {
    /// The texts.
    pub(super) text: String,
    /// Whether nothing else of it is mounted from where it cannot be seen.
    pub(super) whole: bool,
}

/// Whether a proxy reads its configuration at a path, rather than certificates, passwords or pages.
fn is_configuration(target: &str) -> bool {
    const FOLDERS: [&str; 6] = ["/etc/nginx", "/etc/haproxy", "/usr/local/etc/haproxy", "/etc/traefik", "/etc/caddy", "/etc/envoy"];
    const OTHERS: [&str; 8] = ["cert", "ssl", "tls", "acme", "letsencrypt", "htpasswd", "dhparam", "html"];
    let lower = target.to_ascii_lowercase();
    FOLDERS.iter().any(|folder| lower.starts_with(folder)) && !OTHERS.iter().any(|other| lower.contains(other))
}

/// A file, or the files directly in a folder.
fn below(path: &str, context: &ProjectContext<'_>) -> Vec<String> {
    match context.files.list(path) {
        Ok(entries) => entries.into_iter().filter(|entry| !entry.directory).map(|entry| entry.path).take(64).collect(),
        Err(_) => vec![path.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_leads_to_a_database_by_its_port_or_by_any_protocol() {
        for text in [
            "stream { upstream x { server db:5432; } }",
            "stream {\n map $x $up { default db; }\n server { listen 15432; proxy_pass $up:5432; }\n}",
            "defaults\n  mode tcp\nlisten a\n  bind :15432\n  server one db",
            "socket_address: { address: db, port_value: 5432 }",
            "route {\n proxy db:5432\n}",
        ] {
            assert!(upstreams(text).contains("db"), "{text}");
        }
        for text in [
            "http { server { listen 443; location / { proxy_pass http://db-admin:8080; } } }",
            "backend b\n  server api api:8080\n# server db db:5432\n",
            "server db api:80 # once db:5432",
            "color: '#5432'",
        ] {
            assert!(!upstreams(text).contains("db"), "{text}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_written_elsewhere() {
        for (text, names) in
            [("tcp db:5432", true), ("tunnel run", false), ("ncat -lk 15432 -c ncat db 5432", true), ("--token abc", false)]
        {
            assert_eq!(names_a_target(text), names, "{text}");
        }
        assert!(is_flag("-NR", 'R') && is_flag("-R5432:db:5432", 'R') && !is_flag("--Remote", 'R') && !is_flag("R", 'R'));
    }
}
