//! What the fuzz targets call: the whole way from CGI variables to the printed answer, and the readers by themselves.

use std::io::{self, Read};
use std::path::Path;

use crate::address::Address;
use crate::audience::{Audience, User};
use crate::cgi;
use crate::config::file::File;
use crate::config::keys::Scope;
use crate::config::{Config, Layers, Place, Problem, logins, mistakes};
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
    let place = Place::Text { main: main.to_owned().into(), own: own.map(str::to_owned) };
    let (reply, problem) = crate::reply(&received, &Config::of(&place));
    (cgi::bytes(&reply, head), problem.map(|problem| problem.to_string()))
}

/// Whether the bytes are a request body.
pub fn is_request(body: &[u8]) -> bool {
    pox::is_request(body)
}

/// Everything that `check` would say of the two files: when they are read, and when they are merged.
///
/// # Panics
/// When a message has no place in its file, and when a request would not say one of them.
pub fn faults(main: &str, own: Option<&str>) -> Vec<String> {
    let (mut problems, mut wrong) = (Vec::new(), Vec::new());
    let mut file = |scope, name: &str, text: &str| {
        let judged = mistakes::all(scope, text);
        let file = File { path: name.to_owned(), text: text.to_owned(), settings: judged.settings };
        wrong.extend(judged.wrong.into_iter().flatten());
        let read = File::read(scope, name.to_owned(), text.to_owned());
        assert_eq!(read.is_ok(), judged.mistakes.is_empty(), "{read:?}");
        problems.extend(judged.mistakes.into_iter().map(|(at, what)| {
            assert!(at <= text.len(), "offset {at} lies outside of the file");
            in_text(file.problem(at, what), text)
        }));
        file
    };
    let main_text = main;
    let main = file(Scope::Common, "main", main);
    let own_text = own;
    let own = own.map(|own| file(Scope::Domain, "own", own));
    let layers = Layers { main: &main, own, wrong };
    for text in ["ada@example.org", "\"a<&>'b\"@xn--tda.example"] {
        let Some(address) = Address::new(text) else { continue };
        let domain = address.domain();
        for user in [User::Named(address.clone()), User::Hidden(None), User::Everyone] {
            let (_, merged) = layers.served(Audience::new(&user, domain));
            problems.extend(merged.into_iter().map(|problem| {
                let text = if problem.path == "main" { Some(main_text) } else { own_text };
                in_text(problem, text.unwrap_or_default())
            }));
        }
    }
    problems.iter().map(Problem::to_string).collect()
}

fn in_text(problem: Problem, text: &str) -> Problem {
    let Problem { line, column, .. } = problem;
    let found = text.split('\n').nth(line - 1);
    assert!(found.is_some_and(|line| column <= line.chars().count() + 1), "{problem:?}");
    problem
}

/// The login name that a list gives for a local part, read in pieces of that many bytes, or what the log would say.
pub fn login(list: &[u8], local: &str, piece: usize) -> Result<Option<String>, String> {
    let pieces = Pieces { rest: list, most: piece.max(1) };
    match logins::login(Path::new("list"), pieces, local) {
        Ok(login) => Ok(login.map(|login| login.name)),
        Err(problem) => Err(problem.to_string()),
    }
}

/// How much is wrong in a list.
pub fn flaws(list: &[u8]) -> usize {
    logins::judge(Path::new("list"), list, usize::MAX, |_, _| None).problems.len()
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
