//! Tells the crate which platform it is built for, so that `samples` asks cargo about that platform's packages only.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!(
        "cargo::rustc-env=TARGET={}",
        std::env::var("TARGET").expect("cargo sets TARGET")
    );
}
