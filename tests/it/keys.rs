//! Checks that the manual page of the configuration and its JSON Schema are current; `UPDATE=1` writes them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use autodiscover::keys::{KEYS, Key, Scope, TABLES, Takes};
use serde_json::{Map, Value, json};

use crate::manual::assert_current;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_manual_page_of_the_configuration_is_current() {
    assert_current("autodiscover.toml.5", manual().into_bytes());
}

#[test]
fn the_schema_for_editors_is_current() {
    let schema = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    assert_current("autodiscover.schema.json", schema.into_bytes());
}

/// Whoever opens the sample finds what most hosts have, and where the rest is explained.
#[test]
fn the_sample_shows_what_most_hosts_have() {
    let sample = fs::read_to_string(Path::new(ROOT).join("cgi-bin/autodiscover.toml")).unwrap();
    for (table, _) in TABLES {
        let rare = ["jmap", "managesieve", "oauth2"].contains(table);
        assert!(rare || sample.contains(&format!("[{table}]")), "the sample has no [{table}]");
    }
    for name in ["domains", "login_name", "prefer", "logins"] {
        assert!(sample.contains(&format!("{name} =")), "the sample has no {name}");
    }
    assert!(sample.contains("autodiscover.toml.5"));
}

/// What the sample shows as a comment can be used as it stands.
#[test]
fn the_sample_is_right_without_its_marks() {
    let sample = fs::read_to_string(Path::new(ROOT).join("cgi-bin/autodiscover.toml")).unwrap();
    let common = sample.split("\n# domains/").next().unwrap();
    let mut uncommented = String::new();
    for line in common.lines() {
        let plain = line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line);
        uncommented += plain;
        uncommented.push('\n');
    }
    let settings = toml::from_str::<toml::Table>(&uncommented).unwrap();
    for (table, _) in TABLES {
        let Some(table) = settings.get(*table) else { continue };
        for name in table.as_table().unwrap().keys() {
            assert!(KEYS.iter().any(|key| key.name == name), "{name}");
        }
    }
}

/// A value that a key takes, and that is not its default.
fn example(key: &Key, table: &str) -> &'static str {
    match (key.takes, key.name) {
        (_, "auth_required" | "enabled") => "false",
        (Takes::Switch, _) => "true",
        (Takes::Port, _) => "1993",
        (Takes::Hours, _) => "24",
        (Takes::Days, _) => "14",
        (Takes::Encryption, _) if table == "managesieve" => "'ssl'",
        (Takes::Encryption, _) => "'starttls'",
        (Takes::Incoming, _) => "'pop3'",
        (Takes::Authentications, _) => "['password', 'oauth2']",
        (Takes::Plain, _) => "'other words'",
        (Takes::Separator, _) => "'+'",
        (Takes::Text, "login_name") => "'{local}'",
        (Takes::Text, _) => "'other'",
        (Takes::Host, _) => "'other.{domain}'",
        (Takes::HostName, _) => "'web.firma.test'",
        (Takes::Url, _) => "'https://other.firma.test/path'",
        (Takes::Address, _) => "'{local}@other.test'",
        (Takes::Domains, _) => "['*.firma.test']",
        (Takes::ListName, _) => "'{domain}.logins'",
        (Takes::Logo, _) => "'https://firma.test/logo.svg'",
        (Takes::Color, _) => "'#a04000'",
    }
}

