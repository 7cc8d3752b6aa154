//! The executable: a CGI program when a web server starts it, the administrator's tool otherwise.

// The start of Rust's own `main` examines the stack through /proc and installs signal handlers. It doubles the
// system calls and adds a third to the instructions, and this program needs none of it. So C's start calls `main`
// directly. That takes an unmangled symbol and C's arguments: the only unsafe code in this crate.
#![no_main]
#![allow(unsafe_code)]

use std::ffi::{CStr, OsStr, OsString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use autodiscover::cgi::Variables;

// musl's own allocator maps and unmaps pages all the time, this one maps 64 KiB once: ten system calls and seven page
// faults less.
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[unsafe(no_mangle)]
extern "C" fn main(
    count: c_int,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) -> c_int {
    // Only glibc hands the arguments to `std::env::args` before `main`; musl does not.
    let mut arguments = (0..usize::try_from(count).unwrap_or(0)).map(|index| {
        // SAFETY: C's start passes `count` pointers to strings that stay as they are until the process ends.
        let argument = unsafe { CStr::from_ptr(*arguments.add(index)) };
        OsString::from(OsStr::from_bytes(argument.to_bytes()))
    });
    let variables = (0..).map_while(|index| {
        // SAFETY: C's start passes pointers to strings, and a null pointer after the last; nothing here changes them.
        let entry = unsafe { *environment.add(index) };
        (!entry.is_null()).then(|| unsafe { CStr::from_ptr(entry) }.to_bytes())
    });
    let variables: Variables = variables.collect();
    if variables.are_of_cgi() {
        autodiscover::cgi::run(&variables, || arguments.next());
        return 0;
    }
    c_int::from(autodiscover::cli::run(arguments) != ExitCode::SUCCESS)
}
