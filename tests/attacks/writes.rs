//! Paths that are written: nothing but what was named, through no link of the tree, whole or not at all.
//!
//! That all else is as it was, and that nothing is left beside it, holds for every row (`Ground::picture`).

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;

use crate::frame::{Attack, Ground, attack};

/// The recipe of the README.
const SARIF: [&str; 2] = ["--format", "sarif={tree}/gonogo.sarif"];
const BASELINE: [&str; 2] = ["--write-baseline", "{tree}/known.json"];
/// The report comes out all the same.
const REPORT: &str = "postgresql-fsync-off";
const LINK: &str = "not written: a link, and gonogo writes through none";

pub fn rows() -> Vec<Attack> {
    [links(), folders(), kinds(), one_place(), inputs(), streams(), failing(), kept(), init(), fixes(), baselines()]
        .into_iter()
        .flatten()
        .collect()
}

fn is_sarif(ground: &Ground, path: &str) {
    let text = fs::read_to_string(ground.tree(path)).unwrap();
    assert!(text.contains("sarif-2.1.0") && text.ends_with('\n'), "{text:.200}");
}

fn names(ground: &Ground, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(ground.tree(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mode(ground: &Ground, path: &str) -> u32 {
    fs::metadata(ground.tree(path)).unwrap().mode() & 0o7777
}

fn set_mode(ground: &Ground, path: &str, mode: u32) {
    fs::set_permissions(ground.tree(path), fs::Permissions::from_mode(mode)).unwrap();
}

/// The last part of the path is a link.
fn links() -> Vec<Attack> {
    vec![
        attack("a-report-over-a-link-to-a-file-of-the-tree", |ground| {
            ground.write("victim", "mine\n");
            ground.link("gonogo.sarif", "victim");
        })
        .options(&SARIF)
        .exits(&[2])
        .says(&[LINK, REPORT])
        .shell("$GONOGO audit --format terminal --format sarif=gonogo.sarif", 2, &[LINK, REPORT])
        .as_process()
        .traced(),
        attack("a-report-over-a-link-out-of-the-tree", |ground| ground.link("gonogo.sarif", ground.outside("secret.txt")))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT])
            .as_process()
            .traced(),
        attack("a-report-over-a-link-that-leads-nowhere", |ground| ground.link("gonogo.sarif", ground.outside("new.txt")))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT])
            .as_process(),
        attack("a-report-over-a-link-to-a-folder", |ground| ground.link("gonogo.sarif", "good"))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT]),
        attack("a-report-over-a-link-to-itself", |ground| ground.link("gonogo.sarif", "gonogo.sarif"))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT]),
        attack("a-report-over-a-link-to-a-device", |ground| ground.link("gonogo.sarif", "/dev/null"))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT]),
        attack("a-report-over-a-link-to-standard-output", |ground| ground.link("gonogo.sarif", "/dev/stdout"))
            .options(&SARIF)
            .exits(&[2])
            .says(&[LINK, REPORT])
            .shell("$GONOGO lint --format sarif=./gonogo.sarif", 2, &[LINK]),
        attack("a-baseline-over-a-link", |ground| ground.link("known.json", ground.outside("secret.txt")))
            .options(&BASELINE)
            .exits(&[2])
            .says(&["--write-baseline", LINK, REPORT])
            .as_process(),
    ]
}

