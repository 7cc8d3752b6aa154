//! Runs every folder of `tests/cases/` against the executable, as `tests/README.md` says.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, thread};

pub const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
pub const RULER: &str = "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

struct Case {
    name: String,
    about: String,
    folder: PathBuf,
    config: PathBuf,
    env: Vec<(String, OsString)>,
    body: Option<Vec<u8>>,
    /// `env` has a line for `CONTENT_LENGTH`.
    sized: bool,
}

/// Standard output and standard error, masked.
#[derive(PartialEq)]
struct Printed {
    stdout: String,
    stderr: String,
}

#[test]
fn every_case() {
    let cases = all();
    assert!(!cases.is_empty(), "there are no cases in {TESTS}/cases");
    let wrong: Vec<&str> = cases.iter().filter(|c| !c.holds()).map(|c| c.name.as_str()).collect();
    assert!(wrong.is_empty(), "{} of {} cases: {wrong:#?}", wrong.len(), cases.len());
}

#[test]
fn every_case_is_in_the_index() {
    let readme = Path::new(TESTS).join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    let (above, index) = text.split_once("## Cases\n\n").expect("a heading '## Cases'");
    let cases: String = all().iter().map(|c| format!("- `{}`: {}\n", c.name, c.about)).collect();
    if updating() {
        fs::write(readme, format!("{above}## Cases\n\n{cases}")).unwrap();
    } else {
        let gone: Vec<_> = index.lines().filter(|line| !cases.contains(line)).collect();
        let new: Vec<_> = cases.lines().filter(|line| !index.contains(line)).collect();
        assert!(index == cases, "only in tests/README.md: {gone:#?}\nonly in cases/: {new:#?}");
    }
}

/// A pipe cannot tell how far it was read; a file can.
#[test]
fn bytes_after_the_body_stay_unread() {
    let case = all().into_iter().find(|c| c.name == "extra-bytes-on-standard-input").unwrap();
    let length = case.env.iter().find(|(name, _)| name == "CONTENT_LENGTH").unwrap().1.clone();
    let mut stdin = File::open(case.folder.join("request.xml")).unwrap();
    let output = case.command().stdin(stdin.try_clone().unwrap()).output().unwrap();
    assert!(output.status.success());
    assert_eq!(stdin.stream_position().unwrap().to_string(), length.to_str().unwrap());
}

