//! The relayer's program; see `relayer help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    relayer::cli::main()
}
