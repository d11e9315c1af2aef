//! What is found in texts as people write them, that what is no secret stays, and that hostile texts end soon.

use super::*;

#[test]
fn credentials_are_found_where_people_put_them() {
    for text in [
        "redis-server --requirepass hunter2 --appendonly yes",
        "redis-cli -a hunter2 ping",
        "mysqladmin ping -h localhost -uroot -phunter2",
        "mysqladmin ping --password=hunter2",
        "mongosh -u root -p hunter2 --eval x",
        "PGPASSWORD=hunter2 psql -h db",
        "psql postgres://app:hunter2@db/app",
        "redis://:hunter2@cache",
        "ALTER USER app IDENTIFIED BY 'hunter2';",
        "CREATE ROLE app PASSWORD 'hunter2'",
        "requirepass hunter2",
        "password = hunter2",
        "db_password: hunter2",
        "curl -u elastic:hunter2 http://x",
        "{\"password\":\"hunter2\"}",
        "mysql -u root --password=\"hunter2 and more\"",
        "amqp://u:${PW:-hunter2}@mq",
    ] {
        let found = credentials_in(text);
        let at = text.find("hunter2").unwrap();
        assert!(found.iter().any(|range| range.start <= at && at + 7 <= range.end), "{text}: {found:?}");
    }
}

#[test]
fn references_and_other_flags_stay_visible() {
    for text in [
        "redis-server --requirepass ${REDIS_PASSWORD}",
        "postgres://app:${DB_PASSWORD}@db",
        "mkdir -p /data",
        "pg_isready -U app -d app -p 5432",
        "PASSWORD_FILE=/run/secrets/x",
        "ALLOW_EMPTY_PASSWORD=yes",
        "psql -a -f x.sql",
        "POSTGRES_PASSWORD, POSTGRES_USER",
        "server -ca-key testdata/ec.pem -x",
        "<<<<<<< HEAD",
    ] {
        assert!(credentials_in(text).is_empty(), "{text}: {:?}", credentials_in(text));
    }
}

#[test]
fn whatever_stands_there_is_looked_through_soon() {
    let started = std::time::Instant::now();
    for piece in [
        "password=",
        "password:'",
        "a:b@",
        "://",
        "://a:",
        "x=$a password=$a ",
        "echo ",
        "echo x |",
        "<<<",
        "${DB_PASSWORD:-",
        "-p x",
        "mc set ",
        "Bearer ",
        "eyJa.",
        "$$",
        "\"",
        "'x' \"password\" ",
        ";a=",
        "password=;",
        "pw",
        "-----BEGIN PRIVATE KEY-----",
        "\u{5bc6}",
        "passwordpassword",
        "k:",
        "a.b-c_",
    ] {
        for text in [piece.repeat(200_000 / piece.len()), format!("password=\"{}", piece.repeat(50_000 / piece.len()))] {
            for range in credentials_in(&text) {
                assert!(text.get(range).is_some());
            }
            _ = redact_text(&text);
            _ = names_secret(&text);
        }
    }
    assert!(started.elapsed().as_secs() < 40, "{:?}", started.elapsed());
}

proptest::proptest! {
    #[test]
    fn places_are_in_order_and_within_the_text(
        text in "([ -~]|\\PC|pass(word)?[=: ]?|://|[@'\"|]|echo |-p|\\$\\{|Bearer |\n){0,40}",
    ) {
        let mut last = 0;
        for range in credentials_in(&text) {
            proptest::prop_assert!(range.start >= last && range.start < range.end && text.get(range.clone()).is_some());
            last = range.end;
        }
        _ = redact_text(&text);
    }
}

#[test]
fn names_alone_in_a_list_announce_nothing() {
    assert_eq!(credentials_of_words(&["POSTGRES_PASSWORD", "POSTGRES_USER"]), []);
    assert_eq!(credentials_of_words(&["--requirepass", "hunter2"]), [(1, 0..7)]);
}
