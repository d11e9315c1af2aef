//! Secrets in every shape: whatever an input holds, no output shows it.
//!
//! Each row writes [`CANARY`] wherever a secret can stand, on lines that are quoted: beside a finding, in the context of
//! a diff, in a broken line, in a setting that `show` lists.

use crate::frame::{Attack, CANARY as PW, Ground, attack};

/// A server whose lines all come near a finding, so that each is context of a diff, and that `show` lists.
fn conf(ground: &Ground, lines: &[String]) {
    let mut text = String::from("fsync = off\n");
    for line in lines {
        text += &format!("{line}\nfull_page_writes = off\n");
    }
    ground.write("db/postgresql.conf", &text);
    // The same in broken lines and in comments.
    let broken: Vec<String> = lines.iter().map(|line| format!("{} {}\n# {line}\nfsync = off\n", line.replace(" = ", " "), "= =")).collect();
    ground.write("broken/postgresql.conf", broken.join(""));
    // And as Patroni has it.
    let parameters: Vec<String> = lines.iter().map(|line| format!("      {}\n", line.replacen(" = ", ": ", 1))).collect();
    let patroni = format!(
        "scope: a\nname: b\nbootstrap:\n  dcs:\n    ttl: 30\npostgresql:\n  listen: 0.0.0.0:5432\n  parameters:\n      fsync: off\n{}",
        parameters.join("")
    );
    ground.write("patroni/patroni.yml", &patroni);
}

/// One command in every place of a compose file, of a server and of Patroni that holds one.
fn command(ground: &Ground, command: &str) {
    let quoted = command.replace('"', "\\\"");
    let single = command.replace('\'', "''");
    let compose = format!(
        "services:\n  db:\n    image: postgres\n    command: '{single}'\n    ports: [\"5432:5432\"]\n    healthcheck:\n      test: [\"CMD-SHELL\", \"{quoted}\"]\n    labels:\n      do.it: \"{quoted}\"\n    environment:\n      ADMIN_PASSWORD: postgres\n      DO_IT: \"{quoted}\"\n    privileged: true\n  app:\n    image: redis\n    entrypoint: [sh, -c, \"{quoted}\"]\n    nosuchkey: \"{quoted}\"\n    x-own: \"{quoted}\"\n    healthcheck:\n      test: \"{quoted}\"\nx-a:\n  run: |\n    {command}\n"
    );
    ground.write("app/compose.yaml", &compose);
    ground.write("app-broken/compose.yaml", format!("{compose}  bad: [\n{command}\n"));
    let words: Vec<String> = command.split(' ').map(|word| format!("\"{}\"", word.trim_matches(['\'', '"']))).collect();
    ground.write(
        "list/compose.yaml",
        format!(
            "services:\n  db:\n    image: postgres\n    command: [{}]\n    ports: [\"5432:5432\"]\n  app:\n    image: redis\n    command:\n{}",
            words.join(", "),
            words.iter().map(|word| format!("      - {word}\n")).collect::<String>()
        ),
    );
    ground.write("app/.env", format!("DO_IT={command}\nOTHER=\"{quoted}\"\nOTHER=again\nnot a name {command}\n"));
    let doubled = command.replace('\'', "''");
    let names = ["archive_command", "restore_command", "archive_cleanup_command", "recovery_end_command", "ssl_passphrase_command"];
    conf(ground, &names.map(|name| format!("{name} = '{doubled}'")));
    ground.write(
        "commands/patroni.yml",
        format!(
            "scope: a\nname: b\nbootstrap:\n  method: own\n  own:\n    command: \"{quoted}\"\n    recovery_conf:\n      restore_command: \"{quoted}\"\npostgresql:\n  listen: 0.0.0.0:5432\n  callbacks:\n    on_start: \"{quoted}\"\n  create_replica_methods: [own]\n  own:\n    command: \"{quoted}\"\n  parameters:\n    fsync: off\n    archive_command: \"{quoted}\"\n"
        ),
    );
}

