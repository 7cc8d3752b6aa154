//! The executable: a CGI program when a web server starts it, the administrator's tool otherwise.

use std::process::ExitCode;

fn main() -> ExitCode {
    if autodiscover::cgi::invoked() {
        autodiscover::cgi::run();
        return ExitCode::SUCCESS;
    }
    autodiscover::cli::run()
}