/// A folder of the path is a link, or is none.
fn folders() -> Vec<Attack> {
    const INTO: [&str; 2] = ["--format", "sarif={tree}/reports/gonogo.sarif"];
    vec![
        attack("a-report-into-a-linked-folder-out-of-the-tree", |ground| ground.link("reports", ground.outside("")))
            .options(&INTO)
            .exits(&[2])
            .says(&["/reports` is a link", REPORT])
            .shell("$GONOGO lint --format sarif=reports/gonogo.sarif --format json", 2, &["the folder `reports` is a link", REPORT])
            .shell("cd good && $GONOGO lint --format sarif=../reports/gonogo.sarif", 2, &["the folder `../reports` is a link"])
            .shell("cd / && $GONOGO lint \"$OLDPWD\" --format sarif=\"$OLDPWD/reports/gonogo.sarif\"", 2, &["/reports` is a link"])
            .shell("cd / && $GONOGO lint \"$OLDPWD/good\" --format sarif=\"$OLDPWD/reports/gonogo.sarif\"", 2, &["/reports` is a link"])
            .as_process()
            .traced(),
        attack("a-report-into-a-linked-folder-of-the-tree", |ground| ground.link("reports", "good"))
            .options(&INTO)
            .exits(&[2])
            .says(&["/reports` is a link", REPORT]),
        attack("a-report-below-a-linked-folder", |ground| {
            ground.write("a/real/c/keep", "");
            ground.link("a/b", "real");
        })
        .options(&["--format", "sarif={tree}/a/b/c/gonogo.sarif"])
        .exits(&[2])
        .says(&["/a/b` is a link", REPORT])
        .shell("$GONOGO lint --format sarif=a/b/c/../gonogo.sarif", 2, &["the folder `a/b` is a link"]),
        attack("a-report-into-a-folder-that-is-a-link-to-itself", |ground| ground.link("reports", "reports"))
            .options(&INTO)
            .exits(&[2])
            .says(&["/reports` is a link", REPORT]),
        attack("a-baseline-into-a-linked-folder", |ground| ground.link("reports", ground.outside("")))
            .options(&["--write-baseline", "{tree}/reports/known.json"])
            .exits(&[2])
            .says(&["/reports` is a link", REPORT])
            .as_process(),
        attack("a-report-into-a-folder-that-is-missing", |_| {})
            .options(&INTO)
            .exits(&[2])
            .says(&["/reports` does not exist; create it first", REPORT])
            .as_process(),
        attack("a-report-below-a-file", |ground| ground.write("reports", "mine\n"))
            .options(&INTO)
            .exits(&[2])
            .says(&["/reports` is not a folder", REPORT]),
        attack("a-link-of-the-user-is-followed", |ground| {
            ground.write("out/keep", "");
            std::os::unix::fs::symlink(ground.tree("out"), ground.outside("link")).unwrap();
        })
        .options(&["--format", "sarif={outside}/link/gonogo.sarif"])
        .writes(&["out/gonogo.sarif"])
        .leaves(|ground| is_sarif(ground, "out/gonogo.sarif")),
    ]
}

/// What is there is not a regular file.
fn kinds() -> Vec<Attack> {
    const NOT_REGULAR: &str = "not written: not a regular file";
    vec![
        attack("a-report-over-a-fifo", |ground| ground.fifo("gonogo.sarif"))
            .options(&SARIF)
            .exits(&[2])
            .says(&[NOT_REGULAR, REPORT])
            .as_process()
            .traced(),
        attack("a-baseline-over-a-fifo", |ground| ground.fifo("known.json"))
            .options(&BASELINE)
            .exits(&[2])
            .says(&[NOT_REGULAR, REPORT])
            .as_process(),
        attack("a-report-over-a-socket", |ground| drop(UnixListener::bind(ground.tree("gonogo.sarif")).unwrap()))
            .options(&SARIF)
            .exits(&[2])
            .says(&[NOT_REGULAR, REPORT]),
        attack("a-report-over-a-folder", |ground| ground.write("gonogo.sarif/keep", ""))
            .options(&SARIF)
            .exits(&[2])
            .says(&["not written: a directory", REPORT])
            .as_process(),
        attack("a-report-over-a-device", |_| {}).options(&["--format", "sarif=/dev/full"]).exits(&[2]).says(&[NOT_REGULAR, REPORT]).shell(
            "$GONOGO lint --format sarif=/dev/zero",
            2,
            &[NOT_REGULAR],
        ),
        attack("a-report-with-the-name-of-a-folder", |_| {})
            .options(&["--format", "sarif={tree}/gonogo.sarif/"])
            .exits(&[2])
            .says(&["not written: a directory", REPORT])
            .shell("$GONOGO lint --format sarif=.", 2, &["not written: a directory"])
            .shell("$GONOGO lint --format sarif=..", 2, &["not written: a directory"])
            .shell("$GONOGO lint --format sarif=/", 2, &["not written: a directory"]),
    ]
}

