//! Compares what `show` prints with what the program sends as a CGI program.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const OUTLOOK: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";
const MOBILESYNC: &str =
    "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";
const POX: &str = "/autodiscover/autodiscover.xml";

/// Format, host before the domain, target; a target without a query is posted to, or is PACC's.
const FORMATS: [(&str, &str, &str); 7] = [
    ("outlook", "autodiscover", POX),
    ("mobilesync", "autodiscover", POX),
    ("json", "autodiscover", "/autodiscover/autodiscover.json?Email={}&Protocol=AutodiscoverV1"),
    ("autoconfig", "autoconfig", "/mail/config-v1.1.xml?emailaddress={}"),
    ("mobileconfig", "autodiscover", "/mail/example.org.mobileconfig?emailaddress={}"),
    ("pacc", "ua-auto-config", "/.well-known/user-agent-configuration.json"),
    ("page", "autodiscover", "/?emailaddress={}"),
];

/// Each service, and a domain that has moved.
const CONFIGURATION: &str = r#"
domains = ["example.org", "xn--tda.example"]
display_name = "{local} <&>"
[imap]
server = "imap.{domain}"
[pop3]
server = "pop.{domain}"
[smtp]
server = "smtp.{domain}"
[mobilesync]
url = "https://mail.example.org/Microsoft-Server-ActiveSync?user={local}"
[webmail]
url = "https://mail.example.org/"
[caldav]
url = "https://dav.example.org/{email}/"
[carddav]
url = "https://dav.example.org/"
[provider]
name = "Example & Mail"
"#;
const MOVED: &str =
    "[redirect]\nurl = \"https://elsewhere.example/autodiscover/autodiscover.xml\"\n";

/// Writing to a pipe that nobody reads (POSIX; 13 on every Linux).
const SIGPIPE: i32 = 13;

/// The configuration in a folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(path.join("domains")).unwrap();
        fs::write(path.join("autodiscover.toml"), CONFIGURATION).unwrap();
        fs::write(path.join("domains/example.com.toml"), MOVED).unwrap();
        Folder(path)
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autodiscover"));
        command.env_clear().env("AUTODISCOVER_CONFIG", self.0.join("autodiscover.toml"));
        command
    }

    fn show(&self, args: &[&str]) -> Output {
        self.program().arg("show").args(args).output().unwrap()
    }

    /// The body that a web server would send.
    fn sent(&self, format: &str, address: &str, domain: &str) -> Vec<u8> {
        let (_, name, target) = FORMATS.iter().find(|(name, ..)| *name == format).unwrap();
        let schema = if format == "outlook" { OUTLOOK } else { MOBILESYNC };
        let escaped = address.replace('&', "&amp;").replace('<', "&lt;");
        let request = format!(
            "<?xml version=\"1.0\"?>\n<Autodiscover>\n<Request>\n\
             <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>\n\
             <EMailAddress>{escaped}</EMailAddress>\n</Request>\n</Autodiscover>\n"
        );
        let encoded: String = address.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let target = target.replace("{}", &encoded);
        let (_, query) = target.split_once('?').unwrap_or_default();
        let mut child = self
            .program()
            .env("GATEWAY_INTERFACE", "CGI/1.1")
            .env("REQUEST_METHOD", if target == POX { "POST" } else { "GET" })
            .env("CONTENT_LENGTH", if target == POX { request.len() } else { 0 }.to_string())
            .env("REQUEST_URI", &target)
            .env("QUERY_STRING", query)
            .env("HTTP_HOST", format!("{name}.{domain}"))
            .env("SERVER_NAME", format!("{name}.{domain}"))
            .env("HTTP_ACCEPT", "text/html,application/xhtml+xml,*/*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(request.as_bytes());
        let answer = child.wait_with_output().unwrap().stdout;
        let blank = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        answer[blank + 4..].to_vec()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_format_is_what_is_sent() {
    let folder = Folder::new("wire-formats");
    for (address, domain) in [
        ("ada@example.org", "example.org"),
        ("Ada.o'Neill+a&b@EXAMPLE.org", "example.org"),
        ("\"a & b\"@example.org", "example.org"),
        ("åda@Ü.example", "xn--tda.example"),
    ] {
        for (format, ..) in FORMATS {
            let output = folder.show(&[address, "--as", format]);
            assert!(output.status.success(), "{address} {format}: {output:?}");
            assert_eq!(output.stderr, b"", "{address} {format}");
            let [shown, sent] = [output.stdout, folder.sent(format, address, domain)]
                .map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(shown, sent, "{address} {format}");
        }
    }
}

#[test]
fn all_formats_stand_under_headings() {
    let folder = Folder::new("wire-all");
    let implied = folder.show(&["ada@example.org"]);
    assert_eq!(implied, folder.show(&["ada@example.org", "--as", "all"]));
    let mut rest = String::from_utf8(implied.stdout).unwrap();
    for (format, name, target) in FORMATS {
        let method = if target == POX { "POST" } else { "GET" };
        let target = target.replace("{}", "ada%40example.org");
        let body = folder.sent(format, "ada@example.org", "example.org");
        let body = String::from_utf8(body).unwrap();
        let expected = format!(
            "== {format}: {method} https://{name}.example.org{target}\n{}\n",
            body.trim_end()
        );
        rest = rest.strip_prefix(&expected).unwrap_or_else(|| panic!("{expected}\n{rest}")).into();
        rest = rest.trim_start_matches('\n').into();
    }
    assert_eq!(rest, "");
}

#[test]
fn a_moved_domain_shows_where_to_and_what_cannot_say_so() {
    let output = Folder::new("wire-moved").show(&["ada@example.com"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let heading = format!("== outlook: POST https://autodiscover.example.com{POX}\n");
    let found = format!("302 Found\nLocation: https://elsewhere.example{POX}\n<?xml ");
    assert!(text.starts_with(&(heading + &found)), "{text}");
    let nothing = "nothing: the domain has moved, and this format cannot say where to\n";
    assert_eq!(text.matches(nothing).count(), 3, "{text}");
}

/// As `autodiscover show … | head -1` does.
#[test]
fn a_reader_may_go_early() {
    let folder = Folder::new("wire-early");
    for args in [&["show", "ada@example.org"][..], &["dns", "example.org"], &["--help"], &[]] {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut child =
            folder.program().args(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        drop(reader);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(stderr, "", "{args:?}");
        let status = child.wait().unwrap();
        // Where the signal is not ignored, as in a shell, it ends the program as it ends every other.
        assert!(status.success() || status.signal() == Some(SIGPIPE), "{args:?}: {status}");
    }
}
