//! The command line: `--name=value` only.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

pub struct Options {
    pub tls: bool,
    pub certificate: String,
    pub key: String,
    pub ca: String,
    pub loops: usize,
}

impl Options {
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Self, Error> {
        let mut options = Options {
            tls: false,
            certificate: String::new(),
            key: String::new(),
            ca: String::new(),
            loops: 1,
        };
        for word in words {
            match word.split_once('=') {
                Some(("--tls", value)) => options.tls = value != "off",
                Some(("--certificate", value)) => options.certificate = value.into(),
                Some(("--key", value)) => options.key = value.into(),
                Some(("--ca", value)) => options.ca = value.into(),
                Some(("--loops", value)) => options.loops = value.parse()?,
                _ => return Err(format!("{word}: no such option").into()),
            }
        }
        Ok(options)
    }
}
