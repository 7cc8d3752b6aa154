//! Checks that the man page in `packaging/` is current, which `UPDATE=1` writes, and that the shell completions work.
//!
//! The page is what the commands say of themselves, and `packaging/sections.roff`.

use std::io::Write;
use std::path::Path;
use std::{env, fs, process};

use clap::Command;
use clap_mangen::Man;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging");

#[test]
fn the_man_page_is_current() {
    assert_current("autodiscover.1", man_page());
}

/// Makes the completions, as `packaging/deb.sh` does.
#[allow(dead_code)]
#[path = "../../packaging/completions.rs"]
mod completions;

/// A user who types a part and presses the key gets every command and option that begins like it.
#[test]
fn bash_completes_what_the_commands_say() {
    let folder = env::temp_dir().join(format!("autodiscover-completions-{}", process::id()));
    completions::write(&folder).unwrap();
    let completed = |words: &[&str]| {
        let script = "source \"$1\" && COMP_WORDS=(\"${@:2}\") COMP_CWORD=$(($# - 2)) && \
                      _autodiscover autodiscover \"${!#}\" \"${@: -2:1}\" && printf '%s\\n' \"${COMPREPLY[@]}\"";
        let mut bash = process::Command::new("bash");
        bash.args(["-c", script, "bash"]).arg(folder.join("autodiscover.bash")).args(words);
        let output = bash.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let command = autodiscover::cli::command();
    for command in command.get_subcommands() {
        let name = command.get_name();
        assert!(completed(&["autodiscover", name]).iter().any(|word| word == name), "{name}");
        let offered = completed(&["autodiscover", name, "--"]);
        for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
            assert!(offered.contains(&format!("--{option}")), "{name} --{option}");
        }
    }
    for file in ["_autodiscover", "autodiscover.fish"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        for command in command.get_subcommands() {
            assert!(text.contains(command.get_name()), "{file} has no {}", command.get_name());
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

pub fn assert_current(file: &str, text: Vec<u8>) {
    let path = Path::new(FOLDER).join(file);
    if env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::create_dir_all(FOLDER).unwrap();
        fs::write(path, text).unwrap();
        return;
    }
    let current = fs::read(&path).unwrap_or_default() == text;
    assert!(
        current,
        "packaging/{file} is not what the help says; UPDATE=1 cargo test --test it manual"
    );
}

/// One page for the program and all its commands.
fn man_page() -> Vec<u8> {
    let mut command = autodiscover::cli::command().disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_name_section(&mut page).unwrap();
    man.render_synopsis_section(&mut page).unwrap();
    man.render_description_section(&mut page).unwrap();
    man.render_options_section(&mut page).unwrap();
    writeln!(page, ".SH COMMANDS").unwrap();
    command.get_subcommands().for_each(|command| section(&mut page, command));
    page.extend(fs::read(Path::new(FOLDER).join("sections.roff")).unwrap());

    // Each part begins by defining an apostrophe; once is enough.
    let page = String::from_utf8(page).unwrap();
    let (definitions, lines): (Vec<&str>, Vec<&str>) =
        page.lines().partition(|line| line.starts_with(".ie ") || line.starts_with(".el "));
    // clap_mangen leaves an absent date out, and what follows would take its place.
    let version = command.get_version().unwrap();
    let title = format!(".TH AUTODISCOVER 1 \"\" \"autodiscover {version}\" \"User Commands\"");
    let page = [&definitions[..2], &[&title], &lines].concat();
    (page.join("\n") + "\n").into_bytes()
}

/// A command's part of the page: what clap_mangen says of it, under one heading.
fn section(page: &mut Vec<u8>, command: &Command) {
    let of_every_command = ["help", "config"];
    let own = command.clone().mut_args(|arg| {
        let hide = of_every_command.contains(&arg.get_id().as_str());
        arg.hide(hide)
    });
    let man = Man::new(own.clone());
    let mut text = Vec::new();
    man.render_synopsis_section(&mut text).unwrap();
    writeln!(text, ".PP").unwrap();
    man.render_description_section(&mut text).unwrap();
    if own.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut text).unwrap();
    }
    writeln!(page, ".SS {}", command.get_name()).unwrap();
    for line in String::from_utf8(text).unwrap().lines().filter(|line| !line.starts_with(".SH")) {
        writeln!(page, "{line}").unwrap();
    }
}
