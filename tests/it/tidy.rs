//! The invariants that a reader could not discover from one file alone.

use std::fs;
use std::path::{Path, PathBuf};

/// Who may name whom: data goes one way, and what stands further down knows nothing of what stands above.
const ARROWS: &[(&str, &[&str])] = &[
    ("address", &[]),
    ("url", &["address"]),
    ("refusal", &[]),
    ("http", &["refusal"]),
    ("color", &[]),
    ("logo", &[]),
    ("audience", &["address", "url"]),
    ("account", &["address", "audience", "color", "url"]),
    ("request", &["address", "audience", "http", "refusal"]),
    ("protocol", &["account", "address", "audience", "color", "http", "refusal", "request", "url"]),
    ("config", &["account", "address", "audience", "color", "config", "logo", "url"]),
    ("cgi", &["config", "http", "refusal", "reply"]),
];

/// Who may touch the outside world; everybody else takes values.
const RIM: &[&str] = &["main.rs", "cgi.rs", "cli.rs", "cli/", "config/load.rs", "config/logins.rs"];

/// What the outside world is called.
const WORLD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "rustix::",
    "stdin()",
    "stdout()",
    "SystemTime::now()",
    "Instant::now()",
];

struct Source {
    /// Relative to `src/`.
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let (inner, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
        folders.extend(inner);
        for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "rs")) {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            found.push(Source { name, text: fs::read_to_string(path).unwrap() });
        }
    }
    assert!(found.len() > 10, "only {} files in src/", found.len());
    found
}

/// The code without its tests, which may reach for anything.
fn code(source: &Source) -> &str {
    source.text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

#[test]
fn data_goes_one_way() {
    for source in sources() {
        let module = source.name.trim_end_matches(".rs").split('/').next().unwrap();
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for (at, _) in code(&source).match_indices("crate::") {
            let named: String = source.text[at + "crate::".len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            assert!(allowed.contains(&&*named), "src/{} names crate::{named}", source.name);
        }
    }
}

/// The first page of the source: a line a module.
#[test]
fn every_module_has_its_line_in_lib_rs() {
    let sources = sources();
    let lib = sources.iter().find(|source| source.name == "lib.rs").unwrap();
    let lines = lib.text.lines().filter_map(|line| line.strip_prefix("//! - `"));
    let mut listed: Vec<&str> = lines.map(|line| line.split_once("`: ").unwrap().0).collect();
    let modules = sources.iter().filter_map(|source| source.name.strip_suffix(".rs"));
    let mut modules: Vec<&str> = modules.filter(|name| !name.contains('/')).collect();
    modules.retain(|name| !["lib", "main"].contains(name));
    listed.sort_unstable();
    modules.sort_unstable();
    assert_eq!(listed, modules);
}

#[test]
fn only_the_rim_touches_the_world() {
    for source in sources() {
        if RIM.iter().any(|rim| source.name.starts_with(rim)) {
            continue;
        }
        for word in WORLD {
            assert!(!code(&source).contains(word), "src/{} uses {word}", source.name);
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "src/{} has no first sentence", source.name);
    }
}

#[test]
fn the_only_unsafe_thing_is_the_start() {
    for source in sources().iter().filter(|source| source.name != "main.rs") {
        let code = source.text.replace("#![forbid(unsafe_code)]", "");
        assert!(!code.contains("unsafe"), "src/{} says unsafe", source.name);
    }
}

/// With pipefail, a writer that a satisfied `grep -q` leaves behind makes the pipe fail at random.
#[test]
fn no_script_pipes_into_a_quiet_grep() {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
    let mut scripts = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap();
            if path.is_dir() && name != "target" && name != ".git" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sh") {
                scripts += 1;
                let text = fs::read_to_string(&path).unwrap();
                // One line for each pipe.
                let text = text.replace("||", "\n").replace("|\n", "|").replace("\\\n", "");
                let quiet = text.lines().find(|line| line.split('|').skip(1).any(greps_quietly));
                assert_eq!(quiet, None, "{}", path.display());
            }
        }
    }
    assert!(scripts > 5, "only {scripts} scripts");
}

/// Whether a command is grep with `-q` among its options, alone or with others.
fn greps_quietly(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let ["grep", options @ ..] = words.as_slice() else {
        return false;
    };
    options
        .iter()
        .take_while(|word| word.starts_with('-'))
        .any(|option| *option == "--quiet" || (!option.starts_with("--") && option.contains('q')))
}