/// One value, which shows by itself that it is secret, under names that do not say so.
fn value(ground: &Ground, value: &str) {
    ground.write(
        "app/compose.yaml",
        format!(
            "services:\n  db:\n    image: postgres\n    ports: [\"5432:5432\"]\n    command: [\"postgres\", \"-c\", \"cluster_name={value}\", \"-c\", \"work_mem={value}\"]\n    environment:\n      TARGET: \"{value}\"\n      FALLBACK: \"${{NOWHERE:-{value}}}\"\n      POSTGRES_PASSWORD: postgres\n    labels: [\"to={value}\"]\n    privileged: true\n    nosuchkey: \"{value}\"\n  app:\n    image: redis\n    command: app {value}\n    environment: [\"TARGET={value}\"]\n    healthcheck: {{test: \"app {value}\"}}\nx-a: {{to: \"{value}\"}}\n"
        ),
    );
    ground.write("app/.env", format!("TARGET={value}\nTARGET='{value}'\nexport QUOTED=\"{value}\"\na b {value}\nEND=\"{value}\n"));
    conf(ground, &[format!("cluster_name = '{value}'"), format!("work_mem = '{value}'"), format!("app.target = '{value}'")]);
    // A blank or a comment sign ends a word there.
    if value.contains([' ', '#']) {
        return;
    }
    ground.write(
        "hba/pg_hba.conf",
        format!("host all all 10.0.0.0/8 trust {value}\nhost all all {value} trust\nhost all all 0.0.0.0/0 trust # {value}\n"),
    );
}

/// One name in every place that names something.
fn name(ground: &Ground, name: &str) {
    ground.write(
        "app/compose.yaml",
        format!(
            "services:\n  db:\n    image: postgres\n    ports: [\"5432:5432\"]\n    privileged: true\n    environment:\n      {name}: {PW}\n      A: \"${{{name}:-{PW}}}\"\n      B: \"${{{name}-{PW}}}\"\n      \"{name}_2\": '{PW}'\n    labels: {{my.{name}: {PW}}}\n  app:\n    image: redis\n    privileged: true\n    environment: [\"{name}={PW}\", '{name}={PW} and more']\n    command: app --{name} {PW} --{name}={PW}\n    nosuchkey: {{{name}: {PW}}}\nx-{name}: {PW}\n"
        ),
    );
    ground.write("app/.env", format!("{name}={PW}\n{name}='{PW}'\nexport {name}_3 = \"{PW}\"\n{name} {PW}\n?{name}={PW}\n{name}: {PW}\n"));
    ground.write(
        "below/compose.yaml",
        format!("services:\n  db:\n    image: postgres\n    environment:\n      {name}:\n        {PW}\n    : : [\n        {PW}\n"),
    );
    conf(ground, &[format!("app.{name} = '{PW}'"), format!("application_name = 'x {name}={PW}'")]);
}

/// A broken YAML text as a compose file and as a configuration of Patroni.
fn broken_yaml(ground: &Ground, below: &str) {
    ground.write("a/compose.yaml", format!("services:\n  db:\n    image: postgres\n    environment:\n{below}"));
    ground.write(
        "b/patroni.yml",
        format!("scope: a\nname: b\npostgresql:\n  listen: 0.0.0.0:5432\n  authentication:\n    superuser:\n{below}"),
    );
}

pub fn rows() -> Vec<Attack> {
    [commands(), connections(), tokens(), names(), yaml(), strays(), own_files()].into_iter().flatten().collect()
}