/// Two outputs of one place.
fn one_place() -> Vec<Attack> {
    const SAME: &str = "both write to the same file";
    const STANDARD: &str = "both write to standard output";
    vec![
        attack("two-reports-in-one-file", |ground| {
            ground.write("folder/keep", "");
            ground.write("one", "old\n");
            fs::hard_link(ground.tree("one"), ground.tree("two")).unwrap();
        })
        .options(&["--format", "sarif={tree}/gonogo.sarif", "--format", "gitlab={tree}/gonogo.sarif"])
        .exits(&[2])
        .says(&[SAME])
        .shell("$GONOGO lint --format sarif=a --format json=./a", 2, &[SAME])
        .shell("$GONOGO lint --format sarif=a --format json=folder/../a", 2, &[SAME])
        .shell("$GONOGO lint --format sarif=a --format json=\"$PWD/a\"", 2, &[SAME])
        .shell("$GONOGO lint --format sarif=one --format json=two", 2, &[SAME])
        .shell("$GONOGO lint --format sarif=a --write-baseline a", 2, &[SAME])
        .shell("$GONOGO lint --format sarif=", 2, &["names no file"])
        .as_process(),
        attack("two-reports-on-standard-output", |_| {})
            .shell("$GONOGO lint --format sarif --format json", 2, &[STANDARD])
            .shell("$GONOGO lint --format sarif --format json=-", 2, &[STANDARD])
            .shell("$GONOGO lint --format sarif --format json=/dev/stdout", 2, &[STANDARD])
            .shell("$GONOGO lint --format sarif --write-baseline /proc/self/fd/1", 2, &[STANDARD]),
    ]
}

/// The output is a file that the run has read.
fn inputs() -> Vec<Attack> {
    const INPUT: &str = "not written: this run has read the file as an input";
    vec![
        attack("a-report-over-what-is-audited", |ground| {
            fs::hard_link(ground.tree("good/postgresql.conf"), ground.tree("second.sarif")).unwrap();
            // Not UTF-8: it is audited all the same.
            ground.write("latin/postgresql.conf", b"# \xe9\n");
        })
        .options(&["--format", "sarif={tree}/good/postgresql.conf"])
        .exits(&[2])
        .says(&[INPUT, REPORT])
        .shell("$GONOGO lint --write-baseline good/../good/postgresql.conf", 2, &[INPUT])
        .shell("$GONOGO lint --format json=latin/postgresql.conf", 2, &[INPUT])
        .shell("$GONOGO lint --format json=second.sarif", 2, &[INPUT])
        .as_process(),
        attack("a-report-with-the-content-of-a-database-file", |ground| {
            ground.write("gonogo.sarif", "host all all 0.0.0.0/0 trust\nlocal all all peer\n");
        })
        .options(&SARIF)
        .exits(&[1, 2]),
        attack("a-report-over-a-file-of-the-project", |ground| {
            ground.write("gonogo.toml", "[profile]\ncriticality = \"low\"\n");
            ground.write("more.env", "PASSWORD=x\n");
            ground.write("db/postgresql.conf", "ssl = on\nssl_key_file = 'server.key'\n");
            ground.write("db/server.key", "no key\n");
        })
        .shell("$GONOGO lint --format json=gonogo.toml", 2, &[INPUT])
        .shell("$GONOGO lint --format json=db/server.key", 2, &[INPUT]),
    ]
}

/// What the user has open already.
fn streams() -> Vec<Attack> {
    vec![
        attack("streams-that-the-user-names", |_| {})
            .shell("$GONOGO lint --format sarif=/dev/stdout", 1, &["sarif-2.1.0"])
            .shell("$GONOGO lint --format sarif=-", 1, &["sarif-2.1.0"])
            .shell("$GONOGO lint --format json=/dev/stderr 2>&1 >/dev/null", 1, &[REPORT])
            .shell("$GONOGO lint --format terminal --format sarif=/dev/null", 1, &[REPORT])
            .shell("$GONOGO lint --format sarif=/dev/fd/3 3>&1 >/dev/null", 1, &["sarif-2.1.0"])
            .shell("$GONOGO lint --format sarif=>(cat >&2) >/dev/null; code=$?; wait $!; exit $code", 1, &["sarif-2.1.0"])
            .shell("set -o pipefail; $GONOGO lint --format sarif=/dev/stdout | cat", 1, &["sarif-2.1.0"])
            .shell("$GONOGO lint --format sarif=/dev/fd/77 --fail-on never", 4, &["nothing is open there"])
            .shell("$GONOGO init --output /dev/stdout", 0, &["gonogo.toml"])
            .shell("$GONOGO lint --format sarif=/dev/fd/3 --fail-on never 3</", 4, &["not written"]),
        attack("a-reader-that-goes-away-changes-no-exit-code", |_| {})
            .shell("$GONOGO lint --format json | true; exit ${PIPESTATUS[0]}", 1, &[])
            .shell("$GONOGO lint --format json --fail-on never | true; exit ${PIPESTATUS[0]}", 0, &[])
            .shell("$GONOGO lint --format json=/dev/fd/3 3> >(true) >/dev/null", 1, &[]),
        attack("standard-output-that-is-full", |_| {})
            .shell("$GONOGO lint --fail-on never --format terminal --format sarif=gonogo.sarif >/dev/full", 4, &["not written"])
            .shell("$GONOGO lint --format terminal >/dev/full", 1, &["not written"])
            .writes(&["gonogo.sarif"])
            .leaves(|ground| is_sarif(ground, "gonogo.sarif")),
    ]
}