/// A key that nothing reads, or that `explain` forgets, fails here.
#[test]
fn every_key_changes_an_answer_and_is_explained() {
    let folder = std::env::temp_dir().join(format!("autodiscover-keys-{}", std::process::id()));
    fs::create_dir_all(folder.join("domains")).unwrap();
    fs::write(folder.join("domains/firma.test.logins"), "ada web1p1\n").unwrap();
    let output = |arguments: &[&str], text: &str| {
        fs::write(folder.join("autodiscover.toml"), text).unwrap();
        let program = Command::new(env!("CARGO_BIN_EXE_autodiscover"))
            .args(arguments)
            .env_clear()
            .env("AUTODISCOVER_CONFIG", folder.join("autodiscover.toml"))
            .output()
            .unwrap();
        String::from_utf8(program.stdout).unwrap() + &String::from_utf8(program.stderr).unwrap()
    };
    let answers = |text: &str| {
        let shown = output(&["show", "ada+x@firma.test"], text);
        shown + &output(&["show", "ada@firma.test"], text) + &output(&["dns", "firma.test"], text)
    };
    for key in KEYS {
        for table in key.tables {
            // What has a required key, and what a key needs beside it.
            let moved = *table == "redirect";
            let required = |name: &&Key| name.default == "required" && name.name != key.name;
            let by_token =
                if *table == "oauth2" { "authentication = ['oauth2', 'password']\n" } else { "" };
            let base = format!("domains = ['firma.test']\n{by_token}");
            let top = if table.is_empty() {
                format!("{} = {}\n", key.name, example(key, table))
            } else {
                String::new()
            };
            let mut tables = String::new();
            for (name, _) in TABLES.iter().filter(|(name, _)| *name != "redirect" || moved) {
                tables += &format!("[{name}]\n");
                for other in KEYS
                    .iter()
                    .filter(|other| other.tables.contains(name))
                    .filter(|other| other.default == "required")
                {
                    if *name != *table || required(&other) {
                        let value = if other.takes == Takes::Host {
                            format!("'{name}.{{domain}}'")
                        } else if other.takes == Takes::Plain {
                            "'mail'".to_owned()
                        } else {
                            "'https://firma.test/x'".to_owned()
                        };
                        tables += &format!("{} = {value}\n", other.name);
                    }
                }
                if moved && *name == "redirect" && key.name == "enabled" {
                    tables += "address = '{local}@other.test'\n";
                }
                if *name == *table {
                    tables += "#HERE\n";
                }
            }
            let line = format!("{} = {}\n", key.name, example(key, table));
            let with = match (key.name, table.is_empty()) {
                ("domains", _) => continue,
                (_, true) => format!("{top}{base}{tables}"),
                _ => format!("{base}{}", tables.replace("#HERE\n", &line)),
            };
            let without = match key.default {
                // In its place another value.
                "required" => {
                    with.replace(&line, &line.replace("other", "mine").replace("words", "word"))
                }
                _ => format!("{base}{tables}"),
            };
            let name = if table.is_empty() {
                key.name.to_owned()
            } else {
                format!("{table}.{}", key.name)
            };
            assert!(answers(&with) != answers(&without), "{name} changes nothing");
            let explained = output(&["explain", "ada@firma.test"], &with);
            let number = with[..with.find(&line).unwrap()].lines().count() + 1;
            let origin = match key.takes {
                Takes::ListName => "firma.test.logins:1".to_owned(),
                _ => format!("autodiscover.toml:{number}"),
            };
            let is_explained = explained.lines().any(|row| {
                row.ends_with(&origin) && (row.contains(key.name) || key.takes == Takes::ListName)
            });
            assert!(is_explained, "{name} is not explained:\n{with}");
        }
    }
    let _ = fs::remove_dir_all(folder);
}