fn commands() -> Vec<Attack> {
    vec![
        attack("secret-of-curl-u", |ground| command(ground, &format!("curl -u me:{PW} -T x https://b.example/")))
            .exits(&[1, 4])
            .as_process(),
        attack("secret-of-curl-user", |ground| command(ground, &format!("curl --user me:{PW} --proxy-user=me:{PW} https://b.example/")))
            .exits(&[1, 4]),
        attack("secret-of-curl-bearer", |ground| command(ground, &format!("curl -H 'Authorization: Bearer {PW}' https://b.example/")))
            .exits(&[1, 4]),
        attack("secret-of-curl-basic", |ground| command(ground, &format!("curl -H 'Authorization: Basic {PW}a1==' https://b.example/")))
            .exits(&[1, 4]),
        attack("secret-of-curl-header", |ground| {
            command(ground, &format!("curl -H 'X-Api-Key: {PW}' -H \"Private-Token: {PW}\" https://b.example/"))
        })
        .exits(&[1, 4]),
        attack("secret-of-sshpass", |ground| command(ground, &format!("sshpass -p {PW} scp x b:/ ; sshpass -p{PW} scp y b:/")))
            .exits(&[1, 4]),
        attack("secret-of-openssl-k", |ground| command(ground, &format!("openssl enc -aes-256-cbc -k {PW} -in x"))).exits(&[1, 4]),
        attack("secret-of-openssl-pass", |ground| {
            command(ground, &format!("openssl enc -aes-256-cbc -pass pass:{PW} -passin pass:{PW} -in x"))
        })
        .exits(&[1, 4]),
        attack("secret-of-lftp", |ground| command(ground, &format!("lftp -u me,{PW} sftp://b.example"))).exits(&[1, 4]),
        attack("secret-of-7z", |ground| command(ground, &format!("7z a -p{PW} x.7z x"))).exits(&[1, 4]),
        attack("secret-of-zip-and-rar", |ground| command(ground, &format!("zip -P {PW} x.zip x && rar a -hp{PW} x.rar x"))).exits(&[1, 4]),
        attack("secret-of-mc-alias", |ground| command(ground, &format!("mc alias set b https://m.example {PW}key {PW} && mc cp x b/x")))
            .exits(&[1, 4]),
        attack("secret-of-mc-config", |ground| command(ground, &format!("mc config host add b https://m.example {PW}key {PW}")))
            .exits(&[1, 4]),
        attack("secret-of-aws", |ground| {
            command(ground, &format!("aws configure set aws_secret_access_key {PW} && aws_secret_access_key={PW} aws s3 cp x s3://b"));
        })
        .exits(&[1, 4]),
        attack("secret-of-gpg", |ground| command(ground, &format!("gpg --batch --passphrase {PW} -c x"))).exits(&[1, 4]),
        attack("secret-of-keytool", |ground| {
            command(ground, &format!("keytool -list -storepass {PW} -keypass {PW} -Djavax.net.ssl.keyStorePassword={PW}"))
        })
        .exits(&[1, 4]),
        attack("secret-of-redis", |ground| command(ground, &format!("redis-server --requirepass {PW} --masterauth {PW}"))).exits(&[1, 4]),
        attack("secret-of-redis-cli", |ground| command(ground, &format!("redis-cli -a {PW} --pass {PW} ping"))).exits(&[1, 4]),
        attack("secret-of-mysql", |ground| command(ground, &format!("mysqladmin ping -uroot -p{PW} --password={PW}"))).exits(&[1, 4]),
        attack("secret-of-mongo", |ground| command(ground, &format!("mongosh -u root -p {PW} --password {PW} --eval x"))).exits(&[1, 4]),
        attack("secret-of-postgres-password", |ground| command(ground, &format!("postgres --password {PW} --dbpass {PW} --api-key {PW}")))
            .exits(&[1, 4])
            .as_process(),
        attack("secret-of-ldap-and-smb", |ground| command(ground, &format!("ldapsearch -D cn=a -w {PW} ; smbclient -U me%{PW} //b/x")))
            .exits(&[1, 4]),
        attack("secret-of-rabbitmq", |ground| {
            command(ground, &format!("rabbitmqctl add_user me {PW} && rabbitmqctl change_password me {PW}"))
        })
        .exits(&[1, 4]),
        attack("secret-of-docker-login", |ground| command(ground, &format!("docker login -u me -p {PW} r.example"))).exits(&[1, 4]),
        attack("secret-of-vault", |ground| command(ground, &format!("vault login {PW}"))).exits(&[1, 4]),
        attack("secret-of-sql", |ground| command(ground, &format!("psql -c \"ALTER ROLE a PASSWORD '{PW}'\""))).exits(&[1, 4]),
        attack("secret-in-a-pipe", |ground| command(ground, &format!("echo {PW} | app --stdin"))).exits(&[1, 4]).as_process(),
        attack("secret-in-a-pipe-of-printf", |ground| command(ground, &format!("printf '{PW}' | kinit admin"))).exits(&[1, 4]),
        attack("secret-in-an-environment-of-a-command", |ground| {
            command(ground, &format!("PGPASSWORD={PW} env MYSQL_PWD={PW} RESTIC_PASSWORD='{PW}' psql"));
        })
        .exits(&[1, 4]),
    ]
}

