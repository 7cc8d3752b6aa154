//! Runs every folder of `tests/cli/` against the executable, as `tests/README.md` says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cases::{RULER, TESTS, updating};

/// What a command leaves behind, in the files of a case: standard output, standard error, exit status.
const FILES: [&str; 3] = ["stdout", "stderr", "status"];

#[test]
fn every_command() {
    let folders = fs::read_dir(Path::new(TESTS).join("cli")).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "there are no cases in {TESTS}/cli");
    let wrong: Vec<_> = folders.iter().filter(|folder| !holds(folder)).collect();
    assert!(wrong.is_empty(), "{} of {} commands: {wrong:#?}", wrong.len(), folders.len());
}

fn holds(folder: &Path) -> bool {
    let about = fs::read_to_string(folder.join("about"))
        .unwrap_or_else(|error| panic!("{}/about: {error}", folder.display()));
    let printed = run(folder);
    if updating() {
        for (file, text) in FILES.iter().zip(&printed) {
            let path = folder.join(file);
            if text.is_empty() {
                let _ = fs::remove_file(path);
            } else {
                fs::write(path, text).unwrap();
            }
        }
    }
    let expected = FILES.map(|file| fs::read(folder.join(file)).unwrap_or_default());
    if expected != printed {
        println!("\n{}: {about}", folder.display());
        for (what, texts) in [("expected", &expected), ("actual", &printed)] {
            for (file, text) in FILES.iter().zip(texts) {
                println!("{RULER} {what} {file}\n{}", String::from_utf8_lossy(text));
            }
        }
        println!("{RULER}");
    }
    expected == printed
}

/// Runs the command of a case; its three results as they stand in the files, a status of 0 as nothing.
fn run(folder: &Path) -> [Vec<u8>; 3] {
    let own = folder.join("config");
    let config = if own.is_dir() { own } else { Path::new(TESTS).join("config") };
    let config = config.to_str().unwrap();
    let read = |file| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let args = read("args").replace("[CONFIG]", config);
    let env = read("env").replace("[CONFIG]", config);
    let output = Command::new(env!("CARGO_BIN_EXE_autodiscover"))
        .args(args.lines())
        .env_clear()
        .env("AUTODISCOVER_CONFIG", format!("{config}/autodiscover.toml"))
        .envs(env.lines().map(|line| line.split_once('=').expect("NAME=value")))
        .output()
        .unwrap();
    let masked = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => text.replace(config, "[CONFIG]").into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let status = match output.status.code() {
        Some(0) => String::new(),
        Some(code) => format!("{code}\n"),
        None => output.status.to_string(),
    };
    [masked(output.stdout), masked(output.stderr), status.into_bytes()]
}