/// A page of section 5: what stands in a file, key by key.
fn manual() -> String {
    let mut page = String::from(
        ".TH AUTODISCOVER.TOML 5 \"\" \"autodiscover\" \"File Formats\"\n\
         .SH NAME\nautodiscover.toml \\- what autodiscover(1) tells mail clients\n\
         .SH DESCRIPTION\n\
         The file is written in TOML and encoded in UTF\\-8. It speaks for every domain; \
         a file domains/NAME.toml beside it speaks for one and holds only what differs. \
         NAME is the domain in lower case, as DNS has it: xn\\-\\-tda.example for \
         \u{fc}.example. That such a file exists means that the domain is served.\n.PP\n\
         In text, {email} stands for the address as the user typed it, {local} for the part before \
         the @, {domain} for the part after it.\n.PP\n\
         A configuration file has at most 1 MiB, a list of login names 8 MiB.\n",
    );
    for (table, what) in [("", "What stands above the first table.")].iter().chain(TABLES) {
        let title =
            if table.is_empty() { "KEYS OF THE TOP".to_owned() } else { format!("[{table}]") };
        let _ = write!(page, ".SH \"{title}\"\n{}\n", escaped(what));
        for key in KEYS.iter().filter(|key| key.tables.contains(table)) {
            let _ = write!(
                page,
                ".TP\n\\fB{}\\fR = \\fI{}\\fR\n{} {}\n",
                escaped(key.name),
                escaped(key.takes.words()),
                escaped(key.meaning),
                escaped(&default(key)),
            );
        }
    }
    page += ".SH FILES\n.TP\n/etc/autodiscover/autodiscover.toml\n\
        Read where neither AUTODISCOVER_CONFIG names a file nor one lies beside the executable.\n\
        .TP\n/etc/autodiscover/domains/NAME.toml, NAME.logins\n\
        The files of one domain, and its list of login names. A request opens only those of its \
        own domain, so their number costs nothing.\n.PP\n\
        The list \\fBdomains\\fR is read whole for every request. With thousands of domains, give \
        each a file instead, which may be empty.\n\
        .SH \"SEE ALSO\"\n\\fBautodiscover\\fR(1)\n";
    page
}

fn default(key: &Key) -> String {
    let only = match key.scope {
        Some(Scope::Common) => " In autodiscover.toml only.",
        Some(Scope::Domain) => " In the file of a domain only.",
        None => "",
    };
    match key.default {
        "required" => format!("Required.{only}"),
        default => format!("Default: {default}.{only}"),
    }
}

/// A hyphen is a minus sign, and a backslash no escape.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

/// JSON Schema, draft 7, which editors of TOML read.
fn schema() -> Value {
    let mut properties = keys_of("");
    for (name, what) in TABLES {
        let table = json!({
            "type": "object",
            "description": what,
            "additionalProperties": false,
            "properties": keys_of(name),
        });
        properties.insert(name.to_string(), table);
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "autodiscover.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn keys_of(table: &str) -> Map<String, Value> {
    let keys = KEYS.iter().filter(|key| key.tables.contains(&table));
    keys.map(|key| (key.name.to_owned(), property(key))).collect()
}

fn property(key: &Key) -> Value {
    let mut property = json!({ "description": format!("{} {}", key.meaning, default(key)) });
    if let [name] = key.takes.type_names() {
        property["type"] = json!(name);
    }
    match key.takes {
        Takes::Port => (property["minimum"], property["maximum"]) = (1.into(), 65535.into()),
        Takes::Days => (property["minimum"], property["maximum"]) = (1.into(), 65535.into()),
        Takes::Hours => (property["minimum"], property["maximum"]) = (0.into(), u32::MAX.into()),
        Takes::Encryption => property["enum"] = json!(["ssl", "starttls", "none"]),
        Takes::Incoming => property["enum"] = json!(["imap", "pop3"]),
        Takes::Authentications => {
            let ways = json!({ "enum": ["oauth2", "password", "encrypted-password", "kerberos", "client-certificate"] });
            let list =
                json!({ "type": "array", "items": ways, "minItems": 1, "uniqueItems": true });
            property["anyOf"] = json!([ways, list]);
        }
        Takes::Domains => property["items"] = json!({ "type": "string", "minLength": 1 }),
        Takes::ListName => property["pattern"] = json!("^[^/]+\\.logins$"),
        Takes::Logo => {
            property["pattern"] = json!("^https://|^[^/]+\\.([Pp][Nn][Gg]|[Ss][Vv][Gg])$")
        }
        Takes::Color => property["pattern"] = json!("^#[0-9A-Fa-f]{6}$"),
        Takes::Url => property["pattern"] = json!("^[Hh][Tt][Tt][Pp][Ss]?://"),
        Takes::Switch => {}
        Takes::Separator => (property["minLength"], property["maxLength"]) = (1.into(), 1.into()),
        Takes::Text | Takes::Plain | Takes::Host | Takes::HostName | Takes::Address => {
            property["minLength"] = 1.into()
        }
    }
    property
}
