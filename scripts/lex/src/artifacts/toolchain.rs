//! The compiler for MVP Wasm: rustup's when it has the target, Debian's with a standard library built along when not.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Context, Result};
use suite::localnet::bin_dir;

const TARGET: &str = "wasm32-unknown-unknown";

/// wasmvm 3 refuses bulk memory, which compilers use by default; hence the oldest instruction set.
const FLAGS: &str = "-C target-cpu=mvp -C link-arg=-s -C link-arg=--allow-undefined";

/// What wasm-opt may use: the chain takes no more than this. Functions with one caller are inlined only when small: without that bound whole contracts collapse
/// into one function, with more locals than the chain takes.
const OPT_FLAGS: [&str; 5] = [
    "-Os",
    "--one-caller-inline-max-function-size=200",
    "--mvp-features",
    "--enable-mutable-globals",
    "--enable-sign-ext",
];

/// How to build.
pub struct Toolchain {
    cargo: PathBuf,
    rustc: PathBuf,
    lld: PathBuf,
    sysroot: PathBuf,
    wasm_opt: PathBuf,
    check: PathBuf,
    /// Versions of everything that shapes the bytes.
    pub version: String,
}

impl Toolchain {
    /// Finds compiler, linker, optimiser and checker.
    ///
    /// # Errors
    /// Saying what to install.
    pub fn find() -> Result<Self> {
        let bin = bin_dir();
        let rustup = PathBuf::from(text(Command::new("rustup").args(["which", "rustc"]))?);
        let rustup_sysroot = sysroot(&rustup)?;
        let (rustc, cargo) = if rustup_sysroot.join("lib/rustlib").join(TARGET).exists() {
            (rustup.clone(), rustup.with_file_name("cargo"))
        } else {
            debian()?
        };
        let wasm_opt = existing(bin.join("wasm-opt"))?;
        let version = format!(
            "{}, {}",
            text(Command::new(&rustc).arg("--version"))?,
            text(Command::new(&wasm_opt).arg("--version"))?
        );
        Ok(Self {
            sysroot: sysroot(&rustc)?,
            cargo,
            rustc,
            lld: lld(&rustup_sysroot)?,
            check: existing(bin.join("cosmwasm-check"))?,
            wasm_opt,
            version,
        })
    }

    /// Compiles one package of the workspace at `root`. Built alone, so that features asked for by others cannot
    /// change its bytes.
    ///
    /// # Errors
    /// With the compiler's words.
    pub fn compile(&self, root: &Path, target_dir: &Path, package: &str) -> Result<PathBuf> {
        let mut command = Command::new(&self.cargo);
        command
            .current_dir(root)
            .args(["build", "--release", "--lib", "--locked", "--target", TARGET]);
        command.args(["-p", package]).arg("--target-dir").arg(target_dir);
        if self.builds_std() {
            // Debian ships the library as source; building it needs an unstable option of a stable compiler.
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .env("RUSTC_BOOTSTRAP", "1");
        }
        command
            .env("RUSTC", &self.rustc)
            .env("CARGO_ENCODED_RUSTFLAGS", self.flags(root)?);
        command
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", &self.lld)
            .env_remove("RUSTUP_TOOLCHAIN");
        run(&mut command).with_context(|| format!("{package} does not build for {TARGET}"))?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        Ok(target_dir.join(TARGET).join("release").join(file))
    }

    /// Shrinks a module.
    ///
    /// # Errors
    /// With wasm-opt's words.
    pub fn optimise(&self, from: &Path, to: &Path) -> Result<()> {
        run(Command::new(&self.wasm_opt).args(OPT_FLAGS).arg("-o").arg(to).arg(from))
    }

    /// Asks `cosmwasm-check` whether a chain would take the module.
    ///
    /// # Errors
    /// With its words.
    pub fn check(&self, wasm: &Path) -> Result<()> {
        run(Command::new(&self.check).arg(wasm))
    }

    /// Everything besides sources that shapes the bytes, for the hash of the inputs.
    pub fn fingerprint(&self) -> String {
        format!("{} {FLAGS} {OPT_FLAGS:?}", self.version)
    }

    fn builds_std(&self) -> bool {
        !self.sysroot.join("lib/rustlib").join(TARGET).exists()
    }

    /// Compiler flags; no path of this machine reaches the module, so two directories give the same bytes.
    fn flags(&self, root: &Path) -> Result<String> {
        let source = self.sysroot.join("lib/rustlib/src/rust");
        // The compiler names a file by the path behind the link in some places and before it in others.
        let real = source.canonicalize().unwrap_or_else(|_| source.clone());
        let remaps = [
            (root, "/suite"),
            (&*cargo_home()?, "/cargo"),
            (&source, "/rust"),
            (&real, "/rust"),
        ];
        let remaps = remaps.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        let flags = FLAGS.split(' ').map(str::to_owned).chain(remaps);
        Ok(flags.collect::<Vec<_>>().join("\x1f"))
    }
}

fn debian() -> Result<(PathBuf, PathBuf)> {
    let (rustc, cargo) = (PathBuf::from("/usr/bin/rustc"), PathBuf::from("/usr/bin/cargo"));
    if !rustc.exists() || !cargo.exists() {
        bail!("no compiler for {TARGET}; run `scripts/setup`");
    }
    Ok((rustc, cargo))
}

fn cargo_home() -> Result<PathBuf> {
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".cargo"));
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .context("neither CARGO_HOME nor HOME is set")
}

fn sysroot(rustc: &Path) -> Result<PathBuf> {
    Ok(text(Command::new(rustc).args(["--print", "sysroot"]))?.into())
}

/// The linker that comes with every rustup toolchain.
fn lld(sysroot: &Path) -> Result<PathBuf> {
    let hosts = std::fs::read_dir(sysroot.join("lib/rustlib"))?;
    let mut candidates = hosts.filter_map(|h| Some(h.ok()?.path().join("bin/rust-lld")));
    candidates
        .find(|c| c.exists())
        .with_context(|| format!("no rust-lld under {}", sysroot.display()))
}

fn existing(path: PathBuf) -> Result<PathBuf> {
    if !path.exists() {
        bail!("{} is not there; run `scripts/setup`", path.display());
    }
    Ok(path)
}

fn text(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
    if !output.status.success() {
        bail!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