/// Writing fails on the way.
fn failing() -> Vec<Attack> {
    vec![
        attack("a-disk-that-is-full", |ground| ground.write("out/gonogo.sarif", "old\n"))
            .shell(
                "unshare -rm true || exit 77; unshare -rm bash -c 'mount -t tmpfs -o size=16k none good && echo old >good/gonogo.sarif \
                 && echo \"fsync = off\" >good/postgresql.conf && head -c 1M /dev/zero >good/fill 2>/dev/null; \
                 $GONOGO lint --fail-on never --format terminal --format sarif=good/gonogo.sarif; code=$?; ls -A good; cat good/gonogo.sarif; exit $code'",
                4,
                &["the disk is full; make room", REPORT, "\nfill\ngonogo.sarif\npostgresql.conf\nold\n"],
            ),
        attack("a-file-that-may-not-grow", |ground| {
            ground.write("gonogo.sarif", "old\n");
            ground.write("known.json", "{}\n");
        })
        .shell("ulimit -f 1; $GONOGO lint --fail-on never --format terminal --format sarif=gonogo.sarif", 4, &["ulimit -f", REPORT])
        .shell("trap '' XFSZ; ulimit -f 1; $GONOGO lint --format terminal --format sarif=gonogo.sarif", 1, &["ulimit -f", REPORT])
        .shell("ulimit -f 0; $GONOGO lint --format terminal --write-baseline known.json | cat; exit ${PIPESTATUS[0]}", 4, &["ulimit -f"])
        .shell("ulimit -f 0; $GONOGO init | cat; exit ${PIPESTATUS[0]}", 4, &["gonogo.toml: not written", "ulimit -f"])
        .shell("ulimit -f 0; $GONOGO fix --apply good 2>&1 | cat; exit ${PIPESTATUS[0]}", 4, &["good/postgresql.conf: not written"])
        .leaves(|ground| assert_eq!(names(ground, ""), [".git", "gonogo.sarif", "good", "known.json"])),
        attack("a-folder-that-is-read-only", |ground| ground.write("out/gonogo.sarif", "old\n"))
            .shell(
                "unshare -rm true || exit 77; unshare -rm bash -c 'mount --bind out out && mount -o remount,bind,ro out || exit 77; \
                 $GONOGO lint --fail-on never --format terminal --format sarif=out/gonogo.sarif'",
                4,
                &["the file system is read-only", REPORT],
            )
            // Root passes over the mode of a folder, without a capability it does not.
            .shell(
                "chmod a-w out; as=; [ $(id -u) != 0 ] || as='setpriv --bounding-set=-dac_override'; $as true || exit 77; \
                 $as $GONOGO lint --format terminal --format sarif=out/gonogo.sarif; code=$?; chmod u+w out; exit $code",
                1,
                &["no permission to write into its folder", REPORT],
            ),
        attack("a-file-of-another-account", |ground| {
            ground.write("gonogo.sarif", "old\n");
            ground.write("db/postgresql.conf", "fsync = off\n");
            for path in ["gonogo.sarif", "db/postgresql.conf"] {
                let _ = std::os::unix::fs::chown(ground.tree(path), Some(12), Some(34));
            }
        })
        .shell(
            "as='setpriv --bounding-set=-chown'; [ $(id -u) = 0 ] && $as true || exit 77; $as $GONOGO lint --format sarif=gonogo.sarif",
            1,
            &["the file belongs to another account"],
        )
        .shell(
            "as='setpriv --bounding-set=-chown'; [ $(id -u) = 0 ] && $as true || exit 77; $as $GONOGO fix --apply db",
            4,
            &["the file belongs to another account"],
        ),
        attack("a-file-with-an-attribute-that-cannot-be-kept", |ground| {
            ground.write("gonogo.sarif", "old\n");
            ground.write("db/postgresql.conf", "fsync = off\n");
            for path in ["gonogo.sarif", "db/postgresql.conf"] {
                let _ = rustix::fs::setxattr(ground.tree(path), "security.origin", b"x", rustix::fs::XattrFlags::empty());
            }
        })
        .shell(
            "as='setpriv --bounding-set=-sys_admin'; [ $(id -u) = 0 ] && $as true || exit 77; $as $GONOGO lint --format sarif=gonogo.sarif",
            1,
            &["the attribute `security.origin` of the file cannot be kept"],
        )
        .shell(
            "as='setpriv --bounding-set=-sys_admin'; [ $(id -u) = 0 ] && $as true || exit 77; $as $GONOGO fix --apply db",
            4,
            &["the attribute `security.origin` of the file cannot be kept"],
        ),
        attack("a-file-that-is-a-mount-of-its-own", |ground| ground.write("out/gonogo.sarif", "old\n")).shell(
            "unshare -rm true || exit 77; unshare -rm bash -c 'mount --bind out/gonogo.sarif out/gonogo.sarif || exit 77; \
             $GONOGO lint --fail-on never --format terminal --format sarif=out/gonogo.sarif'",
            4,
            &["mount its folder instead", REPORT],
        ),
        attack("a-file-that-is-read-only", |ground| {
            ground.write("gonogo.sarif", "old\n");
            set_mode(ground, "gonogo.sarif", 0o444);
        })
        .options(&SARIF)
        .exits(&[1])
        .says(&["the file is read-only; chmod u+w it first", REPORT])
        .as_process(),
    ]
}

