//! Configurations that no folder of cases can hold: pipes, links, modes, and files of every size and depth.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const MAIN: &str = "domains = [\"firma.test\"]\n\
    [imap]\nserver = \"imap.firma.test\"\n[smtp]\nserver = \"smtp.firma.test\"\n";

/// A folder of its own, which everybody may enter; it goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(main: impl AsRef<[u8]>) -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("autodiscover-{}-{number}", std::process::id());
        let folder = Folder(std::env::temp_dir().join(name));
        fs::create_dir_all(folder.0.join("domains")).unwrap();
        folder.write("autodiscover.toml", main).mode("domains", 0o755).mode("", 0o755);
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.0.clone() } else { self.0.join(name) }
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Folder {
        fs::write(self.path(name), text).unwrap();
        self.mode(name, 0o644)
    }

    fn mode(&self, name: &str, mode: u32) -> &Folder {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    /// The settings of a user, and what the log says; the stack has that many KiB.
    fn asked(&self, stack: u32) -> (String, String) {
        let body = "<Autodiscover><Request><EMailAddress>ada@firma.test</EMailAddress>\
            <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/\
            responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>";
        let request = self.path("request.xml");
        fs::write(&request, body).unwrap();
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -s {stack} && exec \"$0\"")])
            .arg(env!("CARGO_BIN_EXE_autodiscover"))
            .env_clear()
            .env("CONTENT_LENGTH", body.len().to_string())
            .env("AUTODISCOVER_CONFIG", self.path("autodiscover.toml"))
            .stdin(fs::File::open(request).unwrap())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", output.status);
        (text(output.stdout), self.masked(output.stderr))
    }

    /// The log's line of a request that cannot be answered.
    fn fault(&self) -> String {
        let (answer, log) = self.asked(8192);
        assert!(answer.contains("<ErrorCode>603</ErrorCode>"), "{answer}");
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(log.len() < 1000, "{} bytes", log.len());
        log
    }

    /// The login name of ada@firma.test.
    fn login_name(&self) -> String {
        let (answer, log) = self.asked(8192);
        assert_eq!(log, "");
        let (_, after) = answer.split_once("<LoginName>").unwrap();
        after.split('<').next().unwrap().to_owned()
    }

    /// What `check` says, and whether all is well.
    fn checked(&self, args: &[&str]) -> (String, bool) {
        let output = Command::new(env!("CARGO_BIN_EXE_autodiscover"))
            .arg("check")
            .args(args)
            .env_clear()
            .env("AUTODISCOVER_CONFIG", self.path("autodiscover.toml"))
            .output()
            .unwrap();
        (self.masked(output.stderr), output.status.success())
    }

    /// Asserts that a request and `check` say the same of a file, and nothing else.
    #[track_caller]
    fn is_refused(&self, line: &str) {
        let line = format!("{line}\n");
        assert_eq!(self.fault(), line);
        assert_eq!(self.checked(&["--as", "root"]), (line, false));
    }

    fn masked(&self, bytes: Vec<u8>) -> String {
        text(bytes).replace(self.0.to_str().unwrap(), "[CONFIG]")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

const LIST: &str = "logins = \"firma.test.logins\"\n";

#[test]
fn a_pipe_a_socket_or_a_device_is_never_opened() {
    let refusal = "cannot be read: it is a pipe, a socket or a device; put a file in its place";
    for name in ["autodiscover.toml", "domains/firma.test.toml", "domains/firma.test.logins"] {
        for kind in ["pipe", "socket", "device"] {
            let folder = Folder::new(MAIN);
            folder.write("domains/firma.test.toml", LIST);
            let path = folder.path(name);
            let _ = fs::remove_file(&path);
            let mut listener = None;
            match kind {
                "pipe" => pipe(&path),
                "socket" => listener = Some(UnixListener::bind(&path).unwrap()),
                _ => symlink("/dev/zero", &path).unwrap(),
            }
            if name == "domains/firma.test.toml" {
                folder.is_refused(&format!("[CONFIG]/{name}: {refusal}"));
            } else {
                assert_eq!(folder.fault(), format!("[CONFIG]/{name}: {refusal}\n"), "{kind}");
                assert!(folder.checked(&[]).0.contains(refusal), "{kind}");
            }
            drop(listener);
        }
    }
}

#[test]
fn a_link_that_leads_nowhere_is_not_an_absent_file() {
    let refusal = "cannot be read: dangling symlink; fix or remove it";
    let folder = Folder::new(MAIN);
    symlink("nowhere", folder.path("domains/firma.test.toml")).unwrap();
    folder.is_refused(&format!("[CONFIG]/domains/firma.test.toml: {refusal}"));

    let folder = Folder::new(MAIN);
    fs::remove_dir(folder.path("domains")).unwrap();
    symlink("nowhere", folder.path("domains")).unwrap();
    folder.is_refused(&format!("[CONFIG]/domains: {refusal}"));

    let folder = Folder::new(MAIN);
    fs::remove_dir(folder.path("domains")).unwrap();
    folder.write("domains", "");
    folder.is_refused("[CONFIG]/domains: must be a directory, for the files of domains");

    let folder = Folder::new(MAIN);
    folder.write("elsewhere", "login_name = \"elsewhere\"\n");
    symlink("../elsewhere", folder.path("domains/firma.test.toml")).unwrap();
    assert_eq!(folder.login_name(), "elsewhere");
}

#[test]
fn utf_16_is_named() {
    let refusal = "cannot be read: it is UTF-16; save it as UTF-8";
    let utf_16 = |text: &str, mark: bool| -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    for mark in [true, false] {
        let folder = Folder::new(utf_16(MAIN, mark));
        folder.is_refused(&format!("[CONFIG]/autodiscover.toml: {refusal}"));
        let folder = Folder::new(MAIN);
        folder.write("domains/firma.test.toml", LIST);
        folder.write("domains/firma.test.logins", utf_16("ada web1p1\n", mark));
        folder.is_refused(&format!("[CONFIG]/domains/firma.test.logins: {refusal}"));
    }
}

/// In KiB; without optimisation every call needs more of it.
const STACK: u32 = if cfg!(debug_assertions) { 1024 } else { 256 };

/// 174 KB of nested inline tables overflowed the stack of an earlier reader.
#[test]
fn depth_has_a_bound() {
    let depth = 50_000;
    let of = |text: &str| text.repeat(depth);
    let dotted = of("a.") + "a";
    for (kind, nested) in [
        ("arrays", format!("a = {}{}", of("["), of("]"))),
        ("arrays that are never closed", format!("a = {}", of("["))),
        ("inline tables", format!("a = {}1{}", of("{a = "), of("}"))),
        ("inline tables that are never closed", format!("a = {}", of("{a = "))),
        ("arrays of inline tables", format!("a = {}", of("[{a = "))),
        ("dotted keys", format!("{dotted} = 1")),
        ("headers", format!("[{dotted}]\nb = 1")),
        ("headers of arrays", format!("[[{dotted}]]\nb = 1")),
        ("dotted keys in an inline table", format!("a = {{ {dotted} = 1 }}")),
        ("headers, one deeper each", {
            (1..200).map(|depth| format!("[{}a]\n", "a.".repeat(depth))).collect()
        }),
    ] {
        let folder = Folder::new(format!("{MAIN}{nested}\n"));
        for stack in [STACK, 8192] {
            let (answer, log) = folder.asked(stack);
            assert!(answer.contains("<ErrorCode>603</ErrorCode>"), "{kind}: {answer}");
            assert_eq!(log.lines().count(), 1, "{kind}: {log}");
            assert!(log.len() < 1000, "{kind}: {} bytes", log.len());
        }
        let (said, well) = folder.checked(&["--as", "root"]);
        assert!(!well && said.lines().count() <= 101, "{kind}: {said}");
        assert!(said.lines().all(|line| line.len() < 1000), "{kind}");
    }
}

#[test]
fn size_has_a_bound() {
    let comment = |bytes: usize| format!("#{}\n", "x".repeat(bytes - 2));
    let folder = Folder::new(MAIN.to_owned() + &comment((1 << 20) - MAIN.len()));
    assert_eq!(folder.login_name(), "ada@firma.test");
    let folder = Folder::new(MAIN.to_owned() + &comment((1 << 20) - MAIN.len() + 1));
    folder.is_refused(
        "[CONFIG]/autodiscover.toml: cannot be read: it is longer than 1 MiB; shorten it",
    );
    let folder = Folder::new(MAIN);
    folder.write("domains/firma.test.toml", LIST);
    let line = comment(1 << 10);
    folder.write("domains/firma.test.logins", line.repeat(8 << 10));
    assert_eq!(folder.login_name(), "ada@firma.test");
    folder.write("domains/firma.test.logins", line.repeat(8 << 10) + "\n");
    folder.is_refused(
        "[CONFIG]/domains/firma.test.logins: cannot be read: it is longer than 8 MiB; shorten it",
    );
}

/// The bounds of time hold for a build without optimisation on a busy machine; what they stand
/// against took minutes.
#[test]
fn mistakes_have_a_bound() {
    let long = "x".repeat(1 << 19);
    for (kind, main) in [
        ("unknown keys", (0..25_000).map(|key| format!("k{key}=1\n")).collect::<String>()),
        ("signs without a key", "=\n".repeat(1 << 17)),
        ("brackets", "[\n".repeat(1 << 17)),
        ("quotes", "a=\"\n".repeat(1 << 16)),
        ("one line of them", "= ".repeat(1 << 19)),
        ("colons", "a: b\n".repeat(1 << 15)),
        ("a long value", format!("prefer = \"{long}\"\n")),
        ("a long key", format!("{long} = 1\n")),
        ("a long table", format!("[{long}]\n")),
        ("a long word", format!("prefer = {long}\n")),
        ("long names", format!("domains = [{}]\n", "\"a b\", ".repeat(1 << 16))),
    ] {
        let folder = Folder::new(&main[..main.len().min(1 << 20)]);
        let start = Instant::now();
        folder.fault();
        let (said, well) = folder.checked(&["--as", "root"]);
        assert!(!well && said.lines().count() <= 101, "{kind}: {}", said.lines().count());
        assert!(said.lines().all(|line| line.len() < 1000), "{kind}");
        assert!(start.elapsed() < Duration::from_secs(60), "{kind}: {:?}", start.elapsed());
    }
    let folder = Folder::new(MAIN);
    folder.write("domains/firma.test.toml", LIST);
    folder.write("domains/firma.test.logins", "x\n".repeat(1 << 20));
    let (said, _) = folder.checked(&["--as", "root"]);
    assert_eq!(said.lines().count(), 101);
    assert!(said.ends_with(":101:1: and more\n"), "{said}");
}

/// Lines that begin with a blank or a letter beyond ASCII were judged one by one: 5 to 13 s a request.
#[test]
fn every_line_of_a_list_costs_about_the_same() {
    let folder = Folder::new(MAIN);
    folder.write("domains/firma.test.toml", LIST);
    let mut times = Vec::new();
    for line in ["zoe web1p1", " zoe web1p1", "äda web1p1", "ada\u{300} web1p1", "\"zoe\" web1p1"]
    {
        let list = format!("{line}\n").repeat((4 << 20) / (line.len() + 1)) + "ada web1p2\n";
        folder.write("domains/firma.test.logins", list);
        let start = Instant::now();
        assert_eq!(folder.login_name(), "web1p2", "{line}");
        times.push(start.elapsed());
    }
    let most = times[0] * 20 + Duration::from_secs(1);
    assert!(times.iter().all(|time| *time < most), "{times:?}");
}

#[test]
fn check_looks_with_the_eyes_of_the_web_server() {
    let (folder, as_nobody) = (Folder::new(MAIN), ["--as", "nobody"]);
    folder.write("domains/firma.test.toml", LIST);
    folder.write("domains/firma.test.logins", "ada web1p1\n");
    let (said, well) = folder.checked(&as_nobody);
    assert!(well && !said.contains("nobody"), "{said}");
    let access = ("access", "directory", "a+x");
    let read = ("read", "file", "a+r");
    for (name, mode, what) in [
        ("", 0o750, access),
        ("domains", 0o700, access),
        ("autodiscover.toml", 0o600, read),
        ("domains/firma.test.toml", 0o640, read),
        ("domains/firma.test.logins", 0o600, read),
    ] {
        let metadata = fs::metadata(folder.path(name)).unwrap();
        folder.mode(name, mode);
        let (said, well) = folder.checked(&as_nobody);
        let path = if name.is_empty() { "[CONFIG]".to_owned() } else { format!("[CONFIG]/{name}") };
        let (verb, kind, bits) = what;
        let line =
            format!("{path}: user 'nobody' cannot {verb} this {kind}; run: chmod {bits} {path}\n");
        assert!(!well && said.contains(&line), "{name}: {said}");
        folder.mode(name, metadata.permissions().mode());
    }
    // The group decides, where the file is not the user's (nobody's group is 65534 on every Linux).
    if chown(folder.path("autodiscover.toml"), None, Some(65534)).is_ok() {
        folder.mode("autodiscover.toml", 0o640);
        assert!(folder.checked(&as_nobody).1);
        folder.mode("autodiscover.toml", 0o604);
        assert!(!folder.checked(&as_nobody).1);
        folder.mode("autodiscover.toml", 0o644);
    }
    // Each link of several leads through a directory of its own.
    let (private, public) = (Folder::new(""), Folder::new(""));
    private.write("firma.example.toml", "");
    public.write("real.toml", "");
    symlink(public.path("real.toml"), private.path("second")).unwrap();
    for target in ["firma.example.toml", "second"] {
        let link = folder.path("domains/firma.example.toml");
        let _ = fs::remove_file(&link);
        symlink(private.path(target), &link).unwrap();
        private.mode("", 0o755);
        assert!(folder.checked(&as_nobody).1, "{target}");
        private.mode("", 0o700);
        let (said, well) = folder.checked(&as_nobody);
        let private = private.path("");
        let line = format!(
            "{}: user 'nobody' cannot access",
            private.display().to_string().trim_end_matches('/')
        );
        assert!(!well && said.contains(&line), "{target}: {said}");
    }
    let (said, well) = folder.checked(&["--as", "nobody-of-that-name"]);
    assert!(!well && said.contains("is not in /etc/passwd"), "{said}");
}

/// Five names of a kind, and twenty kinds; one beyond is counted.
#[test]
fn the_summary_has_a_bound() {
    let summary = |alike: usize, kinds: usize| {
        let folder = Folder::new(format!("host = \"web.test\"\n{}", &MAIN[24..]));
        for number in 0..alike {
            folder.write(&format!("domains/a{number}.test.toml"), "");
        }
        for number in 1..kinds {
            let own = format!("imap.port = {}\n", 2000 + number);
            folder.write(&format!("domains/b{number:02}.test.toml"), own);
        }
        let output = Command::new(env!("CARGO_BIN_EXE_autodiscover"))
            .arg("check")
            .env_clear()
            .env("AUTODISCOVER_CONFIG", folder.path("autodiscover.toml"))
            .output()
            .unwrap();
        text(output.stdout)
    };
    let full = summary(5, 20);
    assert!(full.contains("\na0.test, a1.test, a2.test, a3.test, a4.test\n"), "{full}");
    assert!(full.contains("\nb19.test\n") && !full.contains(" more"), "{full}");
    let more = summary(6, 21);
    assert!(more.contains("a3.test, a4.test and 1 more\n") && !more.contains("a5.test"), "{more}");
    assert!(!more.contains("b20.test"), "{more}");
    assert!(more.ends_with("\n1 more domains with services of their own\n"), "{more}");
}

/// One that any user can write to gives whoever has an account there every password.
#[test]
fn a_file_that_any_user_can_write_to_is_told() {
    let folder = Folder::new(MAIN);
    assert!(!folder.checked(&[]).0.contains("chmod"));
    let (said, well) = folder.mode("autodiscover.toml", 0o666).checked(&[]);
    let path = "[CONFIG]/autodiscover.toml";
    let line = format!("{path}: warning: any user can write to this file; run: chmod o-w {path}\n");
    assert!(well && said.contains(&line), "{said}");
}

/// `mkdir` under umask 077: every request is a 500, though there is nothing in it.
#[test]
fn an_empty_directory_that_cannot_be_searched_is_told() {
    let folder = Folder::new(MAIN);
    folder.mode("domains", 0o700);
    let (said, well) = folder.checked(&["--as", "nobody"]);
    assert!(!well && said.contains("[CONFIG]/domains: user 'nobody' cannot access"), "{said}");
    // The names need not be readable.
    folder.mode("domains", 0o711);
    assert!(folder.checked(&["--as", "nobody"]).1);
}

/// Apache's internal redirects put a prefix before the variables of an .htaccess.
#[test]
fn the_place_survives_internal_redirects() {
    let folder = Folder::new(MAIN);
    let served = |variable: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_autodiscover"))
            .args(["explain", "ada@firma.test"])
            .env_clear()
            .env(variable, folder.path("autodiscover.toml"))
            .output()
            .unwrap();
        text(output.stdout).contains("autodiscover.toml:1\n")
    };
    for redirects in 0..=2 {
        assert!(served(&("REDIRECT_".repeat(redirects) + "AUTODISCOVER_CONFIG")), "{redirects}");
    }
    assert!(!served("REDIRECT_REDIRECT"));
    assert!(!served(&("REDIRECT_".repeat(3) + "AUTODISCOVER_CONFIG")));
}

