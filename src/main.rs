//! The executable: a CGI program when a web server starts it, the administrator's tool otherwise.

// The whole life of this program is its start. Rust's own start-up examines the stack through
// /proc, sets up signal handlers and so doubles the system calls and adds a third to the
// instructions; nothing here needs any of it. C's start-up calls `main` directly instead, which
// takes an unmangled symbol: the only unsafe thing in this crate.
#![no_main]
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::process::ExitCode;

#[unsafe(no_mangle)]
extern "C" fn main(_: c_int, _: *const *const c_char) -> c_int {
    if autodiscover::cgi::invoked() {
        autodiscover::cgi::run();
        return 0;
    }
    c_int::from(autodiscover::cli::run() != ExitCode::SUCCESS)
}