fn connections() -> Vec<Attack> {
    let urls = |ground: &Ground, form: &str| value(ground, &form.replace("PW", PW));
    let row = |name: &'static str, form: &'static str| attack(name, move |ground: &Ground| urls(ground, form)).exits(&[1, 4]);
    vec![
        row("secret-of-a-url", "postgres://u:PW@h:5432/d").as_process(),
        row("secret-of-a-driver-url", "postgresql+psycopg2://u:PW@h/d"),
        row("secret-of-a-mongodb-url", "mongodb+srv://u:PW@h/d?w=1"),
        row("secret-of-an-amqp-url", "amqp://u:PW@h1,amqp://u:PW@h2"),
        row("secret-of-a-redis-url", "redis://:PW@h:6379/0"),
        row("secret-of-a-url-with-signs-in-it", "postgres://u:a/b@c?PW#x@h/d"),
        row("secret-of-a-token-url", "https://PW@git.example/x.git"),
        row("secret-of-a-token-user-url", "https://PWPWPW:x-oauth-basic@git.example/x.git"),
        row("secret-of-a-sentry-dsn", "https://PW@o1.ingest.example/2"),
        row("secret-without-a-scheme", "u:PW@h"),
        row("secret-of-a-go-dsn", "u:PW@tcp(h:3306)/d?parseTime=true"),
        row("secret-of-oracle", "jdbc:oracle:thin:u/PW@//h:1521/d"),
        row("secret-of-jdbc", "jdbc:postgresql://h/d?user=u&password=PW"),
        row("secret-of-jdbc-sqlserver", "jdbc:sqlserver://h;user=u;password=PW;encrypt=true"),
        row("secret-of-dotnet", "Host=h;Username=u;Password=PW;Database=d"),
        row("secret-of-dotnet-with-blanks", "Server=h;User Id=u;Pwd=a b PW;Database=d"),
        row("secret-of-azure-storage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=PW==;EndpointSuffix=x"),
        row("secret-of-pdo", "mysql:host=h;dbname=d;user=u;password=PW"),
        row("secret-of-a-libpq-password", "host=h user=u password=PW dbname=d"),
        row("secret-of-libpq-sslpassword", "host=h sslpassword = PW passfile=/x"),
        row("secret-of-libpq-scram-keys", "host=h scram_client_key=PW scram_server_key=PW"),
        row("secret-of-libpq-oauth", "host=h oauth_client_id=a oauth_client_secret=PW"),
        row("secret-of-a-signature", "https://b.example/x?sp=r&sig=PW%3D"),
        row("secret-of-a-signed-url", "https://s3.example/x?X-Amz-Credential=a&X-Amz-Signature=PW"),
        row("secret-of-a-token-parameter", "https://b.example/x?access_token=PW&token=PW"),
        attack("secret-of-a-conninfo", |ground| {
            conf(
                ground,
                &[
                    format!("primary_conninfo = 'host=h password={PW}'"),
                    format!("primary_conninfo = 'host=h password = ''a {PW}'' sslpassword={PW}'"),
                    format!("primary_conninfo = 'postgres://u:{PW}@h/d?sslpassword={PW}'"),
                    format!("primary_conninfo = 'host=h scram_client_key={PW} oauth_client_secret={PW}'"),
                ],
            );
        })
        .exits(&[1, 4]),
        attack("secret-of-an-included-remote", |ground| {
            ground.write(
                "app/compose.yaml",
                format!(
                    "include:\n  - https://u:{PW}@git.example/x.git#main:sub\n  - path: https://{PW}@git.example/y.git\n  - path: [\"u:{PW}@h:z\", \"https://h/x?token={PW}\", \"oci://u:{PW}@r.example/x\"]\nservices:\n  db:\n    image: postgres\n    ports: [\"5432:5432\"]\n"
                ),
            );
        })
        .exits(&[4, 1])
        .as_process(),
    ]
}

