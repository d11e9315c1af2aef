//! Single edits of a project that is ready: what would hurt costs its GO, and what does not leaves it.

use crate::common::Project;
use crate::verdict_projects::{TODAY, replace, shop};

const IMAGE: &str = "    image: postgres:16.14-bookworm\n";
const COMMAND: &str = "    command: [\"postgres\", \"-c\", \"config_file=/etc/postgresql/postgresql.conf\"]\n";
const AFTER: &str = "    shm_size: 256m\n";
const DATA: &str = "  data:\n    internal: true\n";
const VOLUME_OF_DATA: &str = "      - db_data:/var/lib/postgresql/data\n";
const VOLUME: &str = "volumes:\n  db_data:\n";
const BACKUP: &str = "  backup:\n    #";
/// What every service of the project has, so that nothing but its own edit is found about it.
const KEPT: &str = "    restart: always\n    logging: *logging\n    deploy: {resources: {limits: {memory: 64m}}}\n";

/// Name, what stands in compose.yaml, what is put there, and files beside it.
type Edit = (&'static str, &'static str, String, &'static [(&'static str, &'static str)]);

fn decision((name, from, to, files): &Edit) -> String {
    let project: Project = shop();
    if !from.is_empty() {
        replace(&project, "compose.yaml", from, to);
    }
    files.iter().for_each(|(path, text)| project.write(path, text.as_bytes()));
    let ran = project.run(&["audit", ".", "--now", TODAY, "--format", "json"]);
    assert!(!ran.out.is_empty(), "{name}: {}", ran.all());
    ran.json()["verdict"]["decision"].as_str().unwrap().to_owned()
}

fn service(text: &str) -> String {
    format!("{text}{KEPT}\n{BACKUP}")
}

/// Keys below the image of the database.
fn keys(text: &str) -> String {
    format!("{AFTER}{text}")
}

#[test]
fn edits_that_hurt_cost_the_go() {
    let edits: Vec<Edit> = vec![
        ("two copies", AFTER, keys("    scale: 2\n"), &[]),
        ("log in memory", AFTER, keys("    tmpfs: [/var/lib/postgresql/data/pg_wal]\n"), &[]),
        ("no place for the socket", AFTER, keys("    read_only: true\n"), &[]),
        ("no log", AFTER, keys("    logging: {driver: none}\n"), &[]),
        ("killed", AFTER, keys("    stop_signal: SIGKILL\n"), &[]),
        ("processes of the host", AFTER, keys("    pid: host\n"), &[]),
        ("not started", AFTER, keys("    profiles: [later]\n"), &[]),
        ("traefik", AFTER, keys("    labels: {traefik.tcp.routers.db.rule: 'HostSNI(`*`)'}\n"), &[]),
        ("macvlan", DATA, "  data:\n    driver: macvlan\n".to_owned(), &[]),
        ("network of others", DATA, "  data:\n    external: true\n".to_owned(), &[]),
        ("data that is read-only", VOLUME_OF_DATA, format!("{}:ro\n", VOLUME_OF_DATA.trim_end()), &[]),
        ("a file of COMPOSE_FILE that is not there", "", String::new(), &[(".env", "COMPOSE_FILE=compose.yaml:prod.yaml\n")]),
        ("two names of one volume", "  db_data:\n  backups:\n", "  db_data: {name: shop}\n  backups: {name: shop}\n".to_owned(), &[]),
        ("dumps in /tmp", "      - backups:/backups\n", "      - /tmp/backups:/backups\n".to_owned(), &[]),
        ("no network has both", "    networks: [front, data]", "    networks: [front]".to_owned(), &[]),
        ("object store", VOLUME, format!("{VOLUME}    driver: rclone\n"), &[]),
        ("soft NFS", VOLUME, format!("{VOLUME}    driver_opts: {{type: nfs, o: 'addr=x,soft', device: ':/x'}}\n"), &[]),
        ("unknown tag", IMAGE, "    image: postgres:16-stable\n".to_owned(), &[]),
        ("image of a variable", BACKUP, service("  more:\n    image: ${MORE}\n    networks: [data]\n"), &[]),
        ("store that is not read", BACKUP, service("  more:\n    image: yugabytedb/yugabyte:2.25\n    networks: [data]\n"), &[]),
        ("database by its name", BACKUP, service("  more:\n    image: example.com/team/orders-mysql:3\n    networks: [data]\n"), &[]),
        (
            "forwarder",
            BACKUP,
            service(
                "  more:\n    image: alpine/socat:1.8\n    command: TCP-LISTEN:9,fork TCP:db:5432\n    ports: ['9:9']\n    networks: [front, data]\n",
            ),
            &[],
        ),
        (
            "writes into the data",
            BACKUP,
            service("  more:\n    image: example.com/x/files:2\n    volumes: ['db_data:/x']\n    networks: [front]\n"),
            &[],
        ),
        (
            "updater",
            BACKUP,
            service(
                "  more:\n    image: containrrr/watchtower:1.7.1\n    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n    networks: [front]\n",
            ),
            &[],
        ),
        (
            "fsync in the entrypoint",
            COMMAND,
            "    entrypoint: [docker-entrypoint.sh, postgres, -c, fsync=off, -c, config_file=/etc/postgresql/postgresql.conf]\n".to_owned(),
            &[],
        ),
        (
            "fsync in a shell",
            COMMAND,
            "    entrypoint: ['sh', '-c', 'exec postgres -c fsync=off -c config_file=/etc/postgresql/postgresql.conf']\n".to_owned(),
            &[],
        ),
        ("started by a script", COMMAND, "    entrypoint: ['sh', '-c', 'echo x >> /tmp/y; exec postgres']\n".to_owned(), &[]),
        ("other port", COMMAND, COMMAND.replace("\"-c\", \"config", "\"-c\", \"port=5433\", \"-c\", \"config"), &[]),
        ("data elsewhere", COMMAND, COMMAND.replace("\"-c\", \"config", "\"-c\", \"data_directory=/srv/x\", \"-c\", \"config"), &[]),
        ("override publishes", "", String::new(), &[("compose.override.yaml", "services:\n  db:\n    ports: ['5432:5432']\n")]),
        (
            "override drops the volume",
            "",
            String::new(),
            &[(
                "compose.override.yaml",
                "services:\n  db:\n    volumes: !override ['./db/pg_hba.conf:/etc/postgresql/pg_hba.conf:ro', './db/postgresql.conf:/etc/postgresql/postgresql.conf:ro']\n",
            )],
        ),
        (
            "extends",
            IMAGE,
            format!("{IMAGE}    extends: {{file: more/base.yaml, service: base}}\n"),
            &[("more/base.yaml", "services:\n  base:\n    privileged: true\n")],
        ),
        (
            "includes a database",
            "services:\n  web",
            "include: [parts/more.stack]\nservices:\n  web".to_owned(),
            &[("parts/more.stack", "services:\n  old:\n    image: mysql:5.5\n    ports: ['3306:3306']\n")],
        ),
        (
            "includes a file that includes a database",
            "services:\n  web",
            "include: [parts/one.stack]\nservices:\n  web".to_owned(),
            &[
                ("parts/one.stack", "include: [two.stack]\n"),
                ("parts/two.stack", "services:\n  old:\n    image: mysql:5.5\n    ports: ['3306:3306']\n"),
            ],
        ),
        (
            "includes what publishes the database",
            "services:\n  web",
            "include: [parts/admin.yaml]\nservices:\n  web".to_owned(),
            &[(
                "parts/admin.yaml",
                "services:\n  admin:\n    image: adminer:5.4.1\n    ports: ['8081:8080']\n    networks: [data]\n    restart: always\n",
            )],
        ),
        (
            "built here",
            IMAGE,
            format!("{IMAGE}    build: ./image\n"),
            &[("image/Dockerfile", "FROM postgres:16.14-bookworm\nRUN /setup.sh\n")],
        ),
    ];
    let passed: Vec<&str> = edits.iter().filter(|edit| decision(edit) == "go").map(|edit| edit.0).collect();
    assert!(passed.is_empty(), "still GO: {passed:?}");
}

#[test]
fn edits_that_hurt_nobody_leave_the_go() {
    let edits: Vec<Edit> = vec![
        ("nothing", "", String::new(), &[]),
        ("labels in an override", "", String::new(), &[("compose.override.yaml", "services:\n  db:\n    labels: {team: shop}\n")]),
        ("reset in an override", "", String::new(), &[("compose.override.yaml", "services:\n  db:\n    ports: !reset []\n")]),
        ("entrypoint of the image", COMMAND, format!("    entrypoint: [docker-entrypoint.sh]\n{COMMAND}"), &[]),
        (
            "the same in a shell",
            COMMAND,
            "    entrypoint: ['sh', '-c', 'exec docker-entrypoint.sh postgres -c config_file=/etc/postgresql/postgresql.conf']\n"
                .to_owned(),
            &[],
        ),
        ("read-only with a place for the socket", AFTER, keys("    read_only: true\n    tmpfs: [/run/postgresql, /tmp]\n"), &[]),
        (
            "hardened",
            AFTER,
            keys(
                "    cap_drop: [ALL]\n    cap_add: [CHOWN, SETGID, SETUID]\n    security_opt: ['no-new-privileges:true']\n    init: true\n",
            ),
            &[],
        ),
        ("bridge by name", DATA, format!("{DATA}    driver: bridge\n    enable_ipv6: true\n"), &[]),
        ("local volume", VOLUME, format!("{VOLUME}    driver: local\n"), &[]),
        ("folder of the host", "db_data:/var/lib/postgresql/data", "/srv/shop:/var/lib/postgresql/data".to_owned(), &[]),
        ("alpine", IMAGE, IMAGE.replace("bookworm", "alpine3.22"), &[]),
        ("broker", BACKUP, service("  more:\n    image: rabbitmq:4.0-management\n    networks: [front]\n"), &[]),
        (
            "object store of its own",
            BACKUP,
            service("  more:\n    image: minio/minio:RELEASE.2025-09-07T16-13-09Z\n    networks: [front]\n"),
            &[],
        ),
        (
            "page on the loopback",
            BACKUP,
            service("  more:\n    image: nginx:1.30.2-alpine\n    ports: ['127.0.0.1:8080:80']\n    networks: [front]\n"),
            &[],
        ),
        (
            "extended labels",
            IMAGE,
            format!("{IMAGE}    extends: {{file: more/base.yaml, service: base}}\n"),
            &[("more/base.yaml", "services:\n  base:\n    labels: {a: b}\n")],
        ),
        (
            "packages on top",
            IMAGE,
            format!("{IMAGE}    build: ./image\n"),
            &[("image/Dockerfile", "FROM postgres:16.14-bookworm\nRUN apt-get update && apt-get install -y postgresql-16-cron\n")],
        ),
    ];
    let stopped: Vec<(&str, String)> = edits.iter().map(|edit| (edit.0, decision(edit))).filter(|(_, decision)| decision != "go").collect();
    assert!(stopped.is_empty(), "{stopped:?}");
}

/// A service on the network of the database, with files beside it.
fn beside(text: &str, files: &'static [(&'static str, &'static str)]) -> Edit {
    ("", BACKUP, service(&format!("  more:\n{text}    networks: [front, data]\n")), files)
}

#[test]
fn what_passes_connections_on_to_the_database_costs_the_go() {
    let edits = [
        beside("    image: ngrok/ngrok:3-alpine\n    command: tcp db:5432\n", &[]),
        beside("    image: cloudflare/cloudflared:2026.10.0\n    command: tunnel run\n", &[]),
        beside("    image: example.com/ssh:1\n    command: ssh -N -R 0.0.0.0:5432:db:5432 user@bastion.example.com\n", &[]),
        beside(
            "    image: example.com/tools:1\n    command: sh -c 'exec ncat -lk 15432 -c \"ncat db 5432\"'\n    ports: ['15432:15432']\n",
            &[],
        ),
        beside("    image: tailscale/tailscale:v1.90\n    environment: {TS_ROUTES: 172.20.0.0/16}\n", &[]),
        beside("    image: postgrest/postgrest:v13.0.7\n    ports: ['3000:3000']\n", &[]),
        beside("    image: serjs/go-socks5-proxy:v0.0.4\n    ports: ['1080:1080']\n", &[]),
        beside("    image: example.com/infra/haproxy:7\n    ports: ['15432:15432']\n", &[]),
        beside(
            "    image: envoyproxy/envoy:v1.36.2\n    ports: ['9:15432']\n    volumes: ['./e.yaml:/etc/envoy/envoy.yaml:ro']\n",
            &[("e.yaml", "clusters: [{socket_address: {address: db, port_value: 5432}}]\n")],
        ),
        beside(
            "    image: haproxy:3.2.4\n    ports: ['9:15432']\n    volumes: ['./h.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro']\n",
            &[("h.cfg", "defaults\n  mode tcp\nlisten a\n  bind :15432\n  server one db\n")],
        ),
    ];
    for edit in &edits {
        assert_ne!(decision(edit), "go", "{}", edit.2);
    }
}

#[test]
fn proxies_of_web_pages_and_clients_pass_nothing_on() {
    let edits = [
        beside(
            "    image: haproxy:3.2.4\n    ports: ['8443:443']\n    depends_on: [db]\n    volumes: ['./h.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro']\n",
            &[("h.cfg", "frontend a\n  bind :443\n  default_backend b\nbackend b\n  server api api:8080\n# server db db:5432\n")],
        ),
        beside(
            "    image: example.com/app:1\n    command: sh -c 'until nc -z db 5432; do sleep 1; done; exec app'\n    ports: ['8081:8080']\n    depends_on: [db]\n",
            &[],
        ),
        beside(
            "    image: example.com/app:1\n    command: ssh -N deploy@git.example.com\n    ports: ['8081:8080']\n    depends_on: [db]\n",
            &[],
        ),
        beside("    image: cloudflare/cloudflared:2026.10.0\n    command: tunnel --url http://api:8080\n    depends_on: [db]\n", &[]),
    ];
    for edit in &edits {
        assert_eq!(decision(edit), "go", "{}", edit.2);
    }
}
