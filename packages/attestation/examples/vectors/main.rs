//! Writes the golden vectors: `cargo run -p attestation --example vectors [DIRECTORY]`.

use std::path::PathBuf;

mod generate;

fn main() -> std::io::Result<()> {
    let directory = std::env::args_os().nth(1).map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors")),
        PathBuf::from,
    );
    std::fs::create_dir_all(&directory)?;
    for (name, content) in generate::files() {
        let path = directory.join(name);
        std::fs::write(&path, format!("{content:#}\n"))?;
        println!("{}", path.display());
    }
    Ok(())
}
