//! What the README shows is what the program does.

use std::fs;
use std::path::Path;
use std::process::Command;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn autodiscover() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autodiscover"));
    command.env_clear();
    command
}

#[test]
fn every_configuration_is_valid() {
    let configurations = blocks("toml");
    assert!(!configurations.is_empty());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(&folder).unwrap();
    for (number, text) in configurations.iter().enumerate() {
        let file = folder.join(format!("{number}.toml"));
        fs::write(&file, text).unwrap();
        let output = autodiscover().arg("check").arg("--config").arg(&file).output().unwrap();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_help_is_what_the_program_prints() {
    let output = autodiscover().output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.split("\n\n").next().unwrap();
    assert!(readme().contains(commands), "the README should have:\n{commands}");
}

#[test]
fn every_case_that_it_names_is_there() {
    let readme = readme();
    let (_, security) = readme.split_once("## Security\n").unwrap();
    let security = security.split("\n##").next().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cases = 0;
    for name in security.split('`').skip(1).step_by(2) {
        if name.contains('/') {
            assert!(root.join(name).exists(), "the README names {name}");
        } else if name.contains('-') && !name.contains(' ') {
            assert!(root.join("tests/cases").join(name).is_dir(), "the README names {name}");
            cases += 1;
        }
    }
    assert!(cases > 10, "the README names {cases} cases");
}
