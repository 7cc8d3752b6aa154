//! Leads the compiler's calls at every edge to our counter, since libFuzzer has a function of that name that does nothing.

fn main() {
    println!("cargo:rustc-link-arg-bins=-Wl,--wrap=__sanitizer_cov_trace_pc");
    println!(
        "cargo:rustc-link-arg-bins=-Wl,--defsym=__wrap___sanitizer_cov_trace_pc=__sanitizer_step"
    );
}
