//! A session with a server: what the protocol needs for plain queries, and the signal that makes a session read the
//! configuration again.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A row; `None` is NULL. Bytes that are no UTF-8 are replaced.
pub(crate) type Row = Vec<Option<String>>;

/// What a query brought.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) rows: Vec<Row>,
    /// Messages that the session was sent beside the rows, each followed by its detail and hint.
    pub(crate) notices: Vec<String>,
}

/// A session.
pub(crate) struct Connection {
    stream: BufReader<UnixStream>,
    /// Of the process that serves it.
    process: u32,
    shell: Shell,
}

/// A shell that sends signals: one process for all of them.
struct Shell {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Connection {
    /// Connects as `postgres` through a socket.
    pub(crate) fn open(socket: &Path) -> std::io::Result<Self> {
        let stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut connection = Self { stream: BufReader::new(stream), process: 0, shell: Shell::start() };
        let mut startup = 196_608_u32.to_be_bytes().to_vec();
        startup.extend(b"user\0postgres\0database\0postgres\0\0");
        connection.send(None, &startup)?;
        connection.until_ready().map_err(std::io::Error::other)?;
        Ok(connection)
    }

    /// Runs one query.
    pub(crate) fn query(&mut self, sql: &str) -> Result<Reply, String> {
        let mut body = sql.as_bytes().to_vec();
        body.push(0);
        self.send(Some(b'Q'), &body).map_err(|error| error.to_string())?;
        self.until_ready()
    }

    /// Makes the process of this session read the configuration files again before its next query.
    pub(crate) fn reload(&mut self) {
        self.shell.signal(self.process);
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> std::io::Result<()> {
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
        message.extend(body);
        self.stream.get_mut().write_all(&message)
    }

    fn receive(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        self.stream.read_exact(&mut body)?;
        Ok((head[0], body))
    }

    fn until_ready(&mut self) -> Result<Reply, String> {
        let mut reply = Reply::default();
        let mut failed = None;
        loop {
            let (kind, body) = self.receive().map_err(|error| format!("{error} {failed:?} {:?}", reply.notices))?;
            match kind {
                b'Z' => return failed.map_or(Ok(reply), Err),
                b'K' => self.process = u32::from_be_bytes([body[0], body[1], body[2], body[3]]),
                b'D' => reply.rows.push(row(&body)),
                b'N' => reply.notices.push(message(&body)),
                b'E' => failed = Some(message(&body)),
                _ => {}
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn row(body: &[u8]) -> Row {
    let mut rest = &body[2..];
    let mut row = Row::new();
    while rest.len() >= 4 {
        let length = i32::from_be_bytes([rest[0], rest[1], rest[2], rest[3]]);
        rest = &rest[4..];
        let Ok(length) = usize::try_from(length) else {
            row.push(None);
            continue;
        };
        row.push(Some(text(&rest[..length])));
        rest = &rest[length..];
    }
    row
}

/// Message, detail and hint, one per line.
fn message(body: &[u8]) -> String {
    let fields = body.split(|byte| *byte == 0).filter_map(|field| field.split_first());
    fields.filter(|(kind, _)| matches!(kind, b'M' | b'D' | b'H')).map(|(_, field)| text(field)).collect::<Vec<_>>().join("\n")
}

impl Shell {
    fn start() -> Self {
        let mut child = Command::new("sh").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    fn signal(&mut self, process: u32) {
        let stdin = self.child.stdin.as_mut().unwrap();
        writeln!(stdin, "kill -HUP {process} || echo gone; echo sent").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "sent\n", "the server's process has ended");
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