/// Without /proc and by a relative name the program does not know where it lies.
#[test]
fn a_place_that_is_not_known_is_a_fault() {
    let folder = Folder::new(MAIN);
    // In a user namespace /proc can be hidden without being root; where neither works, nothing is shown.
    let run = |variables: &[(&str, &OsStr)]| {
        Command::new("unshare")
            .args(["--mount", "--map-root-user", "sh", "-c"])
            .arg("mount -t tmpfs none /proc && cd \"$1\" && exec ./autodiscover.cgi")
            .args(["sh", folder.0.to_str().unwrap()])
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("REQUEST_METHOD", "GET")
            .env("REQUEST_URI", "/mail/config-v1.1.xml?emailaddress=ada@firma.test")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
    };
    // Not a copy: another test may start a program while the copy is open for writing, and then it cannot be started.
    symlink(env!("CARGO_BIN_EXE_autodiscover"), folder.path("autodiscover.cgi")).unwrap();
    let Ok(output) = run(&[]) else { return skip("unshare is missing") };
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    if log.contains("unshare:") || log.contains("mount:") {
        // A chroot has no namespaces of its own; tests/server/faults.py hides /proc there.
        println!("SKIPPED: {}", log.trim());
        return;
    }
    assert!(text(output.stdout).starts_with("Status: 500 "));
    let line = "the place of the configuration cannot be found out without /proc; \
        set AUTODISCOVER_CONFIG to the path of autodiscover.toml\n";
    assert_eq!(log, line);
    let script = folder.path("autodiscover.cgi");
    let output = run(&[("SCRIPT_FILENAME", script.as_os_str())]).unwrap();
    assert!(text(output.stdout).contains("<hostname>imap.firma.test</hostname>"));
}

fn skip(why: &str) {
    println!("SKIPPED: {}", why.trim());
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{why}");
}
