//! The executable: a CGI program when a web server starts it, the administrator's tool otherwise.

// The start of Rust's own `main` examines the stack through /proc and installs signal handlers. It doubles the
// system calls and adds a third to the instructions, and this program needs none of it. So C's start calls `main`
// directly. That takes an unmangled symbol and C's arguments: unsafe code, as the allocator below is, and no other.
#![no_main]
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ffi::{CStr, OsStr, OsString, c_char, c_int};
use std::hint;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use autodiscover::cgi::Variables;
use dlmalloc::Dlmalloc;

#[global_allocator]
static ALLOCATOR: Allocator =
    Allocator { taken: AtomicBool::new(false), heap: UnsafeCell::new(Dlmalloc::new()) };

/// The allocator: musl's own maps and unmaps pages all the time, this one maps 64 KiB once, which saves ten system calls
/// and seven page faults.
///
/// Nobody waits for the lock in a program without threads. A mutex of musl's takes fifteen times the instructions, in
/// all a sixteenth of a request.
struct Allocator {
    taken: AtomicBool,
    heap: UnsafeCell<Dlmalloc>,
}

// SAFETY: `with` is the only way to the heap, and lets in one at a time.
unsafe impl Sync for Allocator {}

impl Allocator {
    fn with<T>(&self, use_heap: impl FnOnce(&mut Dlmalloc) -> T) -> T {
        while self.taken.swap(true, Ordering::Acquire) {
            hint::spin_loop();
        }
        // SAFETY: whoever took the lock is alone here until the store.
        let result = use_heap(unsafe { &mut *self.heap.get() });
        self.taken.store(false, Ordering::Release);
        result
    }
}

// SAFETY: each call goes to the function of the same meaning, with what its caller promises.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        granted(self.with(|heap| unsafe { heap.malloc(layout.size(), layout.align()) }))
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.with(|heap| unsafe { heap.free(pointer, layout.size(), layout.align()) });
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        granted(self.with(|heap| unsafe { heap.calloc(layout.size(), layout.align()) }))
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let (old, align) = (layout.size(), layout.align());
        granted(self.with(|heap| unsafe { heap.realloc(pointer, old, align, size) }))
    }
}

/// What the system gave, or the end with one line for the log, where Rust's own hook would write two.
fn granted(pointer: *mut u8) -> *mut u8 {
    if pointer.is_null() {
        let text = b"out of memory; raise the limit of the process, such as RLimitMEM of Apache\n";
        let _ = io::stderr().write_all(text);
        process::exit(1);
    }
    pointer
}

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