fn tokens() -> Vec<Attack> {
    let row =
        |name: &'static str, form: &'static str| attack(name, move |ground: &Ground| value(ground, &form.replace("PW", PW))).exits(&[1, 4]);
    vec![
        row("secret-jwt", "eyJPWPW.eyJPWPW.PWPW"),
        row("secret-github-token", "ghp_PWPWPW"),
        row("secret-gitlab-token", "glpat-PWPW"),
        row("secret-slack-token", "xoxb-12-34-PW"),
        row("secret-stripe-key", "sk_live_PWPW"),
        row("secret-slack-webhook", "https://hooks.slack.com/services/T0/B0/PW"),
        row("secret-discord-webhook", "https://discord.com/api/webhooks/1/PW"),
        row("secret-telegram-bot", "https://api.telegram.org/bot1:PW/sendMessage"),
        row("secret-bearer", "Bearer PW"),
        row("secret-htpasswd", "admin:$$apr1$$abcdefgh$$PW"),
        row("secret-bcrypt", "admin:$$2y$$05$$PWPW"),
        row("secret-scram-hash", "SCRAM-SHA-256$4096:PWPW"),
        attack("secret-aws-key", |ground| value(ground, "AKIAKANARIE9VOGEL00X")).never(&["AKIAKANARIE9VOGEL00X"]).exits(&[1, 4]),
        attack("secret-private-key", |ground| {
            let key = format!("-----BEGIN PRIVATE KEY-----\n{PW}\n-----END PRIVATE KEY-----\n");
            ground.write("app/.env", format!("PEM=\"{key}\"\nPEM=again\n"));
            ground.write("app/compose.yaml", format!("services:\n  db:\n    image: postgres\n    environment:\n      PEM: |\n        {}\n      privileged: [\n", key.replace('\n', "\n        ")));
        })
        .exits(&[1, 4]),
        attack("secret-basicauth-label", |ground| {
            ground.write(
                "app/compose.yaml",
                format!(
                    "services:\n  db:\n    image: postgres\n    ports: [\"5432:5432\"]\n    privileged: true\n    labels:\n      - traefik.http.middlewares.m.basicauth.users=me:{PW}\n      - \"traefik.http.middlewares.m.digestauth.users=me:r:{PW}\"\n    nosuch: 1\n  app:\n    image: redis\n    labels:\n      traefik.http.middlewares.m.basicauth.users: me:{PW}\n"
                ),
            );
        })
        .exits(&[1, 4]),
    ]
}

