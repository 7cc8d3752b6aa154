//! Compares what `apache` prints with the files in `apache/`.

use std::fs;
use std::process::Command;

fn printed(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autodiscover"));
    let output = command.env_clear().arg("apache").args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}");
    assert_eq!(output.stderr, b"");
    String::from_utf8(output.stdout).unwrap()
}

fn shipped(name: &str) -> String {
    fs::read_to_string(format!("{}/apache/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn the_virtual_host_of_example_org() {
    assert_eq!(printed(&["example.org"]), shipped("autodiscover.conf"));
}

#[test]
fn the_htaccess() {
    assert_eq!(printed(&["--htaccess"]), shipped("htaccess"));
}

#[test]
fn other_domains_change_two_lines_only() {
    let (printed, shipped) =
        (printed(&["Ü.example", "example.net", "xn--tda.example"]), shipped("autodiscover.conf"));
    let kept: Vec<&str> = shipped.lines().filter(|line| !line.contains("example.org")).collect();
    let (new, old): (Vec<&str>, Vec<&str>) = printed.lines().partition(|line| !kept.contains(line));
    assert_eq!(old, kept);
    assert_eq!(
        new,
        [
            "    Define AUTODISCOVER_HOST autodiscover.xn--tda.example",
            "    Define AUTODISCOVER_ALIASES \"autoconfig.xn--tda.example ua-auto-config.xn--tda.example \\",
            "        autodiscover.example.net autoconfig.example.net ua-auto-config.example.net\"",
        ]
    );
}
