//! What README.md and SECURITY.md show is what the program does and what lies here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::configuration::Folder;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The pages that speak to everybody, from the top of the repository.
const PAGES: &[&str] = &[
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "tests/README.md",
    "tests/bench/README.md",
    "packaging/recipes.md",
    "packaging/cluster.md",
    "packaging/README.md",
    "packaging/systems.md",
    "packaging/rhel.md",
    "packaging/panels.md",
    "packaging/front.md",
    "packaging/image.md",
    "packaging/export.md",
];

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(name)).unwrap()
}

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = page("README.md");
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn autodiscover() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autodiscover"));
    command.env_clear();
    command
}

/// What stands between backquotes.
fn quoted(page: &str) -> Vec<String> {
    // The fences of blocks have three of them.
    page.replace("```", "").split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_configuration_is_valid() {
    let configurations = blocks("toml");
    assert!(!configurations.is_empty());
    for text in &configurations {
        // Where every user can read it, wherever the checkout lies.
        let folder = Folder::new(text);
        let file = folder.path("autodiscover.toml");
        let output = autodiscover().arg("check").arg("--config").arg(&file).output().unwrap();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(lines <= 160, "{lines} lines");
}

/// Those of the program's help and no others; the readme says of each what it is for.
#[test]
fn the_commands_are_those_of_the_program() {
    let help = String::from_utf8(autodiscover().output().unwrap().stdout).unwrap();
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.split("\n\n").next().unwrap().lines();
    let commands: BTreeSet<String> =
        commands.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    let readme = page("README.md");
    let named: BTreeSet<String> = quoted(&readme)
        .iter()
        .chain(&blocks("sh"))
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("autodiscover "))
        .map(|rest| rest.split_whitespace().next().unwrap().to_owned())
        .collect();
    let unknown: Vec<&String> = named.iter().filter(|name| !commands.contains(*name)).collect();
    assert!(unknown.is_empty(), "the program has no {unknown:?}");
    for command in commands.iter().filter(|name| *name != "help") {
        let said = named.contains(command) || quoted(&readme).contains(command);
        assert!(said, "the readme does not say what {command} is for");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut links = 0;
    for name in PAGES {
        let text = page(name);
        let folder = Path::new(ROOT).join(name).parent().unwrap().to_owned();
        for (before, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at)) {
            let target = rest[2..].split(')').next().unwrap();
            let is_image = before.rsplit('\n').next().unwrap().starts_with("![");
            if target.contains("://") || target.starts_with("../../releases") || is_image {
                continue;
            }
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            assert!(path.is_empty() || folder.join(path).exists(), "{name} leads to {target}");
            let there = match path {
                "" => text.clone(),
                path if heading.is_empty() => path.to_owned(),
                path => fs::read_to_string(folder.join(path)).unwrap(),
            };
            let headings = there.lines().filter_map(|line| line.strip_prefix('#'));
            let slug =
                |line: &str| line.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-");
            assert!(
                heading.is_empty() || headings.map(slug).any(|slug| slug == heading),
                "{target}"
            );
            links += 1;
        }
    }
    assert!(links > 5, "the pages have {links} links");
}

#[test]
fn every_file_that_is_named_is_there() {
    let folders = ["src/", "tests/", "packaging/", "apache/", "cgi-bin/"];
    let mut files = 0;
    for name in PAGES {
        for text in quoted(&page(name)) {
            let path = text.split_whitespace().next().unwrap_or_default();
            // Names in capitals stand for others, and the executable is made.
            let is_file = folders.iter().any(|folder| path.starts_with(folder))
                && !path.contains(['*', '[', '$'])
                && !path.contains("NAME")
                && !path.ends_with("autodiscover.cgi");
            if is_file {
                assert!(Path::new(ROOT).join(path).exists(), "{name} names {path}");
                files += 1;
            }
        }
    }
    assert!(files > 40, "the pages name {files} files");
}

/// Whether there is a case of that name, or a request of one.
fn has_case(name: &str) -> bool {
    let cases = Path::new(ROOT).join("tests/cases");
    let request = format!("requests/{name}.xml");
    let mut folders = fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path());
    cases.join(name).is_dir() || folders.any(|folder| folder.join(&request).is_file())
}

/// Each threat has a case or a suite that shows what becomes of it.
#[test]
fn every_threat_has_its_case() {
    let security = page("SECURITY.md");
    let (_, threats) = security.split_once("## Threats\n").unwrap();
    let threats = threats.split("\n## ").next().unwrap();
    let numbered: Vec<&str> =
        threats.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(numbered.len() > 10, "{} threats", numbered.len());
    for threat in numbered {
        let shown = quoted(threat)
            .iter()
            .filter(|name| {
                let is_case = name.contains('-') && !name.contains(['/', ' ']);
                assert!(!is_case || has_case(name), "SECURITY.md names {name}");
                is_case || name.starts_with("tests/")
            })
            .count();
        assert!(shown > 0, "nothing shows: {threat}");
    }
}