fn all() -> Vec<Case> {
    let folders = fs::read_dir(Path::new(TESTS).join("cases")).unwrap();
    let mut cases: Vec<Case> = folders.map(|entry| Case::read(entry.unwrap().path())).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

pub fn updating() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

impl Case {
    fn read(folder: PathBuf) -> Case {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let about = fs::read_to_string(folder.join("about"))
            .unwrap_or_else(|error| panic!("{name}/about: {error}"));
        let own = folder.join("config");
        let config = if own.is_dir() { own } else { Path::new(TESTS).join("config") };
        let body = fs::read(folder.join("request.xml")).ok();
        let lines = fs::read_to_string(folder.join("env")).unwrap_or_default();
        let env = lines.lines().map(|line| {
            let (variable, value) = line.split_once('=').expect("NAME=value");
            (variable.to_owned(), unescape(&value.replace("[CONFIG]", config.to_str().unwrap())))
        });
        let env: Vec<_> = env.collect();
        let sized = env.iter().any(|(variable, _)| variable == "CONTENT_LENGTH");
        Case { about: about.trim_end().to_owned(), name, config, env, body, folder, sized }
    }

    /// The case as it is written, then its variants; only the first may be updated.
    fn holds(&self) -> bool {
        let printed = self.run(self.body.as_deref());
        if updating() {
            fs::write(self.folder.join("expected"), &printed.stdout).unwrap();
            let stderr = self.folder.join("stderr");
            if printed.stderr.is_empty() {
                let _ = fs::remove_file(stderr);
            } else {
                fs::write(stderr, &printed.stderr).unwrap();
            }
        }
        let text = |file| fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        let expected = Printed { stdout: text("expected"), stderr: text("stderr") };
        let mut holds = self.compare("", &expected, &printed);
        for (variant, body) in self.variants() {
            holds = holds && self.compare(variant, &expected, &self.run(Some(&body)));
        }
        if holds {
            let _ = fs::remove_file(self.folder.join("actual"));
        }
        holds
    }

    /// Line ends and a byte order mark mean nothing in a body, whatever else is wrong with it.
    /// A length in `env` is one of the body as it stands.
    fn variants(&self) -> Vec<(&'static str, Vec<u8>)> {
        let posts = self.value("REQUEST_METHOD").is_none_or(|method| method == "POST");
        match self.body.as_deref().map(str::from_utf8) {
            Some(Ok(text)) if posts && !self.sized && !text.starts_with('\u{feff}') => {
                let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
                let marked = [BYTE_ORDER_MARK, text.as_bytes()].concat();
                vec![(" with CRLF", crlf.into_bytes()), (" with a byte order mark", marked)]
            }
            _ => Vec::new(),
        }
    }

    fn compare(&self, variant: &str, expected: &Printed, actual: &Printed) -> bool {
        if expected != actual {
            fs::write(self.folder.join("actual"), &actual.stdout).unwrap();
            println!("\n{}{variant}: {}", self.name, self.about);
            for (what, text) in [("expected", expected), ("actual", actual)] {
                println!("{RULER} {what}\n{}", text.stdout);
                println!("{RULER} {what} on standard error\n{}", text.stderr);
            }
            println!("{RULER}");
        }
        expected == actual
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autodiscover"));
        command.env_clear().env("AUTODISCOVER_CONFIG", self.config.join("autodiscover.toml"));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    fn run(&self, body: Option<&[u8]>) -> Printed {
        let mut command = self.command();
        if let (Some(body), false) = (body, self.sized) {
            command.env("CONTENT_LENGTH", body.len().to_string());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            // The program may answer and go before it has read all: that is no failure.
            scope.spawn(move || stdin.write_all(body.unwrap_or_default()));
            child.wait_with_output().unwrap()
        });
        let mut stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        stderr = stderr.replace(self.config.to_str().unwrap(), "[CONFIG]");
        if !output.status.success() {
            stderr += &format!("{}\n", output.status);
        }
        Printed { stdout: self.mask(&String::from_utf8_lossy(&output.stdout)), stderr }
    }

    /// Masks a time and an identity that are right, so that wrong ones are seen.
    fn mask(&self, answer: &str) -> String {
        let server = self.value("SERVER_NAME").map_or(&b""[..], |name| name.as_bytes());
        let id = server.iter().fold(2_166_136_261_u32, |hash, &byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        });
        let answer = answer.replace(&format!(" Id=\"{id}\""), " Id=\"[ID]\"");
        match answer.split_once("<Error Time=\"") {
            Some((before, after)) if after.get(16..17) == Some("\"") && is_time(&after[..16]) => {
                format!("{before}<Error Time=\"[TIME]{}", &after[16..])
            }
            _ => answer,
        }
    }

    fn value(&self, variable: &str) -> Option<&OsString> {
        self.env.iter().find(|(name, value)| name == variable && !value.is_empty()).map(|v| &v.1)
    }
}

/// `HH:MM:SS.fffffff`
fn is_time(text: &str) -> bool {
    text.bytes().zip(*b"29:59:59.9999999").all(|(byte, most)| match most {
        b'0'..=b'9' => (b'0'..=most).contains(&byte),
        _ => byte == most,
    })
}

/// `\xNN` stands for a byte, so that `env` stays a text file whatever a client sends.
fn unescape(value: &str) -> OsString {
    let mut parts = value.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two hexadecimal digits after \\x"));
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    OsString::from_vec(bytes)
}