/// A report or a baseline takes the place of an older one.
fn kept() -> Vec<Attack> {
    vec![
        attack("a-report-is-made", |_| {})
            .options(&SARIF)
            .writes(&["gonogo.sarif"])
            .leaves(|ground| {
                is_sarif(ground, "gonogo.sarif");
                assert_eq!(names(ground, ""), [".git", "gonogo.sarif", "good"]);
            })
            .as_process()
            .traced(),
        attack("a-report-keeps-the-mode-of-the-older-one", |ground| {
            ground.write("gonogo.sarif", "old\n");
            set_mode(ground, "gonogo.sarif", 0o660);
        })
        .options(&SARIF)
        .writes(&["gonogo.sarif"])
        .leaves(|ground| {
            is_sarif(ground, "gonogo.sarif");
            assert_eq!(mode(ground, "gonogo.sarif"), 0o660);
        })
        .as_process()
        .traced(),
        attack("a-report-is-not-setuid", |ground| {
            ground.write("gonogo.sarif", "old\n");
            set_mode(ground, "gonogo.sarif", 0o6755);
        })
        .options(&SARIF)
        .writes(&["gonogo.sarif"])
        .leaves(|ground| assert_eq!(mode(ground, "gonogo.sarif"), 0o755)),
        attack("a-report-leaves-a-second-name-alone", |ground| {
            ground.write("victim", "mine\n");
            fs::hard_link(ground.tree("victim"), ground.tree("gonogo.sarif")).unwrap();
        })
        .options(&SARIF)
        .writes(&["gonogo.sarif"])
        .leaves(|ground| is_sarif(ground, "gonogo.sarif")),
        attack("a-report-keeps-attributes", |ground| {
            ground.write("gonogo.sarif", "old\n");
            set_attribute(ground, "gonogo.sarif");
        })
        .options(&SARIF)
        .writes(&["gonogo.sarif"])
        .leaves(|ground| has_attribute(ground, "gonogo.sarif")),
        attack("files-named-like-ours-stay", |ground| {
            for name in ["gonogo.sarif.tmp", ".gonogo.sarif.gonogo-1", ".gonogo-0000000000000000.tmp"] {
                ground.write(name, "mine\n");
            }
            ground.link(".gonogo-1111111111111111.tmp", "good/postgresql.conf");
        })
        .options(&SARIF)
        .writes(&["gonogo.sarif"]),
        attack("a-baseline-takes-the-place-of-the-older-one", |ground| {
            ground.write("known.json", "{\"version\": 1, \"findings\": []}\n");
        })
        .shell("$GONOGO lint --write-baseline known.json", 0, &[REPORT])
        .shell("$GONOGO lint --baseline known.json --write-baseline known.json", 0, &[])
        .writes(&["known.json"]),
    ]
}

