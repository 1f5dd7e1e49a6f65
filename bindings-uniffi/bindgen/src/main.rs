//! `generate LIBRARY ROOT [--check]`: writes the Kotlin and Swift sources of that library into the
//! packages below ROOT, or says which of them are not what it would write.

mod finish;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use uniffi::{GenerateOptions, SwiftBindingsOptions, TargetLanguage};

/// What the generator calls its file, where it goes, and what finishes it.
type Source = (
    &'static str,
    &'static str,
    fn(String) -> Result<String, String>,
);

const SOURCES: [Source; 3] = [
    (
        "partnercenter/partner_center_uniffi.kt",
        "kotlin/src/main/kotlin/partnercenter/Generated.kt",
        finish::kotlin,
    ),
    (
        "PartnerCenter.swift",
        "swift/Sources/PartnerCenter/Generated.swift",
        finish::swift,
    ),
    (
        "PartnerCenterFFI.h",
        "swift/Sources/PartnerCenterFFI/PartnerCenterFFI.h",
        Ok,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (library, root, check) = match arguments.as_slice() {
        [library, root] => (library, root, false),
        [library, root, flag] if flag == "--check" => (library, root, true),
        _ => {
            eprintln!("usage: generate LIBRARY ROOT [--check]");
            return ExitCode::from(2);
        }
    };
    match generate(Path::new(library), Path::new(root), check) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("generate: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every source is as it should be.
fn generate(library: &Path, root: &Path, check: bool) -> Result<bool, Box<dyn Error>> {
    let out = scratch(library)?;
    uniffi::generate(GenerateOptions {
        languages: vec![TargetLanguage::Kotlin],
        source: library.to_path_buf().try_into()?,
        out_dir: out.clone().try_into()?,
        ..GenerateOptions::default()
    })?;
    uniffi::generate_swift_bindings(SwiftBindingsOptions {
        generate_swift_sources: true,
        generate_headers: true,
        source: library.to_path_buf().try_into()?,
        out_dir: out.clone().try_into()?,
        ..SwiftBindingsOptions::default()
    })?;
    let mut good = true;
    for (from, to, finish) in SOURCES {
        let text =
            fs::read_to_string(out.join(from)).map_err(|error| format!("{from}: {error}"))?;
        let text = finish(text).map_err(|problem| format!("{from}: {problem}"))?;
        let path = root.join(to);
        if check {
            let same = fs::read_to_string(&path).is_ok_and(|there| there == text);
            if !same {
                eprintln!("{} is not what `make generate` writes", path.display());
            }
            good &= same;
        } else {
            fs::create_dir_all(path.parent().unwrap_or(root))?;
            fs::write(path, text)?;
        }
    }
    Ok(good)
}

/// A folder beside the library.
fn scratch(library: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let out = library.with_extension("generated");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    Ok(out)
}
