//! What the fuzz targets call: the whole way from CGI variables to the printed answer, and the readers by themselves.

use std::io::{self, Read};
use std::path::Path;

use crate::address::Address;
use crate::cgi;
use crate::config::Layers;
use crate::config::Place;
use crate::config::file::{File, Scope, line_and_column};
use crate::config::load::Fault;
use crate::config::logins;
use crate::config::template::Values;
use crate::protocol::pox;

/// The answer as the web server reads it, and our own fault if there is one.
///
/// `main` and `own` are the texts of the two configuration files; every domain has the second.
pub fn answer(
    variable: impl Fn(&str) -> Option<String>,
    body: Vec<u8>,
    main: &str,
    own: Option<&str>,
) -> (Vec<u8>, Option<String>) {
    let method = variable("REQUEST_METHOD").unwrap_or_else(|| "POST".to_owned());
    let head = method == "HEAD";
    let body = if method == "POST" { body } else { Vec::new() };
    let received = cgi::described(variable, method, Ok(body));
    let place = Place::Text { main: main.to_owned(), own: own.map(str::to_owned) };
    let (reply, problem) = crate::reply(&received, &place);
    (cgi::bytes(&reply, head), problem.map(|problem| problem.to_string()))
}

/// Whether the bytes are a request body.
pub fn is_request(body: &[u8]) -> bool {
    pox::is_request(body)
}

/// Everything that the log would say of the two files: when they are read, and when they are merged.
///
/// # Panics
/// When a message has no place in its file.
pub fn faults(main: &str, own: Option<&str>) -> Vec<String> {
    let layers = layers(main, own);
    let mut faults = Vec::new();
    for file in [&layers.main].into_iter().chain(&layers.own) {
        for flaw in &file.flaws {
            in_text(file, flaw.at);
            faults.push(Fault::from(flaw.in_file(file)).to_string());
        }
    }
    for text in ["ada@example.org", "\"a<&>'b\"@xn--tda.example"] {
        let Some(address) = Address::new(text) else { continue };
        for values in [Values::of(&address), Values::autoconfig(address.domain())] {
            let (_, problems) = layers.account(address.domain(), &values);
            for problem in problems {
                if let Some(file) = problem.file {
                    in_text(file, problem.at);
                }
                faults.push(Fault::from(problem).to_string());
            }
        }
    }
    faults
}

/// The login name that a list gives for a local part, read in pieces of that many bytes, or what the log would say.
pub fn login(list: &[u8], local: &str, piece: usize) -> Result<Option<String>, String> {
    let found = logins::login(Pieces { rest: list, most: piece.max(1) }, local);
    match found {
        Ok(login) => Ok(login.map(|login| login.name)),
        Err(trouble) => Err(trouble.in_list(Path::new("list")).to_string()),
    }
}

/// How much is wrong in a list.
pub fn flaws(list: &[u8]) -> usize {
    logins::judge(list).map_or(1, |(_, flaws)| flaws.len())
}

/// Hands out a text as a slow file would.
struct Pieces<'l> {
    rest: &'l [u8],
    most: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(buffer.len());
        self.rest.by_ref().take(most as u64).read(buffer)
    }
}

fn layers(main: &str, own: Option<&str>) -> Layers {
    let read = |scope, path: &str, text: &str| File::read(scope, path.to_owned(), text.to_owned());
    Layers {
        main: read(Scope::Common, "main", main),
        own: own.map(|own| read(Scope::Domain, "own", own)),
    }
}

fn in_text(file: &File, at: usize) {
    let (line, column) = line_and_column(&file.text, at);
    assert!(at <= file.text.len(), "offset {at} lies outside of the file");
    assert!(line <= file.text.split('\n').count(), "line {line} lies outside of the file");
    assert!(column <= file.text.chars().count() + 1, "column {column} lies outside of the file");
}