/// `init` makes a file, and replaces none.
fn init() -> Vec<Attack> {
    const EXISTS: &str = "exists, and is left as it is";
    vec![
        attack("init-over-a-file", |ground| ground.write("mine.toml", "x = 1\n"))
            .shell("$GONOGO init --output mine.toml", 2, &["mine.toml exists", "init --output -"])
            .shell("$GONOGO init --output good/postgresql.conf", 2, &[EXISTS]),
        attack("init-over-a-link", |ground| {
            ground.link("mine.toml", "good/postgresql.conf");
            ground.link("new.toml", ground.outside("new.toml"));
            ground.link("self.toml", "self.toml");
        })
        .shell("$GONOGO init --output mine.toml", 2, &[EXISTS])
        .shell("$GONOGO init --output new.toml", 2, &[EXISTS])
        .shell("$GONOGO init --output self.toml", 2, &[EXISTS])
        .shell("$GONOGO init --output \"$PWD/new.toml\" good", 2, &[EXISTS]),
        attack("init-where-gonogo-toml-is-a-link-that-leads-nowhere", |ground| ground.link("gonogo.toml", ground.outside("new.toml")))
            .shell("$GONOGO init", 2, &["gonogo.toml exists"])
            .exits(&[1, 2]),
        attack("init-over-what-is-not-a-file", |ground| ground.fifo("mine.toml"))
            .shell("$GONOGO init --output mine.toml", 2, &[EXISTS])
            .shell("$GONOGO init --output good", 2, &[EXISTS]),
        attack("init-into-a-linked-folder", |ground| ground.link("reports", ground.outside("")))
            .shell("$GONOGO init --output reports/gonogo.toml", 2, &["the folder `reports` is a link"])
            .shell("$GONOGO init --output missing/gonogo.toml", 2, &["the folder `missing` does not exist"]),
        attack("init-makes-a-file", |_| {})
            .shell("$GONOGO init", 0, &["gonogo.toml written"])
            .shell("$GONOGO init", 2, &["gonogo.toml exists"])
            .writes(&["gonogo.toml"])
            .leaves(|ground| assert_eq!(names(ground, ""), [".git", "gonogo.toml", "good"])),
    ]
}