fn names() -> Vec<Attack> {
    let row = |name_of_row: &'static str, word: &'static str| attack(name_of_row, move |ground: &Ground| name(ground, word)).exits(&[1, 4]);
    vec![
        row("secret-named-in-english", "DB_PASSWORD").as_process(),
        row("secret-named-in-short", "DB_PASS"),
        row("secret-named-in-camel-case", "dbPassword"),
        row("secret-named-in-german", "DB_PASSWORT"),
        row("secret-named-kennwort", "KENNWORT"),
        row("secret-named-in-french", "MOT_DE_PASSE"),
        row("secret-named-mdp", "BDD_MDP"),
        row("secret-named-in-spanish", "CONTRASEÑA"),
        row("secret-named-clave", "CLAVE"),
        row("secret-named-in-portuguese", "SENHA"),
        row("secret-named-in-polish", "HASLO"),
        row("secret-named-in-italian", "PAROLA"),
        row("secret-named-in-dutch", "WACHTWOORD"),
        row("secret-named-in-swedish", "LOSENORD"),
        row("secret-named-in-russian", "ПАРОЛЬ"),
        row("secret-named-in-chinese", "密码"),
        row("secret-named-in-japanese", "パスワード"),
        row("secret-named-in-korean", "비밀번호"),
        row("secret-named-token", "GITHUB_TOKEN"),
        row("secret-named-key", "ENCRYPTION_KEY"),
        attack("secret-of-a-very-long-name", |ground| name(ground, &format!("{}_PASSWORD", "A".repeat(300)))).exits(&[1, 4]),
    ]
}

fn yaml() -> Vec<Attack> {
    let row = |name: &'static str, below: &'static str| {
        attack(name, move |ground: &Ground| broken_yaml(ground, &below.replace("PW", PW))).exits(&[1, 4, 3])
    };
    vec![
        row("broken-yaml-on-the-line-below", "      password:\n        PW\n   : [\n"),
        row("broken-yaml-error-on-the-secret", "      password:\n        PW: [}\n"),
        row("broken-yaml-in-a-block", "      password: |\n        a\n        PW\n   : [\n"),
        row("broken-yaml-in-a-folded-block", "      password: >-\n        a\n\n\tPW: [\n"),
        row("broken-yaml-in-an-open-quote", "      password: \"a\n        PW\n   x: y\n"),
        row("broken-yaml-in-a-list", "      password:\n      - a\n      - PW: [}\n"),
        row("broken-yaml-in-a-flow", "      {password: PW, x: [}\n"),
        row("broken-yaml-behind-a-tag", "      password: !!str &a\n        PW: ]\n"),
        row("broken-yaml-of-items", "      - --requirepass\n      - PW: ]\n"),
        row("broken-yaml-name-and-value", "      - name: DB_PASSWORD\n        value: PW ]: [\n      : [\n"),
        row("broken-yaml-with-a-tab", "      password:\n\t- PW\n"),
        row("broken-yaml-of-a-merge-conflict", "<<<<<<< a\n      password: PW\n=======\n      password:\n        PW\n>>>>>>> b\n"),
    ]
}

