//! Writes the completions for Bash, Zsh and fish into a directory: `cargo run --locked --example completions DIRECTORY`.

use std::path::Path;
use std::{env, fs, io};

use clap_complete::Shell;

fn main() -> io::Result<()> {
    let directory = env::args_os().nth(1).ok_or_else(|| io::Error::other("name a directory"))?;
    write(Path::new(&directory))
}

/// Writes `autodiscover.bash`, `_autodiscover` and `autodiscover.fish`, and makes the directory where it is missing.
pub fn write(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        let mut command = autodiscover::cli::command();
        clap_complete::generate_to(shell, &mut command, "autodiscover", directory)?;
    }
    Ok(())
}