/// `fix --apply` writes only what was read, under the name that it was read by.
fn fixes() -> Vec<Attack> {
    const FIX: &str = "not written: the folder `db` is a link";
    let linked = |ground: &Ground| {
        ground.write("real/postgresql.conf", "fsync = off\n");
        ground.link("db", "real");
        ground.link("link.conf", "real/postgresql.conf");
        ground.link("away", ground.outside(""));
    };
    vec![
        attack("fix-through-a-linked-folder", linked)
            .exits(&[1, 4])
            .shell("$GONOGO fix --apply db/postgresql.conf", 4, &[FIX])
            .shell("$GONOGO fix --apply db", 4, &[FIX])
            .shell("$GONOGO fix --apply ./db/../db/postgresql.conf", 4, &["is a link"])
            .shell("$GONOGO fix --apply \"$PWD/db/postgresql.conf\"", 4, &["/db` is a link"])
            .shell("cd / && $GONOGO fix --apply \"$OLDPWD/db/postgresql.conf\"", 4, &["/db` is a link"])
            .shell("cd good && $GONOGO fix --apply ../db", 4, &["`../db` is a link"])
            .shell("$GONOGO fix --apply --as postgresql.conf link.conf", 4, &[LINK])
            .shell("$GONOGO fix --apply away", 4, &["`away` is a link"]),
        attack("fix-in-a-linked-working-directory", |ground| {
            ground.write("real/postgresql.conf", "fsync = off\n");
            std::os::unix::fs::symlink(ground.tree("real"), ground.outside("link")).unwrap();
        })
        // The shell went through the link, not gonogo.
        .shell("cd \"$OUTSIDE/link\" && $GONOGO fix --apply --select postgresql-fsync-off", 0, &["postgresql.conf:1"])
        .writes(&["real/postgresql.conf"])
        .leaves(|ground| assert_eq!(fs::read_to_string(ground.tree("real/postgresql.conf")).unwrap(), "fsync = on\n")),
        attack("fix-of-a-file-with-attributes", |ground| {
            ground.write("db/postgresql.conf", "fsync = off\n");
            set_mode(ground, "db/postgresql.conf", 0o640);
            set_attribute(ground, "db/postgresql.conf");
            ground.write("db/.postgresql.conf.gonogo-1", "mine\n");
        })
        .shell("$GONOGO fix --apply --select postgresql-fsync-off db", 0, &[])
        .writes(&["db/postgresql.conf"])
        .leaves(|ground| {
            has_attribute(ground, "db/postgresql.conf");
            assert_eq!(mode(ground, "db/postgresql.conf"), 0o640);
            assert_eq!(names(ground, "db"), [".postgresql.conf.gonogo-1", "postgresql.conf"]);
        }),
        attack("fix-of-a-file-with-a-second-name", |ground| {
            ground.write("db/postgresql.conf", "fsync = off\n");
            fs::hard_link(ground.tree("db/postgresql.conf"), ground.tree("second")).unwrap();
        })
        .shell("$GONOGO fix --apply db", 4, &["a hard link"]),
    ]
}

/// `--baseline` is the user's own word, and bounded.
fn baselines() -> Vec<Attack> {
    const OPTION: [&str; 2] = ["--baseline", "{tree}/known.json"];
    const NEXT: &str = "next: name the file that --write-baseline wrote";
    vec![
        attack("a-baseline-that-is-a-fifo", |ground| ground.fifo("known.json"))
            .options(&OPTION)
            .exits(&[2])
            .says(&["known.json: not a regular file", NEXT])
            .as_process()
            .traced(),
        attack("a-baseline-that-is-a-device", |ground| ground.link("known.json", "/dev/zero"))
            .options(&OPTION)
            .exits(&[2])
            .says(&["known.json: not a regular file", NEXT])
            .shell("$GONOGO lint --baseline /dev/zero", 2, &["not a regular file"])
            .as_process(),
        attack("a-baseline-that-is-huge", |ground| ground.sparse("known.json", 1 << 40))
            .options(&OPTION)
            .exits(&[2])
            .says(&["1099511627776 bytes, more than the 67108864", NEXT])
            .as_process(),
        attack("a-baseline-of-zeros", |ground| ground.sparse("known.json", 60 << 20))
            .options(&OPTION)
            .exits(&[2])
            .says(&["--baseline"])
            .as_process(),
        attack("a-baseline-that-is-a-folder", |_| {})
            .options(&["--baseline", "{tree}/good"])
            .exits(&[2])
            .says(&["a directory, where a file was expected", NEXT]),
        attack("a-baseline-that-is-not-text", |ground| ground.write("known.json", b"\xff\xfe"))
            .options(&OPTION)
            .exits(&[2])
            .says(&["not UTF-8", NEXT]),
        attack("a-baseline-that-is-another-file", |ground| ground.link("known.json", ground.outside("secret.txt")))
            .options(&OPTION)
            .exits(&[2])
            .says(&["--baseline"]),
    ]
}

fn set_attribute(ground: &Ground, path: &str) {
    if rustix::fs::setxattr(ground.tree(path), "user.origin", b"ansible", rustix::fs::XattrFlags::empty()).is_err() {
        eprintln!("skipped: this file system has no attributes");
    }
}

/// The file has the attribute, where the file system of the tree has any.
fn has_attribute(ground: &Ground, path: &str) {
    let mut value = [0; 16];
    match rustix::fs::getxattr(ground.tree(path), "user.origin", &mut value) {
        Ok(size) => assert_eq!(value.get(..size), Some(b"ansible".as_slice())),
        Err(error) => assert_eq!(error, rustix::io::Errno::NOTSUP),
    }
}