fn strays() -> Vec<Attack> {
    vec![
        attack("secret-variable-in-a-setting", |ground| {
            ground.write("app/.env", format!("DB_PASSWORD={PW}\n"));
            ground.write(
                "app/compose.yaml",
                "services:\n  db:\n    image: postgres:16\n    command: postgres -c work_mem=${DB_PASSWORD} -c cluster_name=x${DB_PASSWORD} --${DB_PASSWORD} -p ${DB_PASSWORD}\n    ports: [\"5432:5432\"]\n",
            );
        })
        .exits(&[1, 4])
        .as_process(),
        attack("secret-variable-everywhere", |ground| {
            ground.write("app/.env", format!("DB_PASSWORD={PW}\nALIAS=${{DB_PASSWORD}}\nOTHER=x${{ALIAS}}\n"));
            let keys = ["container_name", "restart", "user", "network_mode", "hostname", "mem_limit", "cpus", "shm_size", "stop_grace_period", "pid"];
            let body: String = keys.iter().map(|key| format!("    {key}: ${{DB_PASSWORD}}\n")).collect();
            ground.write(
                "app/compose.yaml",
                format!(
                    "name: ${{ALIAS}}\nservices:\n  db:\n    image: postgres:${{DB_PASSWORD}}\n    ports: [\"${{DB_PASSWORD}}:5432\", \"${{OTHER}}:1\"]\n    environment:\n      PLAIN: ${{OTHER}}\n      PGDATA: /x/${{ALIAS}}\n    volumes: [\"./${{DB_PASSWORD}}:/x\", \"${{ALIAS}}:/var/lib/postgresql/data\"]\n    env_file: [./${{ALIAS}}.env]\n    depends_on: [\"${{ALIAS}}\"]\n    networks: [\"${{ALIAS}}\"]\n    healthcheck: {{test: \"x ${{ALIAS}}\", interval: \"${{ALIAS}}\"}}\n    logging: {{driver: \"${{ALIAS}}\", options: {{max-size: \"${{ALIAS}}\"}}}}\n{body}  app:\n    image: ${{ALIAS}}/redis:7\ninclude: [\"./${{DB_PASSWORD}}.yaml\"]\nvolumes:\n  a: {{driver: \"${{ALIAS}}\"}}\n"
                ),
            );
        })
        .exits(&[1, 4]),
        attack("secret-variable-of-an-env-file", |ground| {
            ground.write("values.env", format!("API_TOKEN={PW}\n"));
            ground.write(
                "app/compose.yaml",
                "services:\n  db:\n    image: postgres:${API_TOKEN}\n    command: postgres -c work_mem=${API_TOKEN}\n    ports: [\"5432:5432\"]\n",
            );
        })
        .options(&["--env-file", "{tree}/values.env"])
        .exits(&[1, 4]),
        attack("secret-variable-as-initdb-arguments", |ground| {
            ground.write("app/.env", format!("DB_PASSWORD={PW}\n"));
            ground.write(
                "app/compose.yaml",
                "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_INITDB_ARGS: --auth-host=${DB_PASSWORD} --${DB_PASSWORD}\n      POSTGRES_HOST_AUTH_METHOD: ${DB_PASSWORD}\n      POSTGRES_USER: ${DB_PASSWORD}\n    ports: [\"5432:5432\"]\n",
            );
        })
        .exits(&[1, 4]),
    ]
}

fn own_files() -> Vec<Attack> {
    let own =
        |name: &'static str, text: &'static str| attack(name, move |ground: &Ground| ground.write("gonogo.toml", text.replace("PW", PW)));
    vec![
        own("secret-in-a-broken-gonogo-toml", "[[target]]\nname = \"db\"\nurl = \"postgres://a:PW@db\n").options(&["--config", "{tree}/gonogo.toml"]).exits(&[2]),
        own("secret-in-an-unknown-key-of-gonogo-toml", "[[target]]\nname = \"db\"\npasswort = \"PW\"\nurll = \"u:PW@db\"\n")
            .options(&["--config", "{tree}/gonogo.toml"])
            .exits(&[2]),
        own("secret-on-the-next-line-of-gonogo-toml", "[[target]]\nname = \"db\"\npassword = \"\"\"\nPW\n= [\n")
            .options(&["--config", "{tree}/gonogo.toml"])
            .exits(&[2]),
        own("secret-in-a-wrong-value-of-gonogo-toml", "[profile]\ncriticality = \"password=PW\"\nsize = \"Bearer PW\"\n[params]\nx = {y = \"u:PW@h\"}\n[severity]\nnosuch = \"ghp_PWPWPW\"\n")
            .options(&["--config", "{tree}/gonogo.toml"])
            .exits(&[2]),
        attack("secret-in-a-rule-file", |ground| {
            ground.write("rules/a.toml", format!("id = \"a\"\npassword = \"{PW}\"\ntitle = \"u:{PW}@h\"\n= [\n"));
            ground.write("rules/b.toml", format!("[rule]\nid = \"Bearer {PW}\"\nseverity = \"password={PW}\"\ntoken = \"\"\"\n{PW}\n\"\"\"\n"));
        })
        .options(&["--rules", "{tree}/rules"])
        .exits(&[2]),
    ]
}
