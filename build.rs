//! Gives the program its long version: that of the package, and the commit where the source is a git checkout.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    // Naming one file keeps Cargo from running this again for every other that changes.
    println!("cargo::rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let long = match commit() {
        Some(commit) => format!("{version} ({commit})"),
        None => version,
    };
    println!("cargo::rustc-env=AUTODISCOVER_LONG_VERSION={long}");
}

/// The commit that is checked out, abbreviated; None in an unpacked archive, or without git.
fn commit() -> Option<String> {
    // An archive may be unpacked somewhere inside another project's checkout, whose commit is not ours.
    if !git(&["rev-parse", "--show-prefix"])?.is_empty() {
        return None;
    }
    // HEAD changes when another branch is checked out, its log and the branch's file with every commit.
    // In a linked work tree they lie in different folders, so git is asked where.
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "logs/HEAD"].into_iter().chain(branch.as_deref()) {
        if let Some(path) = git(&["rev-parse", "--git-path", name])
            // Cargo takes a file that is not there for one that has just changed.
            && Path::new(&path).exists()
        {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--short", "HEAD"]).filter(|commit| !commit.is_empty())
}

/// What git prints, without the line's end; None when it fails or is not there.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        // A build started by a hook of another repository inherits these.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}
